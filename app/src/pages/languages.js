document.querySelector(".languages form").onsubmit = ({ target }) => {
  // The answer keeps the fragment of what was asked for, and a form's address has none of its own.
  target.action = "/language" + location.hash;
  const name = document.querySelector("[data-testid=name-input]");
  if (!name) return;
  localStorage.setItem("parlour.name", name.value);
  const off = document.querySelectorAll(".green [aria-pressed=false]");
  sessionStorage.setItem("parlour.off", [...off].map(({ dataset }) => dataset.testid));
};
