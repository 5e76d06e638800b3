"""Recording sales and returns: the batch through which every till, file and history goes.

One call is one transaction and a fixed number of statements, whatever the batch holds. Items
answer for themselves: a refused one does not stop the others. `(store, number)` is an item's
key for ever, so a till may repeat anything at any time.

The order of locks: members by id, receipts by id, and the stores' daily figures last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import business_day
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.value.checkout.errors import BatchTooLarge
from mallard.value.checkout.outcomes import ReceiptOutcome, ReturnOutcome, Status
from mallard.value.loyalty.queries import (
    assessments_after,
    latest_assessments,
    programme,
    records_of,
    tiers_at,
)
from mallard.value.loyalty.reasons import Reason
from mallard.value.loyalty.rules import Earning, Goods
from mallard.value.loyalty.services import Assessable, assess_receipts, reassess_receipts
from mallard.value.sales import queries as sales
from mallard.value.sales import rules
from mallard.value.sales.errors import NumberReused, UnknownMember, UnknownStore
from mallard.value.sales.events import ReceiptRecorded, ReturnRecorded
from mallard.value.sales.facts import ReceiptInput, ReturnInput, StoredReceipt
from mallard.value.sales.locks import lock_receipts
from mallard.value.sales.models import Source
from mallard.value.sales.services import (
    AcceptedReceipt,
    AcceptedReturn,
    add_to_store_days,
    drop_pending_returns,
    keep_pending_returns,
    mark_pending_return,
    write_receipts,
    write_returns,
)
from mallard.world.catalog.queries import VariantFacts, variant_facts
from mallard.world.malls.queries import StoreFacts, store_facts, store_facts_by_id, store_ids_in
from mallard.world.members.locks import lock_members
from mallard.world.members.queries import FoundMember, MemberRef, find_by_identities
from mallard.world.members.services import note_presence

MAX_BATCH = 5_000


def _check_size(items: Sequence[object]) -> None:
    if len(items) > MAX_BATCH:
        raise BatchTooLarge(most=MAX_BATCH, count=len(items))


@dataclass(slots=True)
class _Till:
    """What the items of a batch refer to, looked up once: stores, goods, members."""

    stores: dict[str, StoreFacts]
    allowed: frozenset[UUID] | None
    now: dt.datetime
    goods: dict[str, VariantFacts] = field(default_factory=dict)
    members: dict[MemberRef, FoundMember] = field(default_factory=dict)

    def store(self, code: str) -> StoreFacts:
        """The store of that code within the actor's scope."""
        store = self.stores.get(code)
        if store is None or (self.allowed is not None and store.id not in self.allowed):
            raise UnknownStore(store=code)
        return store

    def member(self, ref: MemberRef | None) -> FoundMember | None:
        if ref is None:
            return None
        found = self.members.get(ref)
        if found is None:
            raise UnknownMember(kind=ref.kind)
        return found


def _open_till(codes: Collection[str], actor: Actor) -> _Till:
    return _Till(store_facts(codes), store_ids_in(actor.scope), clock.now())


# --- receipts ---------------------------------------------------------------------------------


@atomic_retrying
def record_receipts(
    receipts: Sequence[ReceiptInput], *, actor: Actor, source: Source
) -> list[ReceiptOutcome]:
    """Record sales, assess them, post their points; one outcome per receipt, in their order.

    A repeated receipt answers ``duplicate`` with what it earns; a number used for other content
    is refused with ``sales.number_reused``. Returns that waited for one of these sales are
    applied. Late sales make the member's later receipts be assessed again.

    Raises :class:`BatchTooLarge`; nothing else refuses a whole batch.
    """
    _check_size(receipts)
    till = _open_till({r.store_code for r in receipts}, actor)
    codes = {code for r in receipts for line in r.lines for code in (line.sku, line.barcode) if code}
    till.goods = variant_facts(codes, codes)
    till.members = find_by_identities({r.member for r in receipts if r.member})
    persons = _lock_persons(found.member_id for found in till.members.values())

    outcomes: list[ReceiptOutcome | None] = [None] * len(receipts)
    accepted = _accept_receipts(receipts, till, outcomes)
    if accepted:
        fresh = [entry for _position, entry in accepted]
        earnings = _write_and_assess(fresh, till, persons, actor=actor, source=source)
        for position, entry in accepted:
            earning = earnings[entry.id]
            outcomes[position] = ReceiptOutcome(
                entry.given.store_code,
                entry.given.number,
                Status.RECORDED,
                entry.id,
                earning.points,
                earning.reason.value,
            )
    return _with_duplicates_answered(outcomes)


