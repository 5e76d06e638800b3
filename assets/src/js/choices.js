// Many check boxes in groups: searched by their words, a group chosen at once, the chosen counted.
// Without the script they are plain check boxes in groups.
function prepare(choices) {
  const groups = [...choices.querySelectorAll("[data-choices-group]")];
  const boxes = (group) => [...group.querySelectorAll("[data-choice]:not([hidden]) input")];
  const count = choices.querySelector("[data-choices-count]");

  function show() {
    const chosen = choices.querySelectorAll("[data-choice] input:checked").length;
    count.textContent = count.dataset.text.replace("{n}", chosen);
    for (const group of groups) {
      const button = group.querySelector("[data-choices-all]");
      button.dataset.all ??= button.textContent;
      const shown = boxes(group);
      button.dataset.isFull = String(shown.length > 0 && shown.every((box) => box.checked));
      button.textContent = button.dataset.isFull === "true" ? button.dataset.none : button.dataset.all;
    }
  }

  choices.querySelector("[data-choices-search]").addEventListener("input", (event) => {
    const sought = event.target.value.trim().toLowerCase();
    for (const group of groups) {
      const isGroup = group.querySelector("strong").textContent.toLowerCase().includes(sought);
      for (const choice of group.querySelectorAll("[data-choice]")) {
        choice.hidden = !isGroup && !choice.textContent.toLowerCase().includes(sought);
      }
      group.hidden = boxes(group).length === 0;
    }
    choices.querySelector("[data-choices-nothing]").hidden = groups.some((group) => !group.hidden);
    show();
  });
  // Enter in the search would send the form.
  choices.querySelector("[data-choices-search]").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  choices.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choices-all]");
    if (!button) return;
    const isFull = button.dataset.isFull === "true";
    for (const box of boxes(button.closest("[data-choices-group]"))) box.checked = !isFull;
    show();
  });
  choices.addEventListener("change", show);
  choices.querySelector("[data-choices-tools]").hidden = false;
  for (const button of choices.querySelectorAll("[data-choices-all]")) button.hidden = false;
  show();
}

export function choices() {
  document.querySelectorAll("[data-choices]").forEach(prepare);
}
