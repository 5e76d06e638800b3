"""Receipts of paper: a sale of nobody gets its member, and the till meets what a desk typed.

A receipt is known by its store and number, whoever tells it. What a desk types stands until the
till tells the same sale; then the till's words take its place, under the same id and member, and
what they earn is assessed afresh.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.outbox.services import announce
from mallard.value.checkout.errors import MemberNotOpen, NothingKept, ReceiptHasMember
from mallard.value.checkout.outcomes import ReceiptOutcome, Status
from mallard.value.checkout.services.late_facts import reassess, touched_later
from mallard.value.checkout.services.till import Till, lock_persons
from mallard.value.loyalty.reasons import Reason
from mallard.value.loyalty.rules import Goods
from mallard.value.loyalty.services import Assessable, Budgets, assess_afresh
from mallard.value.sales import queries as sales
from mallard.value.sales.accepted import AcceptedReceipt, PaperContent
from mallard.value.sales.bought import last_days_bought
from mallard.value.sales.errors import ReceiptNotFound
from mallard.value.sales.events import ReceiptMet, ReceiptNamed
from mallard.value.sales.facts import ReceiptInput, StoredReceipt
from mallard.value.sales.locks import lock_receipts
from mallard.value.sales.models import Receipt, ReceiptLine, Return, Source, Tender
from mallard.value.sales.queries import KnownNumber
from mallard.value.sales.services import (
    StoreDayKey,
    name_receipt,
    replace_paper,
    shift_store_days,
)
from mallard.world.catalog.queries import variant_facts
from mallard.world.malls.facts import StoreFacts
from mallard.world.malls.queries import store_facts_by_id
from mallard.world.members.models import Member, MemberStatus
from mallard.world.members.services import note_presence

# A business day may be read wrongly from paper; more apart, and the till began to count anew.
DAYS_APART = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A receipt that a desk typed, and what the till says of it."""

    earlier: KnownNumber
    told: AcceptedReceipt


def is_meeting(earlier: KnownNumber, told: AcceptedReceipt, *, source: Source) -> bool:
    """Whether the till tells the sale that a desk typed under the same number."""
    return (
        earlier.is_paper
        and source is not Source.PAPER
        and earlier.business_day is not None
        and abs(earlier.business_day - told.business_day) <= DAYS_APART
    )


def meet_paper(
    meeting: Meeting, goods: Assessable, till: Till, *, actor: Actor, source: Source
) -> None:
    """Let the till's words take the place of the paper's. Inside the batch of `record_receipts`.

    ``goods`` is what the till says, ready to be assessed. The member stays: whom the till names
    instead is told by the event, for a person to look at.
    """
    receipt_id, told = meeting.earlier.id, meeting.told
    member_id = meeting.earlier.member_id
    if receipt_id is None or member_id is None:
        return
    persons, locked = lock_persons({member_id})
    lock_receipts([receipt_id])
    row = Receipt.objects.get(pk=receipt_id)
    if row.source != Source.PAPER:
        return
    was = PaperContent(
        member_id,
        row.business_day,
        row.net_minor,
        row.discount_minor,
        Return.objects.filter(receipt=row).exists(),
    )
    last_days = last_days_bought(set(persons[member_id]))
    replace_paper(told, receipt_id=receipt_id, was=was, source=source)
    budgets = Budgets()
    if not was.has_returns:
        bars = _bars(locked[member_id], told.store, row.business_day)
        as_it_stands = _as_told(row, told, goods, bars=bars, at=till.now)
        assess_afresh(as_it_stands, records=persons, actor=actor, budgets=budgets)
        again = touched_later({member_id: row.business_day}, last_days, persons)
        if again:
            reassess(again, {}, till.now, budgets, actor=actor)
    is_other = told.member_id is not None and told.member_id not in persons[member_id]
    net = _tell_met(row, told, was, source, names_another=is_other, actor=actor)
    discount = 0 if was.has_returns else told.discount_minor - was.discount_minor
    more = net - was.net_minor
    key = (told.store.id, row.business_day)
    shift_store_days({key: [0, 0, more, more, discount, 0, 0, 0]})
    budgets.settle()


