"""How long pairs are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever(
    "duplicates", because=_("who was told apart must not be proposed again; it holds no values")
)
