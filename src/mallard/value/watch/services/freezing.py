"""Freezing a member's points from an alert, and releasing them: by the wallets' own services."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.wallets.services import freeze_wallet, release_wallet
from mallard.value.watch.errors import AlertDecided, NobodyToFreeze, NotFrozenHere
from mallard.value.watch.models import AlertStatus
from mallard.value.watch.patterns import PATTERNS
from mallard.value.watch.permissions import HANDLE_ALERT
from mallard.value.watch.queries import visible_alert
from mallard.value.watch.services.deciding import held_alert, person_of, take_task_of


@atomic_retrying
def freeze_points(alert_id: UUID, *, actor: Actor) -> None:
    """Let nothing be spent by the member whom the alert is about; earning goes on.

    Takes the permission of the wallets besides. Raises `NobodyToFreeze`, `AlertDecided` of a false
    alarm, and what `freeze_wallet` refuses.
    """
    actor.require(HANDLE_ALERT)
    person = person_of(actor)
    seen = visible_alert(actor, alert_id)
    if seen.member_id is None:
        raise NobodyToFreeze()
    pattern = PATTERNS[seen.pattern]
    reason = gettext("Fraud watch: %(pattern)s") % {"pattern": pattern.name}
    freeze_wallet(seen.member_id, reason=reason, actor=actor)  # locks the member first
    row = held_alert(alert_id, actor)
    if row.status == AlertStatus.FALSE_ALARM:
        raise AlertDecided()
    row.frozen_at, row.released_at = now(), None
    if row.is_undecided and row.owner_id is None:
        row.owner, row.status = person, AlertStatus.LOOKING.value
        take_task_of(row, actor)
    row.save(update_fields=["frozen_at", "released_at", "owner", "status"])
    record(actor, "watch.points_frozen", "fraud_alert", row.pk)


@atomic_retrying
def release_points(alert_id: UUID, *, reason: str, actor: Actor) -> None:
    """Let what this alert froze be spent again. Raises `NotFrozenHere`, and what `release_wallet`
    refuses."""
    actor.require(HANDLE_ALERT)
    seen = visible_alert(actor, alert_id)
    if seen.member_id is None or not seen.is_frozen:
        raise NotFrozenHere()
    release_wallet(seen.member_id, reason=reason, actor=actor)
    row = held_alert(alert_id, actor)
    if not row.is_frozen:
        raise NotFrozenHere()
    row.released_at = now()
    row.save(update_fields=["released_at"])
    record(actor, "watch.points_released", "fraud_alert", row.pk)
