// <button data-copy="text"> copies and says so; data-copy-from names a hidden field whose value,
// an address of ours, is copied whole.
export function clipboard() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (!button) return;
    const field = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const text = field ? new URL(field.value, window.location.href).href : button.dataset.copy;
    await navigator.clipboard.writeText(text);
    const region = document.querySelector("[data-toasts]");
    region?.dispatchEvent(new CustomEvent("toast", { detail: { text: region.dataset.copied } }));
  });
}
