// The member page: keeps the card for times without a connection, and forgets it at the sign-out.
import { forgetPhone } from "./portal-phone.js";

const KEPT = "mallard-member";

async function forget() {
  if ("caches" in window) await caches.delete(KEPT);
  await forgetPhone();
}

function tellWhetherConnected() {
  const note = document.querySelector("[data-offline-note]");
  if (note && note.dataset.offlineNote !== "kept") note.hidden = navigator.onLine;
}

addEventListener("online", tellWhetherConnected);
addEventListener("offline", tellWhetherConnected);
tellWhetherConnected();

// The form goes on by itself once the card is gone: a phone that is handed on holds none.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-sign-out]") || form.dataset.forgotten) return;
  event.preventDefault();
  form.dataset.forgotten = "true";
  await forget().catch(() => undefined);
  form.requestSubmit();
});

if ("serviceWorker" in navigator && document.body.dataset.worker) {
  navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/m/" }).catch(() => undefined);
}
document.documentElement.dataset.ready = "true";
