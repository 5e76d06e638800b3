// One dialog finds everything and begins everything: "/" or Ctrl/Cmd-K opens it, the topbar's
// field and button lead to it. Without the script the field is a form that leads to a page.
const dialog = () => document.getElementById("palette");
const field = () => dialog().querySelector("[data-palette-text]");
const results = () => document.getElementById("palette-results");
const options = () => [...results().querySelectorAll(".palette-hit")];

// What the results on screen answer, and whether Enter waits for those of what was typed since.
let answered = null;
let isWanted = false;

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    field().removeAttribute("aria-activedescendant");
  }
}

function chosen() {
  return results().querySelector(".palette-hit[aria-selected=true]");
}

function move(step) {
  const all = options();
  if (all.length === 0) return;
  const at = all.indexOf(chosen());
  choose(all[(at + step + all.length) % all.length]);
}

export function openPalette(text = "") {
  if (!dialog()) return false;
  if (!dialog().open) dialog().showModal();
  field().value = text;
  answered = null;
  field().focus();
  field().dispatchEvent(new CustomEvent("palette"));
  return true;
}

function say() {
  const status = dialog().querySelector("[data-palette-status]");
  const count = options().length;
  status.textContent = count ? status.dataset.some.replace("{n}", count) : status.dataset.none;
}

function onKey(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (field().value !== answered) {
      // Typed faster than it was found: open the first of what is found, never what stands there.
      isWanted = true;
      field().dispatchEvent(new CustomEvent("palette"));
      return;
    }
    const option = chosen();
    if (!option) return;
    if (option.href && (event.ctrlKey || event.metaKey)) window.open(option.href, "_blank", "noopener");
    else option.click();
  }
}

// At once: the "close" event comes a moment later, and a key may be pressed before it.
function shut() {
  dialog().close();
  leaveTopbar();
}

// The browser gives the keyboard back to the topbar's field when the palette began there; one would
// type into it, and no key would lead anywhere until it is left.
function leaveTopbar() {
  if (document.activeElement?.matches("[data-palette-field]")) document.activeElement.blur();
}

export function palette() {
  if (!dialog()) return;
  field().addEventListener("keydown", onKey);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (dialog().open) shut();
    else if (!document.querySelector("dialog[open]")) openPalette();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open], [data-palette-field]")) {
      event.preventDefault();
      openPalette();
    }
  });
  const topbar = document.querySelector("[data-palette-field]");
  topbar?.addEventListener("input", () => {
    const text = topbar.value;
    topbar.value = "";
    openPalette(text);
  });
  results().addEventListener("mousemove", (event) => {
    const option = event.target.closest(".palette-hit");
    if (option && option !== chosen()) choose(option);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== results()) return;
    results().scrollTop = 0;
    answered = event.detail.requestConfig.parameters.q ?? "";
    choose(options()[0]);
    say();
    if (isWanted && field().value === answered) {
      isWanted = false;
      chosen()?.click();
    }
  });
  dialog().addEventListener("cancel", (event) => {
    event.preventDefault();
    shut();
  });
  dialog().addEventListener("close", () => {
    leaveTopbar();
    field().value = "";
    isWanted = false;
    results().replaceChildren();
    choose(null);
  });
}