def _as_told(
    row: Receipt,
    told: AcceptedReceipt,
    goods: Assessable,
    *,
    bars: Reason | None,
    at: dt.datetime,
) -> Assessable:
    """The paper's receipt with the till's goods, ready to be assessed for the paper's member."""
    return Assessable(
        receipt_id=row.id,
        member_id=row.member_id,
        store=told.store,
        occurred_at=row.occurred_at,
        recorded_at=at,
        business_day=row.business_day,
        currency=row.currency,
        goods=goods.goods,
        bars=bars,
        number=row.number,
        net_minor=told.net_minor,
        tenders=goods.tenders,
    )


def _tell_met(
    row: Receipt,
    told: AcceptedReceipt,
    was: PaperContent,
    source: Source,
    *,
    names_another: bool,
    actor: Actor,
) -> int:
    """Announce and note the meeting; answers the net amount that stands from now on."""
    announce(
        [
            ReceiptMet(
                subject_id=row.id,
                store_id=str(told.store.id),
                member_id=str(was.member_id),
                business_day=row.business_day.isoformat(),
                net_minor=told.net_minor,
                was_minor=was.net_minor,
                is_replaced=not was.has_returns,
                names_another=names_another,
            )
        ],
        actor=actor,
    )
    net = told.net_minor if not was.has_returns else was.net_minor
    audit.record(
        actor,
        "sales.receipt_met",
        "receipt",
        row.id,
        before={"net_minor": was.net_minor, "source": Source.PAPER.value},
        after={"net_minor": net, "source": source.value},
    )
    return net


@atomic_retrying
def name_member(receipt_id: UUID, *, member_id: UUID, actor: Actor) -> ReceiptOutcome:
    """Give a sale of nobody its member, with the points that it earns by the rules of its day.

    The till may go on sending it without one. Raises `ReceiptNotFound`, `ReceiptHasMember`,
    `MemberNotOpen`, `NothingKept` (all of it came back).
    """
    seen = sales.visible_receipts(actor).filter(pk=receipt_id).first()
    if seen is None:
        raise ReceiptNotFound()
    persons, locked = lock_persons({member_id})
    member = locked[member_id]
    if member.status != MemberStatus.OPEN:
        raise MemberNotOpen()
    lock_receipts([receipt_id])
    row = Receipt.objects.select_related("store").get(pk=receipt_id)
    if row.member_id is not None:
        raise ReceiptHasMember(number=row.number)
    stored = sales.stored_receipts([receipt_id])[receipt_id]
    if not any(line.remaining_minor for line in stored.lines):
        raise NothingKept(number=row.number)
    store = store_facts_by_id([row.store_id])[row.store_id]
    refunds = _refunds(receipt_id)
    accepted = _as_accepted(row, store, member_id)
    last_days = last_days_bought(set(persons[member_id]))
    name_receipt(accepted, refunds)
    whole, remaining = _goods(stored)
    goods = Assessable(
        receipt_id=receipt_id,
        member_id=member_id,
        store=store,
        occurred_at=row.occurred_at,
        recorded_at=now(),
        business_day=row.business_day,
        currency=row.currency,
        goods=whole,
        bars=_bars(member, store, row.business_day),
        number=row.number,
        net_minor=row.net_minor,
        tenders=_tenders(receipt_id),
    )
    budgets = Budgets()
    earnings = assess_afresh(
        goods, remaining=remaining, records=persons, actor=actor, budgets=budgets
    )
    again = touched_later({member_id: row.business_day}, last_days, persons)
    if again:
        earnings |= reassess(again, {}, now(), budgets, actor=actor)
    note_presence([(member_id, row.store_id, row.occurred_at)])
    _tell_named(row, member_id, actor)
    shift_store_days(_named_days(row, refunds))
    budgets.settle()
    earning = earnings[receipt_id]
    return ReceiptOutcome(
        store.code, row.number, Status.RECORDED, receipt_id, earning.points, earning.reason.value
    )


