"""How long the rows of this app are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever("counter", because=_("who gave points for which paper is part of the books"))
