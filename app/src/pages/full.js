const room = location.pathname.split("/")[2];
if (sessionStorage.getItem("parlour." + room)) {
  // The page that comes instead is come to by a link, and would not know.
  if (performance.getEntriesByType("navigation")[0]?.type === "reload") sessionStorage.setItem("parlour.reload", room);
  location.replace(location.pathname + "?resume=1" + location.hash);
}
document.querySelector(".again").onclick = (event) => {
  event.preventDefault();
  location.reload();
};
