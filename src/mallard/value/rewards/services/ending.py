"""Redemptions that end otherwise than by being collected, and rewards that come back.

Whatever happens, points go back once: under the redemption's lock, and under one key in the ledger.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.value.ledger import services as ledger
from mallard.value.ledger.locks import lock_records
from mallard.value.rewards.errors import AlreadyEnded, ReasonNeeded
from mallard.value.rewards.events import RedemptionEnded
from mallard.value.rewards.locks import lock_redemption
from mallard.value.rewards.models import OPEN_STATUSES, Redemption, Status
from mallard.value.rewards.permissions import CANCEL_REDEMPTION
from mallard.value.rewards.services.redeeming import (
    SOURCE_KIND,
    known_kind,
    locked_redemption,
    payers_of,
)
from mallard.value.rewards.services.stock import release, take_back


@atomic_retrying
def cancel_redemption(
    redemption_id: UUID, *, reason: str, is_goods_back: bool = True, actor: Actor
) -> Redemption:
    """End a redemption and give the points back to the lots they came from.

    One that was handed over already needs `CANCEL_REDEMPTION`; ``is_goods_back`` says whether its
    goods lie at the desk again (otherwise they are lost). Raises `AlreadyEnded`, `ReasonNeeded`.
    """
    row = locked_redemption(redemption_id, actor)
    reason = reason.strip()[:200]
    if not reason:
        raise ReasonNeeded(fields={"reason": ReasonNeeded.message})
    if row.status in (Status.CANCELLED, Status.LAPSED):
        raise AlreadyEnded(status=row.get_status_display())
    before = row.status
    if row.status == Status.COLLECTED:
        actor.require(CANCEL_REDEMPTION)
        if is_goods_back:
            take_back(row, reason=reason, actor=actor)
    else:
        release(row)
    end(row, Status.CANCELLED, reason=reason, gives_back=True, actor=actor)
    audit.record(
        actor,
        "rewards.redemption_cancelled",
        "redemption",
        row.id,
        before={"status": before},
        after={"status": row.status, "reason": reason, "is_goods_back": is_goods_back},
    )
    return row


def lapse_due(*, actor: Actor, limit: int = 200) -> int:
    """End what was not confirmed or not collected in time; returns how many. Call again while it
    is ``limit``. Each is a transaction of its own."""
    at = now()
    held = Redemption.objects.filter(status=Status.HELD, deadline_at__lte=at)
    waiting = Redemption.objects.filter(status=Status.CONFIRMED, collect_by__lte=at)
    due = [
        *held.order_by("deadline_at").values_list("id", flat=True)[:limit],
        *waiting.order_by("collect_by").values_list("id", flat=True)[:limit],
    ][:limit]
    return sum(_lapse(redemption_id, at=at, actor=actor) for redemption_id in due)


@atomic_retrying
def _lapse(redemption_id: UUID, *, at: dt.datetime, actor: Actor) -> bool:
    seen = Redemption.objects.get(pk=redemption_id)
    lock_records({seen.member_id, *payers_of(seen)})
    row = lock_redemption(redemption_id)
    ends_at = row.deadline_at if row.status == Status.HELD else row.collect_by
    if row.status not in OPEN_STATUSES or ends_at is None or ends_at > at:
        return False
    gives_back = row.status == Status.HELD or not row.reward.keeps_uncollected
    release(row)
    end(row, Status.LAPSED, reason="", gives_back=gives_back, actor=actor)
    return True


def end(row: Redemption, status: Status, *, reason: str, gives_back: bool, actor: Actor) -> None:
    """Points back as far as they left, and the end noted. The caller holds the locks."""
    at = now()
    if gives_back and row.points_key:
        kind = known_kind(row.reward)
        if kind.fulfilment is not None:
            kind.fulfilment.take_back(row, actor=actor)
        ledger.reverse_redemption(
            ledger.Restoration(
                key=f"reward:{row.id}:back",
                redemption_key=row.points_key,
                points=None,
                source_kind=SOURCE_KIND,
                source_id=row.id,
                reason="reward_back",
                occurred_at=at,
                recorded_at=at,
                group_id=uuid7(),
            ),
            actor=actor,
        )
        row.is_points_given_back = True
    elif row.status == Status.HELD and row.hold_id is not None:
        ledger.void_hold(row.hold_id, actor=actor)
    row.status, row.ended_at, row.reason = status, at, reason
    row.save(update_fields=["status", "ended_at", "reason", "is_points_given_back"])
    announce(
        [
            RedemptionEnded(
                subject_id=row.id,
                member_id=row.member_id,
                reward_id=row.reward_id,
                desk_id=row.desk_id,
                status=row.status,
                points=row.points if row.is_points_given_back else 0,
            )
        ],
        actor=actor,
    )
