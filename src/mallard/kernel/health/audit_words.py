"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actors(
    {
        "health checks": pgettext_lazy("audit actor", "Health checks"),
    }
)
