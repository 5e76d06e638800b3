"""How long events are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.outbox.services import prune
from mallard.kernel.outbox.settings import KEPT_DAYS
from mallard.kernel.retention.declaration import keep_for, keep_for_ever

keep_for("outbox.OutboxEvent", KEPT_DAYS, prune=prune)
keep_for_ever("outbox.ConsumerCursor", because=_("one row per listener"))
