"""Taking points back when what earned them was undone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.ledger import fingerprints
from mallard.value.ledger.errors import KeyReused
from mallard.value.ledger.locks import lock_records
from mallard.value.ledger.lots import lots_for_reversal
from mallard.value.ledger.models import TransferKind
from mallard.value.ledger.postings import (
    Cause,
    EarlierTransfer,
    Posting,
    earlier_postings,
    write,
)
from mallard.value.ledger.rules import (
    OpenLot,
    ReversalPlan,
    Take,
    check_amount,
    check_batch,
    plan_reversal,
)
from mallard.value.ledger.services.accounts import open_receivables, open_wallets
from mallard.value.ledger.types import Reversal, Reversed


@atomic_retrying
def reverse_accruals(
    reversals: Sequence[Reversal], *, actor: Actor, members_locked: bool = False
) -> list[Reversed]:
    """Take back points that were earned; one answer each, in order. All or none.

    From the source's own lots of that funder first, then from the member's other free lots,
    soonest-expiring first; the rest becomes a receivable of the member towards that funder. No
    balance goes below zero. Held points stay held.

    ``members_locked``: the caller's transaction holds the members' rows; those merged with them
    are locked here all the same. Raises `KeyReused`, `MemberUnknown` and what the rules refuse.
    """
    check_batch(len(reversals))
    for reversal in reversals:
        check_amount(reversal.points)
    if not reversals:
        return []
    records = lock_records({reversal.member_id for reversal in reversals})
    earlier = earlier_postings([reversal.key for reversal in reversals])
    fresh = _without_known(reversals, earlier)
    if fresh:
        plans = _plan(fresh, {m: found.members for m, found in records.items()})
        _post(plans, actor=actor)
    answers = {
        reversal.key: Reversed(
            reversal.key,
            sum(take.points for take in plan.own),
            sum(take.points for take in plan.others),
            plan.owed,
            False,
        )
        for reversal, plan in (plans if fresh else ())
    }
    return [_answer(reversal, answers, earlier) for reversal in reversals]


def _without_known(
    reversals: Sequence[Reversal], earlier: dict[str, list[EarlierTransfer]]
) -> list[Reversal]:
    """What is to be posted: keys that do not exist, each once. Raises `KeyReused`."""
    new: dict[str, Reversal] = {}
    for reversal in reversals:
        content = fingerprints.of_reversal(reversal)
        if reversal.key in earlier:
            known = earlier[reversal.key][0].fingerprint
        elif reversal.key in new:
            known = fingerprints.of_reversal(new[reversal.key])
        else:
            new[reversal.key] = reversal
            continue
        if known != content:
            raise KeyReused(key=reversal.key)
    return list(new.values())


def _plan(
    fresh: Sequence[Reversal], members: dict[UUID, tuple[UUID, ...]]
) -> list[tuple[Reversal, ReversalPlan]]:
    everyone = {member for found in members.values() for member in found}
    states = lots_for_reversal(everyone, {reversal.source_id for reversal in fresh})
    by_member: dict[UUID, list[OpenLot]] = {}
    for state in states:
        by_member.setdefault(state.member_id, []).append(OpenLot.of(state))
    plans = []
    for reversal in fresh:
        lots = [lot for member in members[reversal.member_id] for lot in by_member.get(member, ())]
        own = [
            lot
            for lot in lots
            if lot.state.source_id == reversal.source_id
            and lot.state.funder_id == reversal.funder_id
        ]
        mine = {lot.state.id for lot in own}
        others = [lot for lot in lots if lot.state.id not in mine]
        plan = plan_reversal(reversal.points, own, others, at=reversal.recorded_at)
        plans.append((reversal, plan))
    return plans


def _post(plans: Sequence[tuple[Reversal, ReversalPlan]], *, actor: Actor) -> None:
    debtors = {(r.member_id, r.funder_id) for r, plan in plans if plan.owed}
    receivables: dict[tuple[UUID, UUID], UUID] = {}
    if debtors:
        open_wallets({member for member, _funder in debtors}, actor=actor)
        receivables = open_receivables(debtors)
    posting = Posting()
    for reversal, plan in plans:
        cause = Cause(
            reversal.key,
            fingerprints.of_reversal(reversal),
            reversal.group_id,
            reversal.source_kind,
            reversal.source_id,
            reversal.reason,
            reversal.occurred_at,
            reversal.recorded_at,
        )
        for take in plan.own:
            _take_own(posting, reversal, cause, take)
        _take_others(posting, reversal, cause, plan.others)
        if plan.owed:
            posting.add(
                TransferKind.OWE,
                cause,
                debit=receivables[reversal.member_id, reversal.funder_id],
                credit=reversal.funder_id,
                member_id=reversal.member_id,
                amount=plan.owed,
            )
    write(posting, actor=actor)


def _take_own(posting: Posting, reversal: Reversal, cause: Cause, take: Take) -> None:
    """From a lot of the sale itself: names the transfer that it reverses."""
    if take.revived:
        revival = posting.add(
            TransferKind.REVIVE,
            cause,
            debit=reversal.funder_id,
            credit=take.lot.account_id,
            member_id=reversal.member_id,
            amount=take.revived,
        )
        posting.use(revival, take.lot.id, -take.revived)
    transfer_id = posting.add(
        TransferKind.REVERSE,
        cause,
        debit=take.lot.account_id,
        credit=reversal.funder_id,
        member_id=reversal.member_id,
        amount=take.points,
        reverses_id=take.lot.id,
    )
    posting.use(transfer_id, take.lot.id, take.points)


def _take_others(posting: Posting, reversal: Reversal, cause: Cause, takes: Sequence[Take]) -> None:
    """From other lots: one transfer for each wallet."""
    by_account: dict[UUID, list[Take]] = {}
    for take in takes:
        by_account.setdefault(take.lot.account_id, []).append(take)
    for account_id, taken in by_account.items():
        transfer_id = posting.add(
            TransferKind.RECOVER,
            cause,
            debit=account_id,
            credit=reversal.funder_id,
            member_id=reversal.member_id,
            amount=sum(take.points for take in taken),
        )
        for take in taken:
            posting.use(transfer_id, take.lot.id, take.points)


def _answer(
    reversal: Reversal,
    answers: dict[str, Reversed],
    earlier: dict[str, list[EarlierTransfer]],
) -> Reversed:
    if reversal.key in answers:
        return answers[reversal.key]
    sums: dict[str, int] = {}
    for transfer in earlier[reversal.key]:
        sums[transfer.kind] = sums.get(transfer.kind, 0) + transfer.amount
    own, others, owed = (
        sums.get(kind.value, 0)
        for kind in (TransferKind.REVERSE, TransferKind.RECOVER, TransferKind.OWE)
    )
    return Reversed(reversal.key, own, others, owed, True)