def _tell_named(row: Receipt, member_id: UUID, actor: Actor) -> None:
    announce(
        [
            ReceiptNamed(
                subject_id=row.id,
                store_id=str(row.store_id),
                member_id=str(member_id),
                business_day=row.business_day.isoformat(),
                net_minor=row.net_minor,
            )
        ],
        actor=actor,
    )
    after = {"member_id": member_id}
    audit.record(actor, "sales.receipt_named", "receipt", row.id, after=after)


def _named_days(row: Receipt, refunds: dict[dt.date, int]) -> dict[StoreDayKey, list[int]]:
    """What was sold to nobody was sold to a member."""
    changes: dict[StoreDayKey, list[int]] = defaultdict(lambda: [0] * 8)
    sold = changes[row.store_id, row.business_day]
    sold[1] += 1
    sold[3] += row.net_minor
    for day, refund_minor in refunds.items():
        changes[row.store_id, day][7] += refund_minor
    return changes


def _refunds(receipt_id: UUID) -> dict[dt.date, int]:
    found: dict[dt.date, int] = defaultdict(int)
    rows = Return.objects.filter(receipt=receipt_id)
    for day, refund_minor in rows.values_list("business_day", "refund_minor"):
        found[day] += refund_minor
    return found


def _tenders(receipt_id: UUID) -> tuple[tuple[str, int], ...]:
    rows = Tender.objects.filter(receipt=receipt_id).order_by("position")
    return tuple(rows.values_list("kind", "amount_minor"))


def _goods(stored: StoredReceipt) -> tuple[tuple[Goods, ...], tuple[Goods, ...]]:
    """The goods of a stored sale as earning sees them: all of them, and what did not come back.

    What was restricted on its day stays restricted.
    """
    lines = ReceiptLine.objects.filter(receipt=stored.id, variant__isnull=False)
    skus = dict(lines.values_list("line_no", "variant__sku"))
    known = variant_facts(set(skus.values()), set())
    whole: list[Goods] = []
    remaining: list[Goods] = []
    for line in stored.lines:
        facts = known.get(skus.get(line.line_no, ""))
        categories = facts.category_ids if facts else ()
        product = facts.product_id if facts else None
        is_restricted = line.restricted is not None
        for into, amount, quantity in (
            (whole, line.amount_minor, line.quantity_milli),
            (
                remaining,
                line.remaining_minor,
                line.quantity_milli - line.returned_quantity_milli,
            ),
        ):
            into.append(
                Goods(
                    line.line_no,
                    amount,
                    categories,
                    is_restricted,
                    quantity,
                    line.discount_minor,
                    product,
                )
            )
    return tuple(whole), tuple(remaining)


def _as_accepted(row: Receipt, store: StoreFacts, member_id: UUID) -> AcceptedReceipt:
    reference = row.visit.reference if row.visit is not None else None
    return AcceptedReceipt(
        id=row.id,
        given=ReceiptInput(
            store_code=store.code,
            number=row.number,
            occurred_at=row.occurred_at,
            currency=row.currency,
            member=None,
            lines=(),
            visit_reference=reference,
        ),
        store=store,
        member_id=member_id,
        business_day=row.business_day,
        recorded_at=row.recorded_at,
        net_minor=row.net_minor,
        discount_minor=row.discount_minor,
        eligible_minor=row.eligible_minor,
        fingerprint=bytes(row.fingerprint),
        goods=[],
    )


def _bars(member: Member, store: StoreFacts, day: dt.date) -> Reason | None:
    """A membership that was closed since keeps what it earned."""
    return Reason.BEFORE_JOINING if store.business_day(member.joined_at) > day else None
