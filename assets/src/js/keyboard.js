// "/" finds anything, "f" goes to the list's own field, "j" and "k" walk through rows, "g" and a
// letter goes to a page, "h" opens help, "?" shows the keys.
import { openHelp } from "./help.js";
import { openPalette } from "./palette.js";
import { onRow } from "./rows.js";

const SECOND_KEY_WITHIN_MS = 1200;
let goPressedAt = -Infinity;

function isTyping(target) {
  return target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable=true], dialog[open]") !== null;
}

function focusField(selector) {
  const field = document.querySelector(selector);
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

function goTo(key) {
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  if (link) window.location.assign(link.href);
}

function onKey(event) {
  if (event.key === "/") {
    if (openPalette() || focusField("main [data-search]")) event.preventDefault();
  } else if (event.key === "f") {
    if (focusField("main [data-search]")) event.preventDefault();
  } else if (event.key === "?") {
    document.querySelector("#keyboard-help")?.showModal();
  } else if (event.key === "h") {
    if (openHelp()) event.preventDefault();
  } else if (onRow(event.key, event.target)) {
    event.preventDefault();
  }
}

export function keyboard() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.timeStamp - goPressedAt < SECOND_KEY_WITHIN_MS) {
      goPressedAt = -Infinity;
      goTo(event.key);
    } else if (event.key === "g") {
      goPressedAt = event.timeStamp;
    } else {
      onKey(event);
    }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
    // A click on the backdrop has the dialog itself as its target.
    if (event.target.matches?.("dialog[open]")) event.target.close();
  });
}
