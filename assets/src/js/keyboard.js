// "/" goes to the search field, "g" and a letter goes to a page, "?" shows the keys.
const SECOND_KEY_WITHIN_MS = 1200;
let goPressedAt = 0;

function isTyping(target) {
  return target.closest?.("input, textarea, select, [contenteditable=true], dialog[open]") !== null;
}

function focusSearch() {
  const field =
    document.querySelector("main [data-search]") ?? document.querySelector("[data-global-search]");
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

function goTo(key) {
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  if (link) window.location.assign(link.href);
}

export function keyboard() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "/") {
      if (focusSearch()) event.preventDefault();
    } else if (event.key === "?") {
      document.querySelector("#keyboard-help")?.showModal();
    } else if (event.key === "g") {
      goPressedAt = event.timeStamp;
      return;
    } else if (event.timeStamp - goPressedAt < SECOND_KEY_WITHIN_MS) {
      goTo(event.key);
    }
    goPressedAt = 0;
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
    // A click on the backdrop has the dialog itself as its target.
    if (event.target.matches?.("dialog[open]")) event.target.close();
  });
}
