"""How long the rows of this app are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever("wallets", because=_("who changed points, and who agreed, is part of the books"))
