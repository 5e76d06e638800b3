"""Sales: recorded, assessed, and their points posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import business_day
from mallard.kernel.database.prepared import together
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.services import announce
from mallard.value.checkout.outcomes import ReceiptOutcome, Status
from mallard.value.checkout.services.late_facts import earliest_days, reassess, touched_later
from mallard.value.checkout.services.paper import Meeting, is_meeting, meet_paper
from mallard.value.checkout.services.returns import (
    apply_pending_returns,
    return_event,
    returned_at,
)
from mallard.value.checkout.services.till import (
    Persons,
    Till,
    check_size,
    lock_persons,
    open_till,
)
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.queries import latest_assessments, programme
from mallard.value.loyalty.reasons import Reason
from mallard.value.loyalty.rules import Earning, Goods, TierLevel
from mallard.value.loyalty.services import Assessable, Budgets, assess_receipts
from mallard.value.loyalty.standing import PersonDay, tiers_soon
from mallard.value.sales import queries as sales
from mallard.value.sales import rules
from mallard.value.sales.accepted import AcceptedReceipt
from mallard.value.sales.bought import last_days_soon
from mallard.value.sales.errors import NumberReused
from mallard.value.sales.events import ReceiptRecorded
from mallard.value.sales.facts import LineInput, ReceiptInput
from mallard.value.sales.locks import take_turns_at
from mallard.value.sales.models import Source
from mallard.value.sales.paper import owners_of_paper_soon
from mallard.value.sales.services import add_to_store_days, write_receipts
from mallard.value.sales.visits import VisitKey, visit_key, visits_soon
from mallard.world.catalog.queries import variant_facts
from mallard.world.members.queries import FoundMember, MemberRef, find_by_identities_soon
from mallard.world.members.services import note_presence


@atomic_retrying
def record_receipts(
    receipts: Sequence[ReceiptInput],
    *,
    actor: Actor,
    source: Source,
    request_ids: Sequence[str] | None = None,
    foreseen: Foreseen | None = None,
) -> list[ReceiptOutcome]:
    """Record sales, assess them, post their points; one outcome per receipt, in their order.

    A repeated receipt answers ``duplicate`` with what it earns; a number used for other content
    is refused with ``sales.number_reused``. What a desk had typed from paper is met: the till's
    words take its place, and it answers ``duplicate``. Returns that waited for one of these sales
    are applied. Late sales make the member's later receipts be assessed again. ``request_ids``: the
    request that each receipt came with, where they are several. ``foreseen``: what `look_ahead`
    asked of them in this transaction.

    Raises :class:`BatchTooLarge`; nothing else refuses a whole batch.
    """
    check_size(receipts)
    with together(until_commit=True):
        foreseen = foreseen or look_ahead(receipts, actor)
        return _record(receipts, foreseen, request_ids, actor=actor, source=source)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What receipts refer to, as far as it is asked before the members are locked."""

    till: Till
    owners_of_paper: Callable[[], set[UUID]]
    members: Callable[[], dict[MemberRef, FoundMember]]


def look_ahead(receipts: Sequence[ReceiptInput], actor: Actor) -> Foreseen:
    """Ask what these receipts refer to, together with other things (`prepared.together`)."""
    till = open_till({r.store_code for r in receipts}, actor)
    codes = {
        code for r in receipts for line in r.lines for code in (line.sku, line.barcode) if code
    }
    of_paper = owners_of_paper_soon([(r.store_code, r.number) for r in receipts])
    members = find_by_identities_soon({r.member for r in receipts if r.member})
    till.goods = variant_facts(codes, codes)
    return Foreseen(till, of_paper, members)


def _record(
    receipts: Sequence[ReceiptInput],
    foreseen: Foreseen,
    request_ids: Sequence[str] | None,
    *,
    actor: Actor,
    source: Source,
) -> list[ReceiptOutcome]:
    till = foreseen.till
    members = foreseen.members()
    till.members = {r.member: members[r.member] for r in receipts if r.member in members}
    outcomes: list[ReceiptOutcome | None] = [None] * len(receipts)
    candidates = _candidates(receipts, till, outcomes)
    take_turns_at(till.store_ids(), alone=False)
    seen: list[_Seen] = []
    persons, locked = lock_persons(
        {found.member_id for found in till.members.values()} | foreseen.owners_of_paper(),
        alone={found.member_id for found in till.members.values() if found.is_alone},
        meanwhile=lambda persons: seen.append(_see(candidates, persons)),
    )
    till.see_again(locked)

    met: list[Meeting] = []
    accepted = _accept_receipts(candidates, till, seen[-1], outcomes, met, source=source)
    if accepted:
        fresh = [entry for _position, entry in accepted]
        requests = [
            request_ids[position] if request_ids else actor.request_id
            for position, _entry in accepted
        ]
        earnings = _write_and_assess(
            fresh, requests, till, seen[-1], persons, actor=actor, source=source
        )
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
    for meeting in met:
        goods = _assessable(meeting.told, till)
        meet_paper(meeting, goods, till, actor=actor, source=source)
    return _with_duplicates_answered(outcomes)


