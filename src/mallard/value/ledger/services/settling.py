"""What a member owes is settled from the points they earn, before they can spend them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.value.ledger import fingerprints
from mallard.value.ledger.locks import lock_records
from mallard.value.ledger.models import POINTS, TransferKind
from mallard.value.ledger.postings import Cause, Posting, write
from mallard.value.ledger.rules import Debt, plan_settlement
from mallard.value.ledger.statements import array, run
from mallard.value.ledger.types import Accrual

_DEBTS = """
SELECT r.account_id, r.member_id, r.owed FROM ledger_receivable r
WHERE r.member_id = ANY ($1::uuid[]) AND r.unit = $2 AND r.owed > 0
ORDER BY r.account_id
"""

_ACCOUNTS = """
SELECT transfer_id, account_id FROM ledger_lot WHERE transfer_id = ANY ($1::uuid[])
"""


def settle_receivables(
    fresh: Sequence[tuple[Accrual, UUID]], *, actor: Actor, kind: TransferKind
) -> dict[str, int]:
    """Settle what the earners owe from their new lots; returns the points settled by key.

    ``fresh`` pairs each accrual with its transfer, just posted in this transaction. One transfer
    for each lot and receivable it pays, so that every funder gets back exactly its own.
    """
    records = lock_records({accrual.member_id for accrual, _id in fresh})
    owing = sorted({member for found in records.values() for member in found.members})
    debts: dict[UUID, list[Debt]] = {}
    for account_id, member_id, owed in run(_DEBTS, [array(owing), POINTS]):
        debts.setdefault(member_id, []).append(Debt(account_id, member_id, owed))
    accounts = dict(run(_ACCOUNTS, [array(i for _a, i in fresh)]))
    posting = Posting()
    settled: dict[str, int] = {}
    for accrual, lot_id in fresh:
        due = [d for member in records[accrual.member_id].members for d in debts.get(member, ())]
        cause = Cause(
            accrual.key,
            fingerprints.of_accrual(accrual, kind),
            accrual.group_id,
            accrual.source_kind,
            accrual.source_id,
            accrual.reason,
            accrual.occurred_at,
            accrual.recorded_at,
        )
        posting.start_parts_at(accrual.key, 1)
        for debt, amount in plan_settlement(accrual.points, due):
            transfer_id = posting.add(
                TransferKind.SETTLE,
                cause,
                debit=accounts[lot_id],
                credit=debt.account_id,
                member_id=debt.member_id,
                amount=amount,
            )
            posting.use(transfer_id, lot_id, amount)
            settled[accrual.key] = settled.get(accrual.key, 0) + amount
    write(posting, actor=actor)
    return settled
