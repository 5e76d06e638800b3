"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "migration.create": pgettext_lazy("audit", "Migration begun"),
        "migration.receive_rows": pgettext_lazy("audit", "Rows of a migration received"),
        "migration.set_control_totals": pgettext_lazy("audit", "Control totals set"),
        "migration.explain": pgettext_lazy("audit", "Difference explained"),
        "migration.sign": pgettext_lazy("audit", "Migration signed"),
        "migration.post": pgettext_lazy("audit", "Posting of a migration started"),
        "migration.posted": pgettext_lazy("audit", "Migration posted"),
        "migration.take_back": pgettext_lazy("audit", "Taking back a migration started"),
        "migration.taken_back": pgettext_lazy("audit", "Migration taken back"),
        "migration.totals_downloaded": pgettext_lazy("audit", "Control totals downloaded"),
    }
)
words.of_subjects(
    {
        "migration": pgettext_lazy("audit subject", "Migration"),
    }
)
words.of_fields(
    {
        "good": pgettext_lazy("audit field", "Good rows"),
    },
    app_label="migration",
)