Candidates = Sequence[tuple[int, AcceptedReceipt]]
"""Receipts that may be recorded, with their positions in the batch."""


def _candidates(
    receipts: Sequence[ReceiptInput], till: Till, outcomes: list[ReceiptOutcome | None]
) -> Candidates:
    """The receipts that can be accepted as they stand; the others are refused in ``outcomes``."""
    candidates: list[tuple[int, AcceptedReceipt]] = []
    for position, given in enumerate(receipts):
        try:
            candidates.append((position, _accept(given, till)))
        except DomainError as error:
            outcomes[position] = _refused(given, error)
    return candidates


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is there already, asked under the members' locks. ``tiers`` are those before the new
    receipts are written."""

    known: Callable[[], dict[sales.StoreNumber, sales.KnownNumber]]
    waiting: Callable[[], list[UUID]]
    visits: Callable[[], dict[VisitKey, UUID]]
    last_days: Callable[[], dict[UUID, dt.date]]
    tiers: Callable[[], dict[PersonDay, TierLevel | None]]


def _see(candidates: Candidates, persons: Persons) -> _Seen:
    numbers = [(c.store.id, c.given.number) for _position, c in candidates]
    visits = {key for _position, c in candidates if (key := visit_key(c)) is not None}
    days = {(c.member_id, c.business_day) for _position, c in candidates if c.member_id}
    return _Seen(
        sales.known_receipts_soon(numbers),
        sales.pending_returns_soon(numbers),
        visits_soon(visits),
        last_days_soon({record for records in persons.values() for record in records}),
        _tiers_soon(days, persons),
    )


def _tiers_soon(
    days: Collection[PersonDay], persons: Persons
) -> Callable[[], dict[PersonDay, TierLevel | None]]:
    try:
        facts = programme()
    except NoProgramme:
        return dict
    return tiers_soon(days, facts, records=persons)


def _accept_receipts(
    given: Candidates,
    till: Till,
    seen: _Seen,
    outcomes: list[ReceiptOutcome | None],
    met: list[Meeting],
    *,
    source: Source,
) -> list[tuple[int, AcceptedReceipt]]:
    """Decide every item: fill ``outcomes`` for duplicates and refusals, return the new ones.

    ``met`` gets those whose receipt a desk had typed from paper.
    """
    candidates: list[tuple[int, AcceptedReceipt]] = []
    for position, candidate in given:
        try:
            till.member(candidate.given.member)  # erased, perhaps, while we waited for the lock
        except DomainError as error:
            outcomes[position] = _refused(candidate.given, error)
        else:
            candidates.append((position, candidate))
    known = seen.known()
    till.waiting_returns = seen.waiting()
    accepted: dict[sales.StoreNumber, tuple[int, AcceptedReceipt]] = {}
    for position, candidate in candidates:
        number = (candidate.store.id, candidate.given.number)
        earlier = known.get(number)
        twin = accepted.get(number)
        if earlier is None and twin is None:
            accepted[number] = (position, candidate)
            continue
        if earlier is not None and is_meeting(earlier, candidate, source=source):
            met.append(Meeting(earlier, candidate))
            # A second one in this batch is measured by the till's words, not by the paper's.
            known[number] = replace(earlier, is_paper=False, fingerprint=candidate.fingerprint)
        same = (
            _is_same(
                candidate,
                known[number].fingerprint,
                candidate.member_id if earlier.is_named_later else earlier.member_id,
            )
            if earlier
            else twin is not None and _is_same(candidate, twin[1].fingerprint, twin[1].member_id)
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


def _accept(given: ReceiptInput, till: Till) -> AcceptedReceipt:
    store = till.store(given.store_code)
    rules.check_receipt(given, currency=store.currency, now=till.now)
    member = till.member(given.member)
    goods: list[tuple[UUID | None, tuple[UUID, ...], str | None]] = []
    net = discount = eligible = 0
    for line in given.lines:
        facts = till.goods.get(line.sku or "") or till.goods.get(line.barcode or "")
        restricted = facts.restricted if facts else line.restricted
        goods.append(
            (facts.id, facts.category_ids, restricted) if facts else (None, (), restricted)
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
    requests: list[str],
    till: Till,
    seen: _Seen,
    persons: Persons,
    *,
    actor: Actor,
    source: Source,
) -> dict[UUID, Earning]:
    """Write new receipts, apply returns that waited for them, post points; earnings by id."""
    write_receipts(fresh, source=source, actor=actor, visits=seen.visits())
    # With the new ones: a return that waited may change the tier of another sale of this batch.
    last_days = _with_days_of(fresh, seen.last_days())
    assessable = [_assessable(r, till) for r in fresh]
    budgets = Budgets()
    earnings = assess_receipts(
        assessable,
        records=persons,
        actor=actor,
        budgets=budgets,
        tiers=_tiers_that_hold(seen.tiers(), fresh, persons),
    )

    returns = apply_pending_returns(fresh, till.waiting_returns, actor=actor, source=source)
    changed_days = earliest_days(
        [(r.member_id, r.business_day) for r in fresh]
        + [(back.receipt.member_id, back.business_day) for back in returns]
    )
    again = {back.receipt.id for back in returns}
    again |= touched_later(changed_days, last_days, persons)
    if again:
        earnings |= reassess(again, returned_at(returns), till.now, budgets, actor=actor)

    note_presence([(r.member_id, r.store.id, r.given.occurred_at) for r in fresh if r.member_id])
    is_paper = source is Source.PAPER
    announce([_receipt_event(r, is_paper) for r in fresh], actor=actor, request_ids=requests)
    announce([return_event(back) for back in returns], actor=actor)
    add_to_store_days(fresh, returns)
    budgets.settle()
    return earnings


def _with_days_of(
    fresh: Sequence[AcceptedReceipt], last_days: dict[UUID, dt.date]
) -> dict[UUID, dt.date]:
    for r in fresh:
        if r.member_id is not None:
            known = last_days.get(r.member_id, r.business_day)
            last_days[r.member_id] = max(known, r.business_day)
    return last_days


def _tiers_that_hold(
    tiers: dict[PersonDay, TierLevel | None], fresh: Sequence[AcceptedReceipt], persons: Persons
) -> dict[PersonDay, TierLevel | None]:
    """Those that the new receipts do not change: a tier counts what was bought before its day."""
    earliest: dict[tuple[UUID, ...], dt.date] = {}
    for r in fresh:
        if r.member_id is not None:
            person = persons[r.member_id]
            earliest[person] = min(earliest.get(person, r.business_day), r.business_day)
    return {
        (member_id, day): tier
        for (member_id, day), tier in tiers.items()
        if day <= earliest.get(persons[member_id], dt.date.max)
    }


def _assessable(r: AcceptedReceipt, till: Till) -> Assessable:
    return Assessable(
        receipt_id=r.id,
        member_id=r.member_id,
        store=r.store,
        occurred_at=r.given.occurred_at,
        recorded_at=r.recorded_at,
        business_day=r.business_day,
        currency=r.given.currency,
        goods=tuple(
            Goods(
                line_no,
                line.amount_minor,
                categories,
                restricted is not None,
                line.quantity_milli,
                line.discount_minor,
                _product(line, till),
            )
            for line_no, (line, (_variant, categories, restricted)) in enumerate(
                zip(r.given.lines, r.goods, strict=True), start=1
            )
        ),
        bars=_bars(r, till),
        number=r.given.number,
        net_minor=r.net_minor,
        tenders=tuple((tender.kind, tender.amount_minor) for tender in r.given.tenders),
    )


def _product(line: LineInput, till: Till) -> UUID | None:
    facts = till.goods.get(line.sku or "") or till.goods.get(line.barcode or "")
    return facts.product_id if facts else None


def _bars(r: AcceptedReceipt, till: Till) -> Reason | None:
    member = till.member(r.given.member)
    if member is None:
        return None
    if member.status != "open":
        return Reason.MEMBER_CLOSED
    if business_day(member.joined_at, r.store.zone, r.store.cutoff_hour) > r.business_day:
        return Reason.BEFORE_JOINING
    return None


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


def _receipt_event(r: AcceptedReceipt, is_paper: bool) -> ReceiptRecorded:
    return ReceiptRecorded(
        subject_id=r.id,
        store_id=str(r.store.id),
        member_id=str(r.member_id) if r.member_id else None,
        business_day=r.business_day.isoformat(),
        net_minor=r.net_minor,
        is_paper=is_paper,
    )
