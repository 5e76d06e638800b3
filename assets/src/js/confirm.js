// A form with data-confirm asks once before it is sent, in the dialog of the shell.
export function confirmations() {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const dialog = document.querySelector("#confirm");
      if (!form.dataset.confirm || form.dataset.confirmed || !dialog) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(dialog, form, event.submitter);
    },
    true,
  );
}

function ask(dialog, form, submitter) {
  dialog.querySelector("[data-confirm-title]").textContent = form.dataset.confirm;
  dialog.querySelector("[data-confirm-detail]").textContent = form.dataset.confirmDetail ?? "";
  const accept = dialog.querySelector("[data-confirm-accept]");
  accept.textContent = form.dataset.confirmLabel ?? accept.dataset.label;
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "accept") return submitter?.focus();
      form.dataset.confirmed = "true";
      form.requestSubmit(submitter ?? undefined);
      delete form.dataset.confirmed;
    },
    { once: true },
  );
  dialog.showModal();
}
