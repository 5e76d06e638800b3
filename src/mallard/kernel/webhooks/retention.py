"""How long webhooks and what they sent are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for, keep_for_ever
from mallard.kernel.webhooks.services import prune
from mallard.kernel.webhooks.settings import KEPT_DAYS

keep_for("webhooks.Delivery", KEPT_DAYS, prune=prune)
keep_for_ever(
    "webhooks.Subscription", because=_("what somebody set up; it is stopped, not deleted")
)
