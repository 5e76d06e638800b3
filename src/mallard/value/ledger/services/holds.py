"""Holds (预占): points pinned for a basket, then posted or voided, exactly once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.value.ledger import fingerprints
from mallard.value.ledger.errors import (
    HoldClosed,
    HoldOverdue,
    HoldUnknown,
    HoldWithoutTime,
    KeyReused,
)
from mallard.value.ledger.gates import check_may_spend
from mallard.value.ledger.locks import lock_hold, lock_records
from mallard.value.ledger.lots import held_lots
from mallard.value.ledger.models import Hold, HoldStatus
from mallard.value.ledger.postings import Posting, write
from mallard.value.ledger.rules import Take, check_amount
from mallard.value.ledger.services.expiry import add_expiry
from mallard.value.ledger.services.redemptions import (
    Wallets,
    cause_of,
    everybody,
    first_answer,
    post_takes,
    shares,
    spenders,
)
from mallard.value.ledger.statements import array, run
from mallard.value.ledger.types import PlacedHold, Redeemed, Redemption

_PLACE = """
WITH pinned AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::bigint[]) AS t (lot_id, amount)
), hold AS (
    INSERT INTO ledger_hold (
        id, key, fingerprint, member_id, redemption_account_id, unit, points, status, source_kind,
        source_id, reason, placed_at, deadline_at, actor_kind, actor_id)
    VALUES ($3::uuid, $4, $5, $6::uuid, $7::uuid, 'points', $8, 'open', $9, $10::uuid, $11,
        $12::timestamptz, $13::timestamptz, $14, $15::uuid)
), hold_lots AS (
    INSERT INTO ledger_holdlot (hold_id, lot_id, amount) SELECT $3::uuid, lot_id, amount FROM pinned
), lots AS (
    UPDATE ledger_lot l SET held = l.held + p.amount FROM pinned p WHERE l.transfer_id = p.lot_id
)
UPDATE ledger_wallet w SET held = w.held + s.amount FROM (
    SELECT l.account_id, sum(p.amount) AS amount
    FROM pinned p JOIN ledger_lot l ON l.transfer_id = p.lot_id GROUP BY l.account_id
) s WHERE w.account_id = s.account_id
"""

_RELEASE = """
WITH freed AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::bigint[]) AS t (lot_id, amount)
), lots AS (
    UPDATE ledger_lot l SET held = l.held - f.amount FROM freed f WHERE l.transfer_id = f.lot_id
)
UPDATE ledger_wallet w SET held = w.held - s.amount FROM (
    SELECT l.account_id, sum(f.amount) AS amount
    FROM freed f JOIN ledger_lot l ON l.transfer_id = f.lot_id GROUP BY l.account_id
) s WHERE w.account_id = s.account_id
"""


@atomic_retrying
def place_hold(redemption: Redemption, *, deadline_at: dt.datetime, actor: Actor) -> PlacedHold:
    """Pin the lots that would pay for ``redemption`` until ``deadline_at``.

    A known key with the same content gets the first answer. Raises `InsufficientPoints`,
    `KeyReused`, `HoldWithoutTime` for a deadline that is not after the redemption.
    """
    check_amount(redemption.points)
    if deadline_at <= redemption.recorded_at:
        raise HoldWithoutTime()
    records = lock_records(spenders([redemption]))
    check_may_spend(everybody(records))
    content = fingerprints.of_redemption(redemption)
    known = Hold.objects.filter(key=redemption.key).first()
    if known is not None:
        if known.fingerprint != content:
            raise KeyReused(key=redemption.key)
        return PlacedHold(known.id, known.points, known.deadline_at, True)
    takes = Wallets(records).spend(redemption)
    hold_id = uuid7()
    run(
        _PLACE,
        [
            array(take.lot.id for take in takes),
            array(take.points for take in takes),
            hold_id,
            redemption.key,
            content,
            redemption.member_id,
            redemption.redemption_account_id,
            redemption.points,
            redemption.source_kind,
            redemption.source_id,
            redemption.reason,
            redemption.recorded_at,
            deadline_at,
            actor.kind.value,
            actor.id,
        ],
    )
    return PlacedHold(hold_id, redemption.points, deadline_at, False)


@atomic_retrying
def post_hold(hold_id: UUID, *, group_id: UUID, actor: Actor) -> Redeemed:
    """Spend what a hold pins, before its deadline. Lots that expired meanwhile still pay.

    Posting it again gives the first answer. Raises `HoldUnknown`, `HoldClosed` when it was voided,
    `HoldOverdue` after the deadline: the points stay the member's.
    """
    hold, takes = _locked(hold_id)
    key = _posting_key(hold)
    if hold.status == HoldStatus.POSTED:
        return first_answer(key)
    if hold.status == HoldStatus.VOIDED:
        raise HoldClosed()
    check_may_spend({hold.member_id, *(take.lot.member_id for take in takes)})
    at = now()
    if hold.deadline_at <= at:
        raise HoldOverdue(deadline=hold.deadline_at.isoformat(timespec="seconds"))
    redemption = Redemption(
        key=key,
        member_id=hold.member_id,
        redemption_account_id=hold.redemption_account_id,
        points=hold.points,
        source_kind=hold.source_kind,
        source_id=hold.source_id,
        reason=hold.reason,
        occurred_at=at,
        recorded_at=at,
        group_id=group_id,
    )
    posting = Posting()
    post_takes(posting, redemption, takes, cause=cause_of(redemption), are_held=True)
    write(posting, actor=actor)
    Hold.objects.filter(id=hold.id).update(
        status=HoldStatus.POSTED, closed_at=at, group_id=group_id
    )
    return Redeemed(key, group_id, hold.points, shares(takes), False)


@atomic_retrying
def void_hold(hold_id: UUID, *, actor: Actor) -> int:
    """Free what a hold pins; what expired meanwhile expires now. Returns the points expired.

    Voiding it again does nothing. Raises `HoldUnknown`, `HoldClosed` when it was posted.
    """
    hold, takes = _locked(hold_id)
    if hold.status == HoldStatus.VOIDED:
        return 0
    if hold.status == HoldStatus.POSTED:
        raise HoldClosed()
    return _void(hold, takes, actor=actor)


@atomic_retrying
def void_due_holds(*, actor: Actor, limit: int = 200) -> int:
    """Void holds whose deadline has passed; returns how many. Call again while it is ``limit``."""
    due = Hold.objects.filter(status=HoldStatus.OPEN, deadline_at__lte=now())
    voided = 0
    for hold_id in due.order_by("deadline_at").values_list("id", flat=True)[:limit]:
        hold, takes = _locked(hold_id)
        if hold.status == HoldStatus.OPEN:
            _void(hold, takes, actor=actor)
            voided += 1
    return voided


def _void(hold: Hold, takes: Sequence[Take], *, actor: Actor) -> int:
    at = now()
    dead = [t for t in takes if t.lot.expires_at is not None and t.lot.expires_at <= at]
    alive = [take for take in takes if take not in dead]
    if alive:
        run(_RELEASE, [array(take.lot.id for take in alive), array(take.points for take in alive)])
    posting = Posting()
    for take in dead:
        add_expiry(posting, take.lot, take.points, at=at, was_held_by=hold.id)
    write(posting, actor=actor)
    Hold.objects.filter(id=hold.id).update(status=HoldStatus.VOIDED, closed_at=at)
    return sum(take.points for take in dead)


def _locked(hold_id: UUID) -> tuple[Hold, list[Take]]:
    """The hold under its members' locks, and what it pins."""
    member_id = Hold.objects.filter(id=hold_id).values_list("member_id", flat=True).first()
    if member_id is None:
        raise HoldUnknown()
    owners = {state.member_id for state, _amount in held_lots(hold_id)}
    lock_records({member_id, *owners})
    hold = lock_hold(hold_id)
    takes = [Take(replace(state), amount) for state, amount in held_lots(hold_id)]
    return hold, takes


def _posting_key(hold: Hold) -> str:
    return f"hold:{hold.id}"
