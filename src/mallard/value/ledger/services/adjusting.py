"""Staff add or take points, and say why."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.ledger.errors import InsufficientPoints, KeyReused
from mallard.value.ledger.fingerprints import fingerprint
from mallard.value.ledger.locks import lock_records
from mallard.value.ledger.lots import lots_to_spend
from mallard.value.ledger.models import TransferKind
from mallard.value.ledger.postings import Cause, Posting, earlier_postings, write
from mallard.value.ledger.rules import OpenLot, Take, check_amount, plan_spending
from mallard.value.ledger.services.accruals import post_accruals
from mallard.value.ledger.types import Accrual, Adjustment


@atomic_retrying
def adjust(adjustment: Adjustment, *, actor: Actor) -> bool:
    """Add points as a lot of the funder, or take them from what the member has of that funder.

    Returns whether this was a repetition of a known key. Taking more than is free to spend is
    refused: `InsufficientPoints`; other content under a known key: `KeyReused`.
    """
    if adjustment.points > 0:
        return _add(adjustment, actor=actor)
    return _take(adjustment, actor=actor)


def _add(adjustment: Adjustment, *, actor: Actor) -> bool:
    accrual = Accrual(
        key=adjustment.key,
        member_id=adjustment.member_id,
        funder_id=adjustment.funder_id,
        points=adjustment.points,
        source_kind=adjustment.source_kind,
        source_id=adjustment.source_id,
        reason=adjustment.reason,
        occurred_at=adjustment.recorded_at,
        recorded_at=adjustment.recorded_at,
        matures_at=adjustment.recorded_at,
        expires_at=adjustment.expires_at,
        group_id=adjustment.group_id,
    )
    [posted] = post_accruals([accrual], actor=actor, kind=TransferKind.ADJUST)
    return posted.is_replay


def _take(adjustment: Adjustment, *, actor: Actor) -> bool:
    points = -adjustment.points
    check_amount(points)
    records = lock_records({adjustment.member_id})
    content = fingerprint(
        "take", adjustment.member_id, adjustment.funder_id, points, adjustment.source_id
    )
    known = earlier_postings([adjustment.key]).get(adjustment.key)
    if known:
        if known[0].fingerprint != content:
            raise KeyReused(key=adjustment.key)
        return True
    wallets: dict[UUID, list[OpenLot]] = {m: [] for m in records[adjustment.member_id].members}
    for state in lots_to_spend(wallets):
        if state.funder_id == adjustment.funder_id:
            wallets[state.member_id].append(OpenLot.of(state))
    takes, missing = plan_spending(points, wallets.values(), at=adjustment.recorded_at)
    if missing:
        raise InsufficientPoints(available=points - missing, asked=points)
    write(_posting(adjustment, takes, content), actor=actor)
    return False


def _posting(adjustment: Adjustment, takes: list[Take], content: int) -> Posting:
    cause = Cause(
        adjustment.key,
        content,
        adjustment.group_id,
        adjustment.source_kind,
        adjustment.source_id,
        adjustment.reason,
        adjustment.recorded_at,
        adjustment.recorded_at,
    )
    posting = Posting()
    for take in takes:
        transfer_id = posting.add(
            TransferKind.ADJUST,
            cause,
            debit=take.lot.account_id,
            credit=adjustment.funder_id,
            member_id=adjustment.member_id,
            amount=take.points,
        )
        posting.use(transfer_id, take.lot.id, take.points)
    return posting
