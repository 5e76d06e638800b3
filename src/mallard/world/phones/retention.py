"""How long the rows of this app are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever("phones", because=_("who changed a member's phone, and on which proof, stays known"))
