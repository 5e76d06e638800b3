// Menus are <details data-menu>, so they open without any script. The script
// adds what people expect: Escape, a click elsewhere and the arrow keys.
// On narrow screens the sidebar is a drawer behind a button.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

function moveInside(menu, step) {
  const items = [...menu.querySelectorAll("a[href], button:not([disabled])")];
  if (items.length === 0) return;
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}

function setDrawer(open) {
  const button = document.querySelector("[data-drawer-toggle]");
  if (!button) return;
  document.documentElement.toggleAttribute("data-drawer-open", open);
  button.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#sidebar a")?.focus();
}

export function menus() {
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
    if (event.target.closest("[data-drawer-toggle]")) {
      // Without the script the link's target opens the sidebar, by :target.
      event.preventDefault();
      setDrawer(!document.documentElement.hasAttribute("data-drawer-open"));
    } else if (event.target.closest("[data-drawer-close]")) {
      setDrawer(false);
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details[data-menu][open]");
    if (event.key === "Escape") {
      if (menu) menu.querySelector("summary").focus();
      closeMenus(null);
      if (document.documentElement.hasAttribute("data-drawer-open")) {
        setDrawer(false);
        document.querySelector("[data-drawer-toggle]").focus();
      }
    } else if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp") && !event.target.matches("input, select")) {
      event.preventDefault();
      moveInside(menu, event.key === "ArrowDown" ? 1 : -1);
    }
  });
}
