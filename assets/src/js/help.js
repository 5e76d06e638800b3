// Help stands beside the screen that it is about. Without the script the question mark leads to
// the page of help.
export function help() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-help-open]");
    if (!opener || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const panel = document.getElementById("help");
    if (!panel.open) panel.showModal();
  });
}

export function openHelp() {
  const opener = document.querySelector("[data-help-open]");
  opener?.click();
  return Boolean(opener);
}
