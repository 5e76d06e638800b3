"""Spending points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.ledger import fingerprints
from mallard.value.ledger.errors import InsufficientPoints, KeyReused
from mallard.value.ledger.gates import check_may_spend
from mallard.value.ledger.locks import Records, lock_records
from mallard.value.ledger.lots import lots_to_spend
from mallard.value.ledger.models import TransferKind
from mallard.value.ledger.postings import Cause, Posting, earlier_postings, write
from mallard.value.ledger.rules import OpenLot, Take, check_amount, check_batch, plan_spending
from mallard.value.ledger.statements import array, run
from mallard.value.ledger.types import Redeemed, Redemption


@atomic_retrying
def redeem(redemptions: Sequence[Redemption], *, actor: Actor) -> list[Redeemed]:
    """Spend points; one answer each, in order. All or none.

    Matured, unexpired, unheld lots pay, soonest-expiring first, wallet by wallet: the record
    named, those merged with it, then ``further_wallets``. A known key with the same content gets
    the first answer. Raises `InsufficientPoints`, `KeyReused`, `MemberUnknown`.
    """
    check_batch(len(redemptions))
    for redemption in redemptions:
        check_amount(redemption.points)
    if not redemptions:
        return []
    records = lock_records(spenders(redemptions))
    check_may_spend(everybody(records))
    earlier = earlier_postings([redemption.key for redemption in redemptions])
    wallets = Wallets(records)
    posting = Posting()
    new: dict[str, tuple[Redemption, list[Take]]] = {}
    for redemption in redemptions:
        content = fingerprints.of_redemption(redemption)
        if redemption.key in earlier:
            known = earlier[redemption.key][0].fingerprint
        elif redemption.key in new:
            known = fingerprints.of_redemption(new[redemption.key][0])
        else:
            takes = wallets.spend(redemption)
            post_takes(posting, redemption, takes, cause=cause_of(redemption))
            new[redemption.key] = (redemption, takes)
            continue
        if known != content:
            raise KeyReused(key=redemption.key)
    write(posting, actor=actor)
    return [
        Redeemed(r.key, r.group_id, r.points, shares(new[r.key][1]), False)
        if r.key in new
        else first_answer(r.key)
        for r in redemptions
    ]


def everybody(records: dict[UUID, Records]) -> set[UUID]:
    """All records of these persons."""
    return {member for found in records.values() for member in found.members}


def spenders(redemptions: Iterable[Redemption]) -> set[UUID]:
    """Every member whose wallet may pay."""
    return {
        member
        for redemption in redemptions
        for member in (redemption.member_id, *redemption.further_wallets)
    }


class Wallets:
    """The lots of all wallets concerned, going down while one redemption after another takes."""

    def __init__(self, records: dict[UUID, Records]) -> None:
        self._records = records
        self._lots: dict[UUID, list[OpenLot]] = {}
        for state in lots_to_spend({m for found in records.values() for m in found.members}):
            self._lots.setdefault(state.member_id, []).append(OpenLot.of(state))

    def spend(self, redemption: Redemption) -> list[Take]:
        """What pays for ``redemption``. Raises `InsufficientPoints`."""
        named = (redemption.member_id, *redemption.further_wallets)
        order = dict.fromkeys(member for name in named for member in self._records[name].members)
        takes, missing = plan_spending(
            redemption.points,
            [self._lots.get(member, []) for member in order],
            at=redemption.recorded_at,
        )
        if missing:
            raise InsufficientPoints(available=redemption.points - missing, asked=redemption.points)
        return takes


def cause_of(redemption: Redemption) -> Cause:
    return Cause(
        redemption.key,
        fingerprints.of_redemption(redemption),
        redemption.group_id,
        redemption.source_kind,
        redemption.source_id,
        redemption.reason,
        redemption.occurred_at,
        redemption.recorded_at,
    )


def post_takes(
    posting: Posting,
    redemption: Redemption,
    takes: Sequence[Take],
    *,
    cause: Cause,
    are_held: bool = False,
) -> None:
    """One transfer for each wallet that pays, with what it took from which lot."""
    by_account: dict[UUID, list[Take]] = {}
    for take in takes:
        by_account.setdefault(take.lot.account_id, []).append(take)
    for account_id, taken in by_account.items():
        transfer_id = posting.add(
            TransferKind.REDEEM,
            cause,
            debit=account_id,
            credit=redemption.redemption_account_id,
            member_id=redemption.member_id,
            amount=sum(take.points for take in taken),
        )
        for take in taken:
            posting.use(
                transfer_id, take.lot.id, take.points, unheld=take.points if are_held else 0
            )


def shares(takes: Iterable[Take]) -> dict[UUID, int]:
    """How much each funder bears."""
    by_funder: dict[UUID, int] = {}
    for take in takes:
        by_funder[take.lot.funder_id] = by_funder.get(take.lot.funder_id, 0) + take.points
    return by_funder


_SHARES = """
SELECT t.group_id, l.funder_id, sum(u.amount)::bigint
FROM ledger_transfer t
JOIN ledger_lotuse u ON u.transfer_id = t.id
JOIN ledger_lot l ON l.transfer_id = u.lot_id
WHERE t.key = ANY ($1::text[]) AND t.kind = 'redeem' GROUP BY 1, 2
"""


def first_answer(key: str) -> Redeemed:
    """The answer to a redemption that is posted already."""
    rows = run(_SHARES, [array([key])])
    by_funder = {funder: points for _group, funder, points in rows}
    return Redeemed(key, rows[0][0], sum(by_funder.values()), by_funder, True)
