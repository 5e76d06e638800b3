// <button data-print> prints the page: the policy allows no inline handler.
export function printing() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}
