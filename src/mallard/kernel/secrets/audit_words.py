"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actors(
    {
        "mallard keys replay-erasures": pgettext_lazy("audit actor", "Command: replay of erasures"),
        "mallard restore": pgettext_lazy("audit actor", "Command: restore"),
    }
)
