"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "phones.change_asked": pgettext_lazy("audit", "Change of phone asked for"),
        "phones.change_declined": pgettext_lazy("audit", "Change of phone declined"),
        "phones.change_done": pgettext_lazy("audit", "Phone changed"),
        "phones.change_ended": pgettext_lazy("audit", "Change of phone given up"),
    }
)

words.of_subjects(
    {
        "phone_change": pgettext_lazy("audit subject", "Change of phone"),
    }
)
words.of_fields(
    {
        "proof": pgettext_lazy("audit field", "Proof"),
        "document": pgettext_lazy("audit field", "Document"),
    },
    app_label="phones",
)
