"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "security.checked": pgettext_lazy("audit", "Security checked"),
    }
)
words.of_subjects(
    {
        "security_report": pgettext_lazy("audit subject", "Security report"),
    }
)
words.of_actors(
    {
        "security check": pgettext_lazy("audit actor", "Weekly security check"),
        "mallard security check": pgettext_lazy("audit actor", "Command: security check"),
    }
)
words.of_fields(
    {
        "faults": pgettext_lazy("audit field", "Faults"),
    },
    app_label="security",
)
words.of_values(
    "status",
    {
        "ok": pgettext_lazy("audit value", "Well"),
        "warn": pgettext_lazy("audit value", "Look at it soon"),
        "fail": pgettext_lazy("audit value", "Act now"),
    },
    app_label="security",
)