Persons = dict[UUID, tuple[UUID, ...]]


def _lock_persons(member_ids: Iterable[UUID]) -> Persons:
    """Lock all records of the persons behind these members; returns the records by member."""
    persons = records_of(set(member_ids))
    everyone = {record_id for records in persons.values() for record_id in records}
    lock_members(everyone)
    return persons


def _accept_receipts(
    receipts: Sequence[ReceiptInput], till: _Till, outcomes: list[ReceiptOutcome | None]
) -> list[tuple[int, AcceptedReceipt]]:
    """Decide every item: fill ``outcomes`` for duplicates and refusals, return the new ones."""
    candidates: list[tuple[int, AcceptedReceipt]] = []
    for position, given in enumerate(receipts):
        try:
            candidates.append((position, _accept(given, till)))
        except DomainError as error:
            outcomes[position] = _refused(given, error)
    known = sales.known_receipts([(c.store.id, c.given.number) for _p, c in candidates])
    accepted: dict[sales.StoreNumber, tuple[int, AcceptedReceipt]] = {}
    for position, candidate in candidates:
        number = (candidate.store.id, candidate.given.number)
        earlier = known.get(number)
        twin = accepted.get(number)
        if earlier is None and twin is None:
            accepted[number] = (position, candidate)
            continue
        same = (
            _is_same(candidate, earlier.fingerprint, earlier.member_id)
            if earlier
            else twin is not None
            and _is_same(candidate, twin[1].fingerprint, twin[1].member_id)
        )
        if not same:
            outcomes[position] = _refused(
                candidate.given, NumberReused(number=candidate.given.number)
            )
        else:
            first_id = earlier.id if earlier else accepted[number][1].id
            outcomes[position] = ReceiptOutcome(
                candidate.given.store_code, candidate.given.number, Status.DUPLICATE, first_id
            )
    return list(accepted.values())


def _refused(given: ReceiptInput, error: DomainError) -> ReceiptOutcome:
    return ReceiptOutcome(given.store_code, given.number, Status.REFUSED, error=error)


def _is_same(candidate: AcceptedReceipt, fingerprint: bytes, member_id: UUID | None) -> bool:
    return candidate.fingerprint == fingerprint and candidate.member_id == member_id


def _accept(given: ReceiptInput, till: _Till) -> AcceptedReceipt:
    store = till.store(given.store_code)
    rules.check_receipt(given, currency=store.currency, now=till.now)
    member = till.member(given.member)
    goods: list[tuple[UUID | None, tuple[UUID, ...], str | None]] = []
    net = discount = eligible = 0
    for line in given.lines:
        facts = till.goods.get(line.sku or "") or till.goods.get(line.barcode or "")
        restricted = facts.restricted if facts else None
        goods.append(
            (facts.id, facts.category_ids, restricted) if facts else (None, (), None)
        )
        net += line.amount_minor
        discount += line.discount_minor
        if restricted is None:
            eligible += line.amount_minor
    return AcceptedReceipt(
        id=uuid7(),
        given=given,
        store=store,
        member_id=member.member_id if member else None,
        business_day=business_day(given.occurred_at, store.zone, store.cutoff_hour),
        recorded_at=given.recorded_at or till.now,
        net_minor=net,
        discount_minor=discount,
        eligible_minor=eligible,
        fingerprint=rules.receipt_fingerprint(given),
        goods=goods,
    )


