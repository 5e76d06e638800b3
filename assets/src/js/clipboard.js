// <button data-copy="text"> copies and says so.
export function clipboard() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const region = document.querySelector("[data-toasts]");
    region?.dispatchEvent(new CustomEvent("toast", { detail: { text: region.dataset.copied } }));
  });
}
