"""How long what people arranged for themselves is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever("workspace", because=_("what people arranged for themselves; they delete it"))