def _write_and_assess(
    fresh: list[AcceptedReceipt],
    till: _Till,
    persons: Persons,
    *,
    actor: Actor,
    source: Source,
) -> dict[UUID, Earning]:
    """Write new receipts, apply returns that waited for them, post points; earnings by id."""
    last_days = sales.last_days_bought({r for records in persons.values() for r in records})
    write_receipts(fresh, source=source, actor=actor)
    earnings = assess_receipts([_assessable(r, till) for r in fresh], actor=actor)

    returns = _apply_pending_returns(fresh, actor=actor, source=source)
    changed_days = _earliest_days(
        [(r.member_id, r.business_day) for r in fresh]
        + [(back.receipt.member_id, back.business_day) for back in returns]
    )
    again = {back.receipt.id for back in returns}
    again |= _touched_later(changed_days, last_days, persons)
    if again:
        earnings |= _reassess(again, till.now, actor=actor)

    note_presence(
        [(r.member_id, r.store.id, r.given.occurred_at) for r in fresh if r.member_id]
    )
    announce([_receipt_event(r) for r in fresh] + [_return_event(b) for b in returns], actor=actor)
    record(actor, "sales.record_receipts", "receipt", None, ids=[r.id for r in fresh])
    add_to_store_days(fresh, returns)
    return earnings


def _assessable(r: AcceptedReceipt, till: _Till) -> Assessable:
    return Assessable(
        receipt_id=r.id,
        member_id=r.member_id,
        store=r.store,
        occurred_at=r.given.occurred_at,
        recorded_at=r.recorded_at,
        business_day=r.business_day,
        currency=r.given.currency,
        goods=tuple(
            Goods(line_no, line.amount_minor, categories, restricted is not None)
            for line_no, (line, (_variant, categories, restricted)) in enumerate(
                zip(r.given.lines, r.goods, strict=True), start=1
            )
        ),
        bars=_bars(r, till),
    )


def _bars(r: AcceptedReceipt, till: _Till) -> Reason | None:
    member = till.member(r.given.member)
    if member is None:
        return None
    if member.status != "open":
        return Reason.MEMBER_CLOSED
    if business_day(member.joined_at, r.store.zone, r.store.cutoff_hour) > r.business_day:
        return Reason.BEFORE_JOINING
    return None


# --- facts that change what was assessed before -------------------------------------------------


def _earliest_days(
    bought: Sequence[tuple[UUID | None, dt.date]],
) -> dict[UUID, dt.date]:
    earliest: dict[UUID, dt.date] = {}
    for member_id, day in bought:
        if member_id is not None and day < earliest.get(member_id, dt.date.max):
            earliest[member_id] = day
    return earliest


def _touched_later(
    changed_days: dict[UUID, dt.date], last_days: dict[UUID, dt.date], persons: Persons
) -> set[UUID]:
    """Receipts whose tier is another one now that an earlier day has changed."""
    pairs: dict[UUID, tuple[UUID, dt.date, str | None]] = {}
    for member_id, day in changed_days.items():
        records = persons[member_id]
        latest = max((last_days[r] for r in records if r in last_days), default=dt.date.min)
        if latest <= day:
            continue
        for receipt_id, known in assessments_after(records, day).items():
            if known.member_id is not None:
                pairs[receipt_id] = (known.member_id, known.business_day, known.tier_code)
    if not pairs:
        return set()
    tiers = tiers_at([(m, day) for m, day, _code in pairs.values()], programme())
    touched = set()
    for receipt_id, (member_id, day, code) in pairs.items():
        tier = tiers[member_id, day]
        if (tier.code if tier else None) != code:
            touched.add(receipt_id)
    return touched


def _reassess(
    receipt_ids: Collection[UUID], now: dt.datetime, *, actor: Actor
) -> dict[UUID, Earning]:
    return reassess_receipts(receipt_ids, store_facts_by_id(), recorded_at=now, actor=actor)


# --- returns ----------------------------------------------------------------------------------


@atomic_retrying
def record_returns(
    returns: Sequence[ReturnInput], *, actor: Actor, source: Source
) -> list[ReturnOutcome]:
    """Record goods that came back and take back what their receipts no longer earn.

    A return before its sale is kept and answers ``pending``; it is applied when the sale comes.
    What remains of a sale is assessed again under the rules of the sale; points already spent
    become a receivable. One outcome per return, in their order.
    """
    _check_size(returns)
    till = _open_till({r.store_code for r in returns}, actor)
    outcomes: list[ReturnOutcome | None] = [None] * len(returns)
    candidates = _check_returns(returns, till, outcomes)
    numbers = [(store.id, given.receipt_number) for _p, given, store in candidates]
    receipt_ids = sales.receipts_to_return(numbers)
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
        known[store.id, given.number] = sales.KnownNumber(uuid7(), fingerprint, None, receipt_id)
        if receipt_id is None:
            pending.append((position, store, given))
            continue
        try:
            back = _accept_return(given, stored[receipt_id], store, till.now)
        except DomainError as error:
            del known[store.id, given.number]
            outcomes[position] = _refused_return(given, error)
            continue
        stored[receipt_id] = _less(stored[receipt_id], back)
        accepted.append((position, back))

    _keep_pending(pending, outcomes, till.now, source=source)
    if accepted:
        _write_returns_and_reassess(accepted, outcomes, persons, till.now, actor=actor, source=source)
    return [outcome for outcome in outcomes if outcome is not None]


