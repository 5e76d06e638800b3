"""A refunded redemption gives back the lots that it took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.ledger.errors import KeyReused, RedemptionUnknown, RestoreTooLarge
from mallard.value.ledger.fingerprints import fingerprint
from mallard.value.ledger.locks import lock_records
from mallard.value.ledger.lots import lots_by_id
from mallard.value.ledger.models import TransferKind
from mallard.value.ledger.postings import Cause, Posting, earlier_postings, write
from mallard.value.ledger.rules import check_amount
from mallard.value.ledger.services.accruals import post_accruals
from mallard.value.ledger.services.expiry import add_expiry
from mallard.value.ledger.statements import run
from mallard.value.ledger.types import Accrual, LotState, Restoration, Restored

GRACE_DAYS = 30
"""How long after the end of their lot points may still be spent that come back after it.

Counted from the lot's own end and given once: who lets rewards go again and again gains nothing.
"""

# What each redeeming transfer took from each lot, and what became of it: given back to the lot,
# or, after an unmerging gave it back to the lot's owner, owed by who had spent it (`moved`).
_TAKEN = """
WITH spent AS (
    SELECT t.id, t.member_id, t.debit_account_id, t.credit_account_id
    FROM ledger_transfer t WHERE t.key = $1 AND t.kind = 'redeem'
), undone AS (
    SELECT s.id AS spent_id, t.id, t.kind FROM spent s
    JOIN ledger_transfer t ON t.reverses_id = s.id WHERE t.kind IN ('restore', 'unmerge')
), moves AS (
    SELECT id AS spent_id, id, 'redeem' AS kind FROM spent UNION ALL SELECT * FROM undone
), refunded AS (
    SELECT reverses_id AS id, sum(amount) AS amount FROM ledger_transfer
    WHERE reverses_id IN (SELECT id FROM undone WHERE kind = 'unmerge') GROUP BY 1
)
SELECT s.id, s.member_id, s.debit_account_id, s.credit_account_id, u.lot_id,
    sum(u.amount)::bigint AS left_of_lot,
    coalesce(sum(-u.amount) FILTER (WHERE m.kind = 'unmerge'), 0)::bigint
        - coalesce(max(r.amount), 0)::bigint AS moved,
    (array_agg(m.id) FILTER (WHERE m.kind = 'unmerge'))[1] AS unmerge_id
FROM moves m
JOIN spent s ON s.id = m.spent_id
JOIN ledger_lotuse u ON u.transfer_id = m.id
LEFT JOIN refunded r ON r.id = m.id
GROUP BY s.id, s.member_id, s.debit_account_id, s.credit_account_id, u.lot_id
ORDER BY s.id, u.lot_id
"""


@dataclass(frozen=True, slots=True)
class _Taken:
    """What one redeeming transfer took from one lot. ``left_of_lot`` can go back to the lot;
    ``moved`` went back to the owner when records were unmerged and is the spender's now."""

    transfer_id: UUID
    member_id: UUID
    wallet_id: UUID
    redemption_account_id: UUID
    lot_id: UUID
    left_of_lot: int
    moved: int
    unmerge_id: UUID | None


@atomic_retrying
def reverse_redemption(restoration: Restoration, *, actor: Actor) -> Restored:
    """Give back ``points`` of a redemption (None: all that is left of it), to the lots they came
    from, latest-expiring first.

    A lot that has expired lives until `GRACE_DAYS` days after its own end; what had expired of it
    before stays expired, and what comes back later than that expires at once. If records were
    unmerged since, the spender's debt shrinks instead, and what is paid already comes as points of
    the same funder. A known key gets the first answer. Raises `RedemptionUnknown`,
    `RestoreTooLarge`, `KeyReused`.
    """
    if restoration.points is not None:
        check_amount(restoration.points)
    taken = _taken(restoration.redemption_key)
    lots = lots_by_id({row.lot_id for row in taken})
    lock_records({row.member_id for row in taken} | {lot.member_id for lot in lots.values()})
    content = fingerprint("restore", restoration.redemption_key, restoration.points)
    known = earlier_postings([restoration.key]).get(restoration.key)
    if known:
        if known[0].fingerprint != content:
            raise KeyReused(key=restoration.key)
        points = sum(t.amount for t in known if t.kind == TransferKind.RESTORE)
        return Restored(restoration.key, points, 0, True)
    taken = _taken(restoration.redemption_key)
    lots = lots_by_id({row.lot_id for row in taken})
    left = sum(row.left_of_lot + row.moved for row in taken)
    asked = left if restoration.points is None else restoration.points
    if asked > left or left == 0:
        raise RestoreTooLarge(left=left, asked=asked)
    cause = Cause(
        restoration.key,
        content,
        restoration.group_id,
        restoration.source_kind,
        restoration.source_id,
        restoration.reason,
        restoration.occurred_at,
        restoration.recorded_at,
    )
    return _Restoring(cause, lots, actor).restore(taken, asked)


def _taken(redemption_key: str) -> list[_Taken]:
    rows = [_Taken(*row) for row in run(_TAKEN, [redemption_key])]
    if not rows:
        raise RedemptionUnknown()
    return rows


