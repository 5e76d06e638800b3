"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "targets.targets_set": pgettext_lazy("audit", "Targets set"),
    }
)
words.of_subjects(
    {
        "target": pgettext_lazy("audit subject", "Target"),
    }
)
words.of_actors(
    {
        "watch targets": pgettext_lazy("audit actor", "Watching targets"),
    }
)
words.of_fields(
    {
        "targets": pgettext_lazy("audit field", "Targets"),
    },
    app_label="targets",
)
