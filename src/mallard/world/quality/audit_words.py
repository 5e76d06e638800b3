"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "quality.measured": pgettext_lazy("audit", "Data quality measured"),
    }
)

words.of_subjects(
    {
        "quality": pgettext_lazy("audit subject", "Data quality"),
    }
)

words.of_actors(
    {
        "data quality": pgettext_lazy("audit actor", "Nightly measurement of data quality"),
    }
)
