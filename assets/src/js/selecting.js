// Rows of lists are selected by check boxes that belong to a plain form. The script counts them,
// selects the page's rows together, and a range with Shift.
let last = null;

function boxes(results) {
  return [...results.querySelectorAll("[data-select-row]")];
}

function show(results) {
  const all = boxes(results);
  const chosen = all.filter((box) => box.checked).length;
  results.toggleAttribute("data-selecting", chosen > 0);
  const page = results.querySelector("[data-select-page]");
  if (page) {
    page.checked = chosen > 0 && chosen === all.length;
    page.indeterminate = chosen > 0 && chosen < all.length;
  }
  const everything = results.querySelector("[data-select-all]");
  if (everything && chosen < all.length) everything.checked = false;
  const count = results.querySelector("[data-bulk-count]");
  const label = everything?.checked && everything.closest("label").textContent.trim();
  if (count) count.textContent = label || count.dataset.text.replace("{n}", chosen);
}

export function selecting() {
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-select-row]");
    if (!box) return;
    const all = boxes(box.closest(".listing-results"));
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
  });
  document.addEventListener("change", (event) => {
    const results = event.target.closest(".listing-results");
    if (!results) return;
    if (event.target.matches("[data-select-page], [data-select-all]")) {
      const wanted = event.target.checked || event.target.matches("[data-select-all]");
      for (const box of boxes(results)) box.checked = wanted;
    }
    if (event.target.matches("[data-select-row], [data-select-page], [data-select-all]")) show(results);
  });
  // A browser that goes back keeps what was selected.
  window.addEventListener("pageshow", () => document.querySelectorAll(".listing-results").forEach(show));
}
