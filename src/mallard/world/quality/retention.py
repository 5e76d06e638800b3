"""How long measurements are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever(
    "quality", because=_("a few rows a day without names; a member's row goes with the member")
)
