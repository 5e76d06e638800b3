// Parts that live ask again every few seconds (hx-trigger="every 5s") and say which version they
// show: the server answers 304 while nothing has changed, and the page stays as it is.
export function live() {
  document.addEventListener("htmx:configRequest", (event) => {
    const version = event.target.dataset?.version;
    if (version) event.detail.headers["If-None-Match"] = version;
  });
  // Nobody looks at a hidden page.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.dataset?.version && document.hidden) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const version = event.target.dataset?.version && event.detail.xhr.getResponseHeader("ETag");
    if (version) event.target.dataset.version = version;
  });
}
