// htmx reads its configuration from <meta name="htmx-config"> in base.html.
import htmx from "htmx.org";

window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  // The token is a hidden input in every form; requests from other elements take it from the page.
  const token = document.querySelector("meta[name=csrf-token]");
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
});

function say(attribute) {
  const region = document.querySelector("[data-toasts]");
  if (region) region.dispatchEvent(new CustomEvent("toast", { detail: { text: region.dataset[attribute], tone: "danger" } }));
}
document.addEventListener("htmx:sendError", (event) => {
  // What asks by itself every few seconds will ask again: no toast each time.
  if (!event.target.dataset?.version) say("offline");
});
document.addEventListener("htmx:responseError", (event) => {
  // Signed out meanwhile: the whole page goes to the sign-in form.
  if (event.detail.xhr.status === 401) window.location.reload();
  else say("failed");
});
