"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "counter.receipt_brought": pgettext_lazy("audit", "Paper receipt brought to the desk"),
        "counter.receipt_refused": pgettext_lazy("audit", "Paper receipt refused"),
        "counter.receipt_approved": pgettext_lazy("audit", "Paper receipt approved"),
        "counter.receipt_declined": pgettext_lazy("audit", "Paper receipt declined"),
    }
)

words.of_subjects(
    {
        "paper_receipt": pgettext_lazy("audit subject", "Paper receipt"),
    }
)

words.of_actors(
    {
        "paper receipts": pgettext_lazy("audit actor", "Paper receipts that the till told as well"),
    }
)
words.of_fields(
    {
        "others_told": pgettext_lazy("audit field", "Other receipts alike"),
    },
    app_label="counter",
)
