"""How long lists are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever(
    "lists", because=_("lists are closed by their owners; an erased member leaves them at once")
)
