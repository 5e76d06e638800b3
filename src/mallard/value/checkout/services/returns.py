"""Goods that come back: recorded, refunded, and their points taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import business_day
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.value.checkout.outcomes import ReturnOutcome, Status
from mallard.value.checkout.services.late_facts import earliest_days, reassess, touched_later
from mallard.value.checkout.services.till import (
    Persons,
    Till,
    check_size,
    lock_persons,
    open_till,
)
from mallard.value.loyalty.queries import latest_assessments
from mallard.value.loyalty.services import Budgets
from mallard.value.sales import queries as sales
from mallard.value.sales import rules
from mallard.value.sales.accepted import AcceptedReceipt, AcceptedReturn
from mallard.value.sales.bought import last_days_bought
from mallard.value.sales.errors import NumberReused
from mallard.value.sales.events import ReturnRecorded
from mallard.value.sales.facts import ReturnInput, StoredReceipt
from mallard.value.sales.locks import lock_receipts, take_turns_at
from mallard.value.sales.models import Source
from mallard.value.sales.services import (
    add_to_store_days,
    drop_pending_returns,
    keep_pending_returns,
    mark_pending_return,
    write_returns,
)
from mallard.world.malls.facts import StoreFacts


@atomic_retrying
def record_returns(
    returns: Sequence[ReturnInput], *, actor: Actor, source: Source
) -> list[ReturnOutcome]:
    """Record goods that came back and take back what their receipts no longer earn.

    A return before its sale is kept and answers ``pending``; it is applied when the sale comes.
    What remains of a sale is assessed again under the rules of the sale; points already spent
    become a receivable. One outcome per return, in their order.
    """
    check_size(returns)
    till = open_till({r.store_code for r in returns}, actor)
    outcomes: list[ReturnOutcome | None] = [None] * len(returns)
    candidates = _check_returns(returns, till, outcomes)
    numbers = [(store.id, given.receipt_number) for _p, given, store in candidates]
    receipt_ids = _find_receipts(numbers)
    persons = _lock_receipts_and_persons(set(receipt_ids.values()))
    stored = sales.stored_receipts(set(receipt_ids.values()))

    accepted: list[tuple[int, AcceptedReturn]] = []
    pending: list[tuple[int, StoreFacts, ReturnInput]] = []
    known = sales.known_returns([(store.id, given.number) for _p, given, store in candidates])
    for position, given, store in candidates:
        fingerprint = rules.return_fingerprint(given)
        earlier = known.get((store.id, given.number))
        if earlier is not None:
            outcomes[position] = _repeated_return(given, fingerprint, earlier)
            continue
        receipt_id = receipt_ids.get((store.id, given.receipt_number))
        if receipt_id is None:
            pending.append((position, store, given))
            known[store.id, given.number] = sales.KnownNumber(None, fingerprint, None, None)
            continue
        try:
            back = _accept_return(given, stored[receipt_id], store, till.now)
        except DomainError as error:
            outcomes[position] = _refused_return(given, error)
            continue
        known[store.id, given.number] = sales.KnownNumber(
            back.id, fingerprint, None, receipt_id, back.refund_minor
        )
        stored[receipt_id] = _less(stored[receipt_id], back)
        accepted.append((position, back))

    _keep_pending(pending, outcomes, till.now, source=source)
    if accepted:
        _write_returns_and_reassess(
            accepted, outcomes, persons, till.now, actor=actor, source=source
        )
    return [outcome for outcome in outcomes if outcome is not None]


def _check_returns(
    returns: Sequence[ReturnInput], till: Till, outcomes: list[ReturnOutcome | None]
) -> list[tuple[int, ReturnInput, StoreFacts]]:
    candidates = []
    for position, given in enumerate(returns):
        try:
            store = till.store(given.store_code)
            rules.check_return(given, now=till.now)
            candidates.append((position, given, store))
        except DomainError as error:
            outcomes[position] = _refused_return(given, error)
    return candidates


def _find_receipts(numbers: Sequence[sales.StoreNumber]) -> dict[sales.StoreNumber, UUID]:
    """The receipts that exist. When one is missing the stores are held alone until the commit:
    otherwise the sale and its return, coming in at once, would pass each other unseen."""
    found = sales.receipts_to_return(numbers)
    is_missing = any(number not in found for number in numbers)
    take_turns_at({store_id for store_id, _number in numbers}, alone=is_missing)
    return sales.receipts_to_return(numbers) if is_missing else found


def _lock_receipts_and_persons(receipt_ids: Collection[UUID]) -> Persons:
    owners = sales.members_of_receipts(receipt_ids)
    persons, _locked = lock_persons(owners)
    lock_receipts(receipt_ids)
    return persons


def _refused_return(given: ReturnInput, error: DomainError) -> ReturnOutcome:
    return ReturnOutcome(given.store_code, given.number, Status.REFUSED, error=error)


def _repeated_return(
    given: ReturnInput, fingerprint: bytes, earlier: sales.KnownNumber
) -> ReturnOutcome:
    if earlier.fingerprint != fingerprint:
        return _refused_return(given, NumberReused(number=given.number))
    if earlier.receipt_id is None:
        return ReturnOutcome(given.store_code, given.number, Status.PENDING)
    return ReturnOutcome(
        given.store_code,
        given.number,
        Status.DUPLICATE,
        earlier.id,
        earlier.receipt_id,
        earlier.amount_minor,
    )


def _accept_return(
    given: ReturnInput, receipt: StoredReceipt, store: StoreFacts, now: dt.datetime
) -> AcceptedReturn:
    return AcceptedReturn(
        id=uuid7(),
        given=given,
        receipt=receipt,
        lines=rules.lines_to_return(receipt, given),
        business_day=business_day(given.occurred_at, store.zone, store.cutoff_hour),
        recorded_at=given.recorded_at or now,
        fingerprint=rules.return_fingerprint(given),
    )


def _less(receipt: StoredReceipt, back: AcceptedReturn) -> StoredReceipt:
    """The receipt after a return: what a second return in the same batch sees."""
    taken = {line.line_no: line for line in back.lines}
    lines = tuple(
        replace(
            line,
            returned_quantity_milli=line.returned_quantity_milli
            + taken[line.line_no].quantity_milli,
            returned_amount_minor=line.returned_amount_minor
            + (taken[line.line_no].amount_minor or 0),
        )
        if line.line_no in taken
        else line
        for line in receipt.lines
    )
    return replace(receipt, lines=lines)


def _keep_pending(
    pending: Sequence[tuple[int, StoreFacts, ReturnInput]],
    outcomes: list[ReturnOutcome | None],
    now: dt.datetime,
    *,
    source: Source,
) -> None:
    keep_pending_returns(
        [(store.id, given, rules.return_fingerprint(given)) for _p, store, given in pending],
        source=source,
        recorded_at=now,
    )
    for position, _store, given in pending:
        outcomes[position] = ReturnOutcome(given.store_code, given.number, Status.PENDING)


def _write_returns_and_reassess(
    accepted: Sequence[tuple[int, AcceptedReturn]],
    outcomes: list[ReturnOutcome | None],
    persons: Persons,
    now: dt.datetime,
    *,
    actor: Actor,
    source: Source,
) -> None:
    backs = [back for _position, back in accepted]
    last_days = last_days_bought({r for records in persons.values() for r in records})
    receipt_ids = {back.receipt.id for back in backs}
    before = {key: facts.points for key, facts in latest_assessments(receipt_ids).items()}
    write_returns(backs, source=source, actor=actor)
    changed_days = earliest_days([(b.receipt.member_id, b.business_day) for b in backs])
    again = receipt_ids | touched_later(changed_days, last_days, persons)
    budgets = Budgets()
    earnings = reassess(again, returned_at(backs), now, budgets, actor=actor)
    announce([return_event(back) for back in backs], actor=actor)
    record(actor, "sales.record_returns", "return", None, ids=[back.id for back in backs])
    add_to_store_days([], backs)
    budgets.settle()

    told: set[UUID] = set()
    for position, back in accepted:
        taken = 0
        # Two returns of one receipt in a batch are assessed once; the first one tells it.
        if back.receipt.id in earnings and back.receipt.id not in told:
            taken = before.get(back.receipt.id, 0) - earnings[back.receipt.id].points
            told.add(back.receipt.id)
        outcomes[position] = ReturnOutcome(
            back.given.store_code,
            back.given.number,
            Status.RECORDED,
            back.id,
            back.receipt.id,
            back.refund_minor,
            taken,
        )


def apply_pending_returns(
    fresh: Sequence[AcceptedReceipt],
    waiting_ids: Collection[UUID],
    *,
    actor: Actor,
    source: Source,
) -> list[AcceptedReturn]:
    """Apply returns that arrived before these sales; a return that does not fit stays, marked.

    ``waiting_ids`` were read while the stores' turns were held, which keeps new ones out.
    """
    waiting = sales.lock_pending_returns(waiting_ids)
    if not waiting:
        return []
    by_number = {(r.store.id, r.given.number): r for r in fresh}
    stored = sales.stored_receipts({r.id for r in fresh})
    applied: list[AcceptedReturn] = []
    done: list[UUID] = []
    for row, given in waiting:
        sale = by_number.get((row.store_id, row.receipt_number))
        if sale is None:
            continue
        try:
            back = _accept_return(given, stored[sale.id], sale.store, row.recorded_at)
        except DomainError as error:
            mark_pending_return(row.id, problem=error.code)
            continue
        stored[sale.id] = _less(stored[sale.id], back)
        applied.append(back)
        done.append(row.id)
    if applied:
        write_returns(applied, source=source, actor=actor)
        drop_pending_returns(done)
    return applied


def returned_at(backs: Sequence[AcceptedReturn]) -> dict[UUID, dt.datetime]:
    """When goods of each receipt last came back, among these returns."""
    return {
        back.receipt.id: back.given.occurred_at
        for back in sorted(backs, key=lambda back: back.given.occurred_at)
    }


def return_event(back: AcceptedReturn) -> ReturnRecorded:
    member_id = back.receipt.member_id
    return ReturnRecorded(
        subject_id=back.id,
        receipt_id=str(back.receipt.id),
        store_id=str(back.receipt.store_id),
        member_id=str(member_id) if member_id else None,
        business_day=back.business_day.isoformat(),
        refund_minor=back.refund_minor,
    )
