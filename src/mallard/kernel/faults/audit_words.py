"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "faults.fault_resolved": pgettext_lazy("audit", "Error marked as resolved"),
    }
)
words.of_subjects(
    {
        "fault": pgettext_lazy("audit subject", "Error"),
    }
)
