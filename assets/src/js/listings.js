// Lists work as plain GET forms. With the script: rows open on a click anywhere,
// and what says nothing is kept out of the address.
function tidy(form, parameters) {
  for (const [name, value] of [...parameters.entries()]) {
    if (value === "") parameters.delete(name, value);
  }
  // What was chosen just now is being kept by another request: this one says it in full.
  if (form.dataset.chosen) return;
  const columns = [...form.querySelectorAll("[type=checkbox][name=col]")];
  if (columns.every((box) => box.checked === Boolean(box.dataset.default))) parameters.delete("col");
  const size = form.elements.namedItem("size");
  if (size && size.value === size.dataset.default) parameters.delete("size");
}

export function listings() {
  document.addEventListener(
    "change",
    (event) => {
      if (event.target.closest("[data-listing-choice]")) event.target.form.dataset.chosen = "true";
    },
    true,
  );
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches("[data-listing-form]")) tidy(event.target, event.detail.formData);
  });
  document.addEventListener("formdata", (event) => {
    if (event.target.matches("[data-listing-form]")) tidy(event.target, event.formData);
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (!row || event.target.closest("a, button, input, label, summary")) return;
    if (window.getSelection()?.toString()) return;
    if (event.metaKey || event.ctrlKey) window.open(row.dataset.href, "_blank", "noopener");
    else window.location.assign(row.dataset.href);
  });
}
