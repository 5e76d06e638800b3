"""How long keys of repeatable writes and rate counters are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.http import idempotency, limits
from mallard.kernel.retention.declaration import keep_for

keep_for(
    "http.IdempotencyKey",
    _("Two days; for ever where the write moved value, so that it is never done twice"),
    prune=idempotency.prune,
)
keep_for("http.RateBucket", _("A day after the last request"), prune=limits.prune)
