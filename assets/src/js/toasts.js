// Toasts live in one aria-live region. The server puts them there with the page,
// or sends them with an htmx answer: HX-Trigger: {"toast": {"text": …, "tone": …}}.
const SHOWN_FOR_MS = 6000;

function dismissLater(toast) {
  // What went wrong stays until it is read.
  if (toast.dataset.tone === "danger") return;
  let timer = setTimeout(() => toast.remove(), SHOWN_FOR_MS);
  toast.addEventListener("mouseenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("mouseleave", () => {
    timer = setTimeout(() => toast.remove(), SHOWN_FOR_MS);
  });
}

function show(region, { text, tone = "success" }) {
  const toast = region.querySelector("template").content.firstElementChild.cloneNode(true);
  toast.dataset.tone = tone;
  toast.querySelector("[data-toast-text]").textContent = text;
  region.append(toast);
  dismissLater(toast);
}

export function toasts() {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  region.querySelectorAll("[data-toast]").forEach(dismissLater);
  region.addEventListener("toast", (event) => show(region, event.detail));
  document.body.addEventListener("toast", (event) => {
    if (event.target === document.body || !region.contains(event.target)) show(region, event.detail);
  });
  region.addEventListener("click", (event) => {
    if (event.target.closest("[data-toast-close]")) event.target.closest("[data-toast]").remove();
  });
}
