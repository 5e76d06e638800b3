"""Decisions of the ledger: which lots a posting takes from, and what it refuses. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from mallard.value.ledger.errors import (
    AmountNotPositive,
    AmountTooLarge,
    BatchTooLarge,
    LotNeverLives,
)
from mallard.value.ledger.types import Accrual, LotState

MAX_BATCH = 5_000
"""Postings in one call. Bounded, so that a transaction stays short and memory small."""

MAX_AMOUNT = 10**12
"""Units in one transfer. Far above any receipt, and a million of them still fit a bigint."""

FOREVER = dt.datetime.max.replace(tzinfo=dt.UTC)


def check_batch(count: int) -> None:
    """Refuse more postings than one call may carry."""
    if count > MAX_BATCH:
        raise BatchTooLarge(count=count, limit=MAX_BATCH)


def check_amount(amount: int) -> None:
    """Refuse an amount that is no whole number above zero, or is out of all proportion."""
    if type(amount) is not int or amount <= 0:
        raise AmountNotPositive(amount=amount)
    if amount > MAX_AMOUNT:
        raise AmountTooLarge(amount=amount, limit=MAX_AMOUNT)


def check_accruals(accruals: Sequence[Accrual]) -> None:
    """Refuse a batch that is too large, an amount that is none, points that never live."""
    check_batch(len(accruals))
    for accrual in accruals:
        check_amount(accrual.points)
        if accrual.expires_at is not None and accrual.expires_at <= accrual.matures_at:
            raise LotNeverLives()


@dataclass(slots=True)
class Debt:
    """What a member owes one funder; goes down while a plan is made."""

    account_id: UUID
    member_id: UUID
    owed: int


def plan_settlement(points: int, debts: Iterable[Debt]) -> list[tuple[Debt, int]]:
    """How new points pay debts, the oldest first. Lowers the debts it pays."""
    plan = []
    for debt in debts:
        paid = min(points, debt.owed)
        if paid:
            debt.owed -= paid
            points -= paid
            plan.append((debt, paid))
    return plan


@dataclass(slots=True)
class OpenLot:
    """A lot while plans are made: what is still free of it, and what expired and could revive."""

    state: LotState
    free: int
    expired: int

    @classmethod
    def of(cls, state: LotState) -> OpenLot:
        return cls(state, state.free, state.expired)

    def take(self, points: int) -> int:
        taken = min(points, self.free)
        self.free -= taken
        return taken


def spending_order(lot: OpenLot) -> tuple[dt.datetime, dt.datetime, UUID]:
    """Soonest-expiring first; of those, what matured first; then by age."""
    return (lot.state.expires_at or FOREVER, lot.state.matures_at, lot.state.id)


@dataclass(frozen=True, slots=True)
class Take:
    """``points`` of one lot; ``revived`` of them had expired and come back to be taken."""

    lot: LotState
    points: int
    revived: int = 0


@dataclass(frozen=True, slots=True)
class ReversalPlan:
    own: list[Take]
    others: list[Take]
    owed: int


def plan_reversal(
    points: int, own: Iterable[OpenLot], others: Iterable[OpenLot], *, at: dt.datetime
) -> ReversalPlan:
    """Where the points of an undone sale come from.

    The sale's own lots first, expired points of them too: those went back to the funder already,
    and the member must not pay for them again. Then the member's other free lots, soonest-expiring
    first, matured or not. What is missing then is owed. Lowers the lots it takes from.
    """
    left = points
    from_own = []
    for lot in sorted(own, key=spending_order):
        free = lot.take(left)
        revived = min(left - free, lot.expired)
        lot.expired -= revived
        left -= free + revived
        if free + revived:
            from_own.append(Take(lot.state, free + revived, revived))
    from_others = []
    for lot in sorted(others, key=spending_order):
        if lot.state.expires_at is not None and lot.state.expires_at <= at:
            continue
        taken = lot.take(left)
        left -= taken
        if taken:
            from_others.append(Take(lot.state, taken))
    return ReversalPlan(from_own, from_others, left)


def plan_spending(
    points: int, wallets: Iterable[Iterable[OpenLot]], *, at: dt.datetime
) -> tuple[list[Take], int]:
    """Which matured, unexpired lots pay ``points``: wallet by wallet, soonest-expiring first.

    Returns what is taken and what is missing. Lowers the lots it takes from.
    """
    left = points
    takes: list[Take] = []
    for wallet in wallets:
        for lot in sorted(wallet, key=spending_order):
            if left == 0:
                return takes, 0
            taken = lot.take(left) if lot.state.is_spendable_at(at) else 0
            left -= taken
            if taken:
                takes.append(Take(lot.state, taken))
    return takes, left