class _Restoring:
    """One restoration while it is decided and written."""

    def __init__(self, cause: Cause, lots: dict[UUID, LotState], actor: Actor) -> None:
        self._cause = cause
        self._lots = lots
        self._actor = actor
        self._posting = Posting()
        self._grants: list[tuple[_Taken, int]] = []
        self._revived = 0
        self._lives: dict[UUID, Comeback] = {}
        self._owed: dict[UUID, int] = {}

    def restore(self, taken: Sequence[_Taken], asked: int) -> Restored:
        left = asked
        back: dict[UUID, list[tuple[_Taken, int]]] = {}
        for row in sorted(taken, key=self._latest_first):
            to_lot = min(left, row.left_of_lot)
            moved = min(left - to_lot, row.moved)
            left -= to_lot + moved
            if to_lot:
                back.setdefault(row.transfer_id, []).append((row, to_lot))
            if moved:
                self._to_spender(row, moved)
        for parts in back.values():
            self._to_lots(parts)
        write(self._posting, actor=self._actor)
        self._grant()
        return Restored(self._cause.key, asked, self._revived, False)

    def _latest_first(self, row: _Taken) -> tuple[float, UUID]:
        expires_at = self._lots[row.lot_id].expires_at
        return (-expires_at.timestamp() if expires_at else float("-inf"), row.lot_id)

    def _to_lots(self, parts: Sequence[tuple[_Taken, int]]) -> None:
        """One transfer for each redeeming transfer; its lots get back what they gave."""
        row = parts[0][0]
        transfer_id = self._posting.add(
            TransferKind.RESTORE,
            self._cause,
            debit=row.redemption_account_id,
            credit=row.wallet_id,
            member_id=row.member_id,
            amount=sum(points for _row, points in parts),
            reverses_id=row.transfer_id,
        )
        for part, points in parts:
            lot = self._lots[part.lot_id]
            life = self._life(lot)
            self._revived += points if life.expires_at else 0
            life.give_back(
                self._posting, transfer_id, lot, points, by=self._cause.key,
                at=self._cause.recorded_at,
            )  # fmt: skip

    def _life(self, lot: LotState) -> Comeback:
        if lot.id not in self._lives:
            self._lives[lot.id] = comeback_of(self._posting, lot, at=self._cause.recorded_at)
        return self._lives[lot.id]

    def _to_spender(self, row: _Taken, points: int) -> None:
        """The lot's owner has the points back already: lower the debt of who had spent them."""
        lot = self._lots[row.lot_id]
        receivable, owed = _receivable(row.member_id, lot.funder_id)
        owed = self._owed.get(receivable, owed)
        paid = min(points, owed)
        self._owed[receivable] = owed - paid
        if paid:
            self._posting.add(
                TransferKind.RESTORE,
                self._cause,
                debit=row.redemption_account_id,
                credit=receivable,
                member_id=row.member_id,
                amount=paid,
                reverses_id=row.unmerge_id,
            )
        if points > paid:
            self._posting.add(
                TransferKind.RESTORE,
                self._cause,
                debit=row.redemption_account_id,
                credit=lot.funder_id,
                member_id=row.member_id,
                amount=points - paid,
                reverses_id=row.unmerge_id,
            )
            self._grants.append((row, points - paid))

    def _grant(self) -> None:
        """Debts paid since come back as points of the same funder."""
        cause = self._cause
        grants = [
            Accrual(
                key=f"{cause.key}:{row.lot_id}",
                member_id=row.member_id,
                funder_id=self._lots[row.lot_id].funder_id,
                points=points,
                source_kind=cause.source_kind,
                source_id=cause.source_id,
                reason=cause.reason,
                occurred_at=cause.occurred_at,
                recorded_at=cause.recorded_at,
                matures_at=cause.recorded_at,
                expires_at=cause.recorded_at + dt.timedelta(days=GRACE_DAYS),
                group_id=cause.group_id,
            )
            for row, points in self._grants
        ]
        post_accruals(grants, actor=self._actor, members_locked=True, kind=TransferKind.ADJUST)


@dataclass(frozen=True, slots=True)
class Comeback:
    """What becomes of points that come back to a lot: they live until ``expires_at`` (None: as
    long as the lot does), or are over at once."""

    expires_at: dt.datetime | None = None
    is_over: bool = False

    def give_back(
        self,
        posting: Posting,
        transfer_id: UUID,
        lot: LotState,
        points: int,
        *,
        by: str,
        at: dt.datetime,
    ) -> None:
        """Give ``points`` back to the lot by a transfer; ``by`` is the key of the act."""
        is_grace = self.expires_at is not None
        posting.use(transfer_id, lot.id, -points, expires_at=self.expires_at, is_grace=is_grace)
        if self.is_over:
            add_expiry(posting, lot, points, at=at, came_back_by=by)


def comeback_of(posting: Posting, lot: LotState, *, at: dt.datetime) -> Comeback:
    """How long points live that come back to a lot.

    An expired lot loses first what it still holds unspent, or the grace would revive that too.
    """
    if lot.expires_at is None or lot.expires_at > at:
        return Comeback()
    ends_at = lot.grace_ends_at or lot.expires_at + dt.timedelta(days=GRACE_DAYS)
    if ends_at <= at:
        return Comeback(is_over=True)
    if lot.free:
        add_expiry(posting, lot, lot.free, at=at)
    return Comeback(ends_at)


_RECEIVABLE = """
SELECT account_id, owed FROM ledger_receivable
WHERE member_id = $1::uuid AND funder_id = $2::uuid AND unit = 'points'
"""


def _receivable(member_id: UUID, funder_id: UUID) -> tuple[UUID, int]:
    [(account_id, owed)] = run(_RECEIVABLE, [member_id, funder_id])
    return account_id, owed
