"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "duplicates.told_apart": pgettext_lazy("audit", "Two members told apart"),
        "duplicates.reconsidered": pgettext_lazy("audit", "Two members to be compared again"),
        "duplicates.search_started": pgettext_lazy("audit", "Search for duplicates started"),
    }
)
words.of_subjects(
    {
        "pair": pgettext_lazy("audit subject", "Pair of members"),
    }
)
words.of_actors(
    {
        "duplicates": pgettext_lazy("audit actor", "Search for duplicates"),
        "members merged": pgettext_lazy("audit actor", "Members merged"),
        "merges undone": pgettext_lazy("audit actor", "Merges undone"),
    }
)
