"""How long privacy requests are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever(
    "privacy",
    because=_("that a request was answered in time must be shown; words go with the member's key"),
)
