"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words
from mallard.world.members.copies import parts

words.of_actions(
    {
        "privacy.copy_made": pgettext_lazy("audit", "Copy of a member's data made"),
        "privacy.request_received": pgettext_lazy("audit", "Privacy request received"),
        "privacy.request_closed": pgettext_lazy("audit", "Privacy request answered"),
        "privacy.members_forgotten": pgettext_lazy("audit", "Words of erased members destroyed"),
    }
)
words.of_subjects(
    {
        "privacy_request": pgettext_lazy("audit subject", "Privacy request"),
    }
)
words.of_fields(
    {
        "parts": pgettext_lazy("audit field", "Parts of the copy"),
        "bytes": pgettext_lazy("audit field", "Bytes"),
    },
    app_label="privacy",
)


def _part(code: str) -> words.Words | None:
    return next((one.title for one in parts() if one.code == code), None)


words.of_values("parts", _part, app_label="privacy")
