"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actors(
    {
        "void overdue holds": pgettext_lazy("audit actor", "Release of overdue holds"),
        "expire points": pgettext_lazy("audit actor", "Expiry of points"),
        "separate unmerged wallets": pgettext_lazy("audit actor", "Separation of unmerged wallets"),
    }
)
