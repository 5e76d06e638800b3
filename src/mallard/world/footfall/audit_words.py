"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "footfall.counts_corrected": pgettext_lazy("audit", "Footfall counts corrected"),
    }
)
words.of_rows(
    "footfall",
    {
        "entrance": pgettext_lazy("audit subject", "Entrance"),
    },
)
words.of_fields(
    {
        "floor_id": pgettext_lazy("audit field", "Floor"),
        "x_dm": pgettext_lazy("audit field", "Across, in dm"),
        "y_dm": pgettext_lazy("audit field", "Down, in dm"),
        "entries": pgettext_lazy("audit field", "People who came in"),
        "counts": pgettext_lazy("audit field", "Counts"),
        "first": pgettext_lazy("audit field", "First quarter of an hour"),
        "last": pgettext_lazy("audit field", "Last quarter of an hour"),
    },
    app_label="footfall",
)