def _check_returns(
    returns: Sequence[ReturnInput], till: _Till, outcomes: list[ReturnOutcome | None]
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


def _lock_receipts_and_persons(receipt_ids: Collection[UUID]) -> Persons:
    owners = sales.members_of_receipts(receipt_ids)
    persons = _lock_persons(owners)
    lock_receipts(receipt_ids)
    return persons


def _refused_return(given: ReturnInput, error: DomainError) -> ReturnOutcome:
    return ReturnOutcome(given.store_code, given.number, Status.REFUSED, error=error)


def _repeated_return(
    given: ReturnInput, fingerprint: bytes, earlier: sales.KnownNumber
) -> ReturnOutcome:
    if earlier.fingerprint != fingerprint:
        return _refused_return(given, NumberReused(number=given.number))
    status = Status.DUPLICATE if earlier.receipt_id else Status.PENDING
    return ReturnOutcome(
        given.store_code, given.number, status, earlier.id, earlier.receipt_id
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
    last_days = sales.last_days_bought({r for records in persons.values() for r in records})
    receipt_ids = {back.receipt.id for back in backs}
    before = {key: facts.points for key, facts in latest_assessments(receipt_ids).items()}
    write_returns(backs, source=source, actor=actor)
    changed_days = _earliest_days([(b.receipt.member_id, b.business_day) for b in backs])
    again = receipt_ids | _touched_later(changed_days, last_days, persons)
    earnings = _reassess(again, now, actor=actor)
    announce([_return_event(back) for back in backs], actor=actor)
    record(actor, "sales.record_returns", "return", None, ids=[back.id for back in backs])
    add_to_store_days([], backs)

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


def _apply_pending_returns(
    fresh: Sequence[AcceptedReceipt], *, actor: Actor, source: Source
) -> list[AcceptedReturn]:
    """Apply returns that arrived before these sales; a return that does not fit stays, marked."""
    waiting = sales.pending_returns_of([(r.store.id, r.given.number) for r in fresh])
    if not waiting:
        return []
    by_number = {(r.store.id, r.given.number): r for r in fresh}
    stored = sales.stored_receipts({r.id for r in fresh})
    applied: list[AcceptedReturn] = []
    done: list[UUID] = []
    for row, given in waiting:
        sale = by_number[row.store_id, row.receipt_number]
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


# --- answers and announcements ------------------------------------------------------------------


def _with_duplicates_answered(
    outcomes: Sequence[ReceiptOutcome | None],
) -> list[ReceiptOutcome]:
    answered = [outcome for outcome in outcomes if outcome is not None]
    repeated = {o.receipt_id for o in answered if o.status is Status.DUPLICATE and o.receipt_id}
    if not repeated:
        return answered
    known = latest_assessments(repeated)
    return [
        replace(o, points=known[o.receipt_id].points, reason=known[o.receipt_id].reason)
        if o.status is Status.DUPLICATE and o.receipt_id
        else o
        for o in answered
    ]


def _receipt_event(r: AcceptedReceipt) -> ReceiptRecorded:
    return ReceiptRecorded(
        subject_id=r.id,
        store_id=str(r.store.id),
        member_id=str(r.member_id) if r.member_id else None,
        business_day=r.business_day.isoformat(),
        net_minor=r.net_minor,
    )


def _return_event(back: AcceptedReturn) -> ReturnRecorded:
    member_id = back.receipt.member_id
    return ReturnRecorded(
        subject_id=back.id,
        receipt_id=str(back.receipt.id),
        store_id=str(back.receipt.store_id),
        member_id=str(member_id) if member_id else None,
        business_day=back.business_day.isoformat(),
        refund_minor=back.refund_minor,
    )
