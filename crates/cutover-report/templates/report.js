"use strict";
// Without this script every row is shown; with it, rows of some verdicts can be left out.
for (const filter of document.querySelectorAll(".filter")) {
  const table = document.getElementById(filter.dataset.table);
  const told = document.getElementById(filter.dataset.told);
  const buttons = [...filter.querySelectorAll("button")];
  const rows = [...table.tBodies[0].rows];
  const show = () => {
    const pressed = buttons.filter((button) => button.getAttribute("aria-pressed") === "true");
    const wanted = new Set(pressed.map((button) => button.dataset.verdict));
    for (const row of rows) {
      row.hidden = wanted.size > 0 && !wanted.has(row.dataset.verdict);
    }
    const shown = rows.filter((row) => !row.hidden).length;
    told.textContent = `${shown} of ${rows.length} requirements are shown.`;
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const pressed = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!pressed));
      show();
    });
  }
  filter.hidden = false;
  show();
}
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
