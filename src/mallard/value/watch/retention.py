"""How long the fraud watch keeps what it found."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever(
    "watch",
    because=_(
        "what was decided must not be said again, and how well each pattern does is counted from"
        " it; words go with the member's key"
    ),
)
