"""How long the rows of this app are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever(
    "members",
    because=_(
        "the membership; a person is erased on request, or when their membership was closed for so"
        " long as settings say"
    ),
)
