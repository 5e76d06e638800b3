"""Records that turn out to be two people get apart again, their points too."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.value.ledger.fingerprints import fingerprint
from mallard.value.ledger.locks import lock_records
from mallard.value.ledger.lots import lots_by_id
from mallard.value.ledger.models import Hold, HoldStatus, TransferKind
from mallard.value.ledger.postings import Cause, Posting, write
from mallard.value.ledger.services.accounts import open_receivables, open_wallets
from mallard.value.ledger.services.holds import void_hold
from mallard.value.ledger.services.restoring import Comeback, comeback_of
from mallard.value.ledger.statements import array, run

# What one record's acts took from the other's lots and did not give back. A reversal of the sale
# that earned a lot is not among them: that sale was the lot owner's.
_CROSSED = """
WITH acts AS (
    SELECT CASE WHEN t.kind IN ('restore', 'unmerge') THEN t.reverses_id ELSE t.id END AS act_id,
        t.member_id, l.transfer_id AS lot_id, u.amount
    FROM ledger_lot l
    JOIN ledger_lotuse u ON u.lot_id = l.transfer_id
    JOIN ledger_transfer t ON t.id = u.transfer_id
    WHERE l.member_id = ANY ($1::uuid[]) AND t.member_id = ANY ($2::uuid[])
        AND t.kind IN ('redeem', 'recover', 'settle', 'restore', 'unmerge')
)
SELECT act_id, member_id, lot_id, sum(amount)::bigint FROM acts
GROUP BY act_id, member_id, lot_id HAVING sum(amount) > 0 ORDER BY act_id, lot_id
"""


@atomic_retrying
def separate_wallets(one: UUID, other: UUID, *, actor: Actor) -> int:
    """Give each record back what the other spent of its points; the spender owes it from now on.

    Call it in the transaction that clears ``merged_into`` (before or after: it takes the two
    records with what is merged into each). What one of them holds of the other's points is
    free again. Returns the points given back. Calling it again changes nothing.
    """
    records = lock_records({one, other})
    ours, theirs = set(records[one].members), set(records[other].members)
    if ours & theirs:  # the pointer is still there
        ours, theirs = {one}, {other}
    for hold_id in {h for pair in ((ours, theirs), (theirs, ours)) for h in _crossed_holds(*pair)}:
        void_hold(hold_id, actor=actor)
    pairs = [
        row
        for owners, spenders in ((ours, theirs), (theirs, ours))
        for row in run(_CROSSED, [array(sorted(owners)), array(sorted(spenders))])
    ]
    if not pairs:
        return 0
    at = now()
    lots = lots_by_id({lot_id for _act, _member, lot_id, _points in pairs})
    debts = {(member, lots[lot_id].funder_id) for _act, member, lot_id, _points in pairs}
    open_wallets({member for member, _funder in debts}, actor=actor)
    receivables = open_receivables(debts)
    posting = Posting()
    group_id = uuid7()
    lives: dict[UUID, Comeback] = {}
    for act_id, member, lot_id, points in pairs:
        lot = lots[lot_id]
        cause = Cause(
            key=f"unmerge:{group_id}:{act_id}:{lot_id}",
            fingerprint=fingerprint("unmerge", act_id, lot_id, points),
            group_id=group_id,
            source_kind="unmerge",
            source_id=act_id,
            reason="unmerged",
            occurred_at=at,
            recorded_at=at,
        )
        if lot_id not in lives:
            lives[lot_id] = comeback_of(posting, lot, at=at)
        transfer_id = posting.add(
            TransferKind.UNMERGE,
            cause,
            debit=receivables[member, lot.funder_id],
            credit=lot.account_id,
            member_id=member,
            amount=points,
            reverses_id=act_id,
        )
        lives[lot_id].give_back(posting, transfer_id, lot, points, by=cause.key, at=at)
    write(posting, actor=actor)
    return sum(points for *_ids, points in pairs)


def _crossed_holds(owners: set[UUID], spenders: set[UUID]) -> set[UUID]:
    """Open holds by ``spenders`` on lots of ``owners``."""
    return set(
        Hold.objects.filter(
            status=HoldStatus.OPEN, member_id__in=spenders, lots__lot__member_id__in=owners
        ).values_list("id", flat=True)
    )
