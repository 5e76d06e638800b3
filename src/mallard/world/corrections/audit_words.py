"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "corrections.correction_proposed": pgettext_lazy("audit", "Correction proposed"),
        "corrections.correction_accepted": pgettext_lazy("audit", "Correction accepted"),
        "corrections.correction_declined": pgettext_lazy("audit", "Correction declined"),
    }
)
words.of_subjects({"correction": pgettext_lazy("audit subject", "Correction")})
words.of_fields(
    {
        "correction_id": pgettext_lazy("audit field", "Correction"),
        "field": pgettext_lazy("audit field", "Field"),
        "proposed_by": pgettext_lazy("audit field", "Proposed by"),
    },
    app_label="corrections",
)
