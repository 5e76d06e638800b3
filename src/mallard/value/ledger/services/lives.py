"""Lots that live longer than they were opened for, and points that one member gives another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.ledger.errors import (
    GiftToOneself,
    InsufficientPoints,
    KeyReused,
    LotNotExpired,
    LotOver,
    LotUnknown,
    NotLater,
)
from mallard.value.ledger.fingerprints import fingerprint
from mallard.value.ledger.gates import check_may_spend
from mallard.value.ledger.locks import lock_records
from mallard.value.ledger.lots import lots_by_id, lots_to_spend
from mallard.value.ledger.models import Lot, TransferKind
from mallard.value.ledger.postings import Cause, Posting, earlier_postings, write
from mallard.value.ledger.rules import OpenLot, Take, check_amount, plan_spending
from mallard.value.ledger.services.accounts import open_wallets
from mallard.value.ledger.services.accruals import post_accruals
from mallard.value.ledger.services.expiry import add_expiry
from mallard.value.ledger.statements import run
from mallard.value.ledger.types import Accrual, LotState


@dataclass(frozen=True, slots=True)
class Revival:
    """What expired of a lot comes back and lives until ``expires_at``."""

    key: str
    lot_id: UUID
    expires_at: dt.datetime
    source_kind: str
    source_id: UUID
    reason: str
    recorded_at: dt.datetime
    group_id: UUID


@dataclass(frozen=True, slots=True)
class Gift:
    """Points that a member gives another; they keep their funders and their expiry."""

    key: str
    giver_id: UUID
    receiver_id: UUID
    points: int
    source_kind: str
    source_id: UUID
    reason: str
    recorded_at: dt.datetime
    group_id: UUID


@atomic_retrying
def extend_lot(lot_id: UUID, *, expires_at: dt.datetime, at: dt.datetime) -> dt.datetime | None:
    """Let a living lot live until ``expires_at``; returns when it would have ended. Nothing moves,
    so there is no transfer: the caller keeps who did it and why.

    Raises `LotUnknown`, `LotOver` when it has expired, `NotLater`.
    """
    lot = _locked_lot(lot_id)
    if lot.expires_at == expires_at:
        return lot.expires_at
    if lot.expires_at is None or expires_at < lot.expires_at:
        raise NotLater(fields={"expires_at": NotLater.message})
    if lot.expires_at <= at:
        raise LotOver()
    Lot.objects.filter(pk=lot_id).update(expires_at=expires_at, grace_ends_at=None)
    return lot.expires_at


_EXPIRED = """
SELECT coalesce(sum(u.amount), 0)::bigint FROM ledger_lotuse u
JOIN ledger_transfer t ON t.id = u.transfer_id
WHERE u.lot_id = $1::uuid AND t.kind IN ('expire', 'revive')
"""


@atomic_retrying
def revive_lot(revival: Revival, *, actor: Actor) -> int:
    """Give a member back what expired of a lot; returns the points (again: the first answer).

    Raises `LotUnknown`, `LotNotExpired` when nothing of it did, `NotLater` for an end that is over
    already, `KeyReused`.
    """
    lot = _locked_lot(revival.lot_id)
    content = fingerprint("revive", revival.lot_id)
    known = earlier_postings([revival.key]).get(revival.key)
    if known:
        if known[0].fingerprint != content:
            raise KeyReused(key=revival.key)
        return sum(t.amount for t in known)
    if revival.expires_at <= revival.recorded_at:
        raise NotLater(fields={"expires_at": NotLater.message})
    [(expired,)] = run(_EXPIRED, [revival.lot_id])
    posting = Posting()
    is_over = lot.expires_at is not None and lot.expires_at <= revival.recorded_at
    if is_over and lot.free:  # the job has not come by yet
        add_expiry(posting, lot, lot.free, at=revival.recorded_at)
        expired += lot.free
    # What a clock that was ahead took before its time comes back too.
    if expired <= 0:
        raise LotNotExpired()
    cause = Cause(
        revival.key,
        content,
        revival.group_id,
        revival.source_kind,
        revival.source_id,
        revival.reason,
        revival.recorded_at,
        revival.recorded_at,
    )
    transfer_id = posting.add(
        TransferKind.REVIVE,
        cause,
        debit=lot.funder_id,
        credit=lot.account_id,
        member_id=lot.member_id,
        amount=expired,
    )
    posting.use(transfer_id, lot.id, -expired, expires_at=revival.expires_at)
    write(posting, actor=actor)
    return int(expired)


@atomic_retrying
def give_points(gift: Gift, *, actor: Actor) -> bool:
    """Move points from one member to another, soonest-expiring first; each lot becomes a lot of
    the same funder and expiry. Returns whether this was a repetition.

    Both ends net out for every funder. What the receiver owes is settled first, as always. Raises
    `InsufficientPoints`, `GiftToOneself`, `KeyReused`, `MemberUnknown`.
    """
    check_amount(gift.points)
    records = lock_records({gift.giver_id, gift.receiver_id})
    giver = records[gift.giver_id].members
    if gift.receiver_id in giver:
        raise GiftToOneself()
    check_may_spend({*giver, *records[gift.receiver_id].members})
    content = fingerprint("gift", gift.giver_id, gift.receiver_id, gift.points)
    known = earlier_postings([gift.key]).get(gift.key)
    if known:
        if known[0].fingerprint != content:
            raise KeyReused(key=gift.key)
        return True
    wallets: dict[UUID, list[OpenLot]] = {member: [] for member in giver}
    for state in lots_to_spend(giver):
        wallets[state.member_id].append(OpenLot.of(state))
    takes, missing = plan_spending(gift.points, wallets.values(), at=gift.recorded_at)
    if missing:
        raise InsufficientPoints(available=gift.points - missing, asked=gift.points)
    _take(gift, takes, content, actor)
    open_wallets({gift.receiver_id}, actor=actor)
    post_accruals(
        [_given(gift, take) for take in takes], actor=actor, kind=TransferKind.ADJUST,
        members_locked=True,
    )  # fmt: skip
    _keep_graces(gift, takes)
    return False


def _keep_graces(gift: Gift, takes: list[Take]) -> None:
    """What lives in grace goes on in it: a gift begins no new life."""
    for take in takes:
        if take.lot.grace_ends_at is not None:
            Lot.objects.filter(transfer__key=f"{gift.key}:{take.lot.id}").update(
                grace_ends_at=take.lot.grace_ends_at
            )


def _take(gift: Gift, takes: list[Take], content: int, actor: Actor) -> None:
    cause = Cause(
        gift.key, content, gift.group_id, gift.source_kind, gift.source_id, gift.reason,
        gift.recorded_at, gift.recorded_at,
    )  # fmt: skip
    posting = Posting()
    for take in takes:
        transfer_id = posting.add(
            TransferKind.ADJUST,
            cause,
            debit=take.lot.account_id,
            credit=take.lot.funder_id,
            member_id=gift.giver_id,
            amount=take.points,
        )
        posting.use(transfer_id, take.lot.id, take.points)
    write(posting, actor=actor)


def _given(gift: Gift, take: Take) -> Accrual:
    return Accrual(
        key=f"{gift.key}:{take.lot.id}",
        member_id=gift.receiver_id,
        funder_id=take.lot.funder_id,
        points=take.points,
        source_kind=gift.source_kind,
        source_id=gift.source_id,
        reason=gift.reason,
        occurred_at=gift.recorded_at,
        recorded_at=gift.recorded_at,
        matures_at=gift.recorded_at,
        expires_at=take.lot.expires_at,
        group_id=gift.group_id,
    )


def _locked_lot(lot_id: UUID) -> LotState:
    found = lots_by_id([lot_id])
    if lot_id not in found:
        raise LotUnknown()
    lock_records({found[lot_id].member_id})
    return lots_by_id([lot_id])[lot_id]
