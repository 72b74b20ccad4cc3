if (sessionStorage.getItem("parlour." + location.pathname.split("/")[2]))
  location.replace(location.pathname + "?resume=1" + location.hash);
document.querySelector(".again").onclick = (event) => {
  event.preventDefault();
  location.reload();
};
