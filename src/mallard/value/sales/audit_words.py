"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "sales.receipt_met": pgettext_lazy("audit", "Paper receipt met by the till's"),
        "sales.receipt_named": pgettext_lazy("audit", "Member named on a receipt"),
        "sales.declarations_corrected": pgettext_lazy("audit", "Sales declarations corrected"),
        "sales.declarations_reviewed": pgettext_lazy("audit", "Sales declarations reviewed"),
        "sales.record_returns": pgettext_lazy("audit", "Returns recorded"),
    }
)
words.of_subjects(
    {
        "receipt": pgettext_lazy("audit subject", "Receipt"),
        "declaration": pgettext_lazy("audit subject", "Sales declaration"),
        "return": pgettext_lazy("audit subject", "Return"),
    }
)
words.of_actors(
    {
        "mallard load receipts": pgettext_lazy("audit actor", "Command: load receipts"),
        "mallard load declarations": pgettext_lazy("audit actor", "Command: load declarations"),
    }
)
words.of_fields(
    {
        "declarations": pgettext_lazy("audit field", "Declarations"),
        "net_minor": pgettext_lazy("audit field", "Net amount in minor units"),
    },
    app_label="sales",
)
words.of_values(
    "source",
    {
        "pos": pgettext_lazy("audit value", "Till"),
        "api": pgettext_lazy("audit value", "Other system"),
        "file": pgettext_lazy("audit value", "File"),
        "history": pgettext_lazy("audit value", "History"),
        "staff": pgettext_lazy("audit value", "Typed by staff"),
        "paper": pgettext_lazy("audit value", "Paper receipt"),
        "generated": pgettext_lazy("audit value", "Generated"),
    },
    app_label="sales",
)
