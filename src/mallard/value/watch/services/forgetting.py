"""What is left of alerts when a member is erased."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.watch.models import Alert


@atomic_retrying
def clear_after_erasure(member_ids: Collection[UUID], *, actor: Actor) -> int:
    """Clear what was written about erased members; the alerts stay, under the number alone: who
    collected on their card is still to be found. How many were cleared."""
    theirs = Alert.objects.filter(member__in=member_ids, reason_sealed__isnull=False)
    ids = list(theirs.order_by("pk").values_list("pk", flat=True))
    Alert.objects.filter(pk__in=ids).update(reason_sealed=None)
    if ids:
        record(actor, "watch.members_forgotten", "fraud_alert", None, ids=ids)
    return len(ids)
