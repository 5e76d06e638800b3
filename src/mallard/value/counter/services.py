"""Every write of paper receipts: brought in, decided by a second person, met by the till."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, retry_when_raced
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.services import open_keys
from mallard.kernel.ui import formats
from mallard.value.checkout.errors import MemberNotOpen, ReceiptHasMember
from mallard.value.checkout.outcomes import ReceiptOutcome
from mallard.value.checkout.services import name_member, record_receipts
from mallard.value.counter import asking, rules
from mallard.value.counter.errors import (
    AlreadyDecided,
    AlreadyTheirs,
    BroughtBefore,
    GoodsUnknown,
    JoinedLater,
    KeyReused,
    NotAsTheTillSays,
    SecondPersonNeeded,
    StoreNotHere,
    TillHasSpoken,
    WhyNeeded,
)
from mallard.value.counter.locks import lock_number, lock_paper
from mallard.value.counter.models import LIVE, PaperReceipt, State
from mallard.value.counter.permissions import APPROVE_RECEIPT, BACKDATE_POINTS
from mallard.value.counter.queries import answer_context, told_of_day, visible_one
from mallard.value.counter.rules import Typed
from mallard.value.counter.settings import ALONE_UP_TO, DAYS_BACK
from mallard.value.loyalty.queries import latest_assessments
from mallard.value.sales.facts import ReceiptInput, TenderInput
from mallard.value.sales.models import Receipt, Source
from mallard.value.sales.rules import check_receipt
from mallard.world.catalog.queries import variant_facts
from mallard.world.malls.facts import StoreFacts
from mallard.world.malls.models import Store
from mallard.world.malls.queries import store_facts_by_id, stores_in
from mallard.world.members.inputs import MemberRef
from mallard.world.members.models import Member, MemberStatus
from mallard.world.members.queries import records_of, visible_member

LEAST_WORDS, MOST_WORDS = 5, 200

retry_when_raced("counter_paper_once", "counter_paperreceipt_key_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperInput:
    """A paper receipt at the desk. ``key`` makes bringing it in twice one act."""

    key: str
    member_id: UUID
    store_id: UUID
    typed: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the till said of a receipt that was brought in before."""

    receipt_id: UUID
    told_minor: int
    names_another: bool


@atomic_retrying
def bring_receipt(given: PaperInput, *, actor: Actor) -> PaperReceipt:
    """Give a member the points of a purchase that did not name them.

    A sale that the till told of nobody gets its member; one that the till has not told is recorded
    from paper. Above `ALONE_UP_TO`, and whatever the amount where the till told others of that day
    but not this one, a second person decides first (state ``waiting``). A receipt of another member
    is noted (state ``refused``) and nothing else changes. The same key answers the
    first row. Raises what is wrong with the paper, at its field; `AlreadyTheirs`, `BroughtBefore`,
    `NotAsTheTillSays`, `JoinedLater`, `MemberNotOpen`.
    """
    actor.require(BACKDATE_POINTS)
    member = visible_member(actor, given.member_id)
    store = stores_in(actor.scope).select_related("mall").filter(pk=given.store_id).first()
    if store is None:
        raise StoreNotHere(fields={"store": StoreNotHere.message})
    lock_number(store.pk, given.typed.number)
    known = PaperReceipt.objects.filter(key=given.key).first()
    if known is not None:
        if known.member_id != member.pk:
            raise KeyReused()
        return known
    facts = store_facts_by_id([store.pk])[store.pk]
    typed, at = given.typed, now()
    day = rules.check(typed, facts, store_name=store.name, days_back=DAYS_BACK.value, at=at)
    _check_goods(typed)
    check_receipt(_receipt(typed, facts, member), currency=facts.currency, now=at)
    _check_member(member, facts, day)
    row = _row(given, store, facts, day, at=at, actor=actor)
    _refuse_second(row)
    if _is_others(row):
        row.state = State.REFUSED
        row.save(force_insert=True)
    else:
        told = _measured(row)
        row.is_second_needed = row.is_second_needed or row.others_told > 0
        if not row.is_second_needed:
            _apply(row, facts, told, actor=actor)
        row.save(force_insert=True)
        if row.is_second_needed:
            asking.ask(row, actor=actor)
    _audit(row, "refused" if row.state == State.REFUSED else "brought", actor)
    return row


@atomic_retrying
def decide_receipt(
    paper_id: UUID,
    *,
    is_approved: bool,
    reason: str = "",
    has_seen_others: bool = False,
    actor: Actor,
) -> PaperReceipt:
    """A second person agrees, and the member gets the points; or declines, and says why.

    ``has_seen_others``: they were shown that the till told others of that day but not this one.
    Raises `SecondPersonNeeded`, `AlreadyDecided`, `WhyNeeded`, and what speaks against it by now,
    `TillHasSpoken` among it: then it goes on waiting.
    """
    actor.require(APPROVE_RECEIPT)
    visible_one(actor, paper_id)
    row = lock_paper(paper_id)
    if row.state != State.WAITING:
        raise AlreadyDecided()
    if actor.id is not None and actor.id == row.asked_by_id:
        raise SecondPersonNeeded()
    row.decided_at, row.decided_by_id, row.decided_by_label = now(), actor.id, _label(actor)
    if not is_approved:
        row.answer_sealed = _sealed(row, reason)
        row.state = State.DECLINED
    elif _is_others(row):
        row.state = State.REFUSED
    else:
        facts = store_facts_by_id([row.store_id])[row.store_id]
        _check_member(row.member, facts, row.business_day)
        told = _measured(row)
        if row.others_told and not has_seen_others:
            raise TillHasSpoken(store=row.store.name, day=formats.day(row.business_day))
        _apply(row, facts, told, actor=actor)
    row.save()
    asking.settle(row, actor=actor)
    _audit(row, "approved" if is_approved else "declined", actor)
    return row


@atomic_retrying
def note_meetings(told: Sequence[Told], *, actor: Actor) -> None:
    """Remember what tills said of receipts that desks had typed; where it differs, ask a person to
    look. Telling it again changes nothing."""
    at = now()
    for one in told:
        row = (
            PaperReceipt.objects.select_for_update()
            .filter(receipt_id=one.receipt_id, state=State.RECORDED, met_at=None)
            .first()
        )
        if row is None:
            continue
        row.met_at, row.told_minor, row.names_another = at, one.told_minor, one.names_another
        row.save(update_fields=["met_at", "told_minor", "names_another"])
        if row.is_at_odds:
            asking.warn(row, actor=actor)


def _check_goods(typed: Typed) -> None:
    codes = {code for code, _amount in typed.goods}
    known = variant_facts(codes, codes)
    for code in sorted(codes - known.keys()):
        raise GoodsUnknown(code=code, fields={"goods": GoodsUnknown.message % {"code": code}})


def _check_member(member: Member, store: StoreFacts, day: dt.date) -> None:
    if member.status != MemberStatus.OPEN:
        raise MemberNotOpen()
    joined = store.business_day(member.joined_at)
    if joined > day:
        raise JoinedLater(day=formats.day(joined))


def _row(
    given: PaperInput,
    store: Store,
    facts: StoreFacts,
    day: dt.date,
    *,
    at: dt.datetime,
    actor: Actor,
) -> PaperReceipt:
    typed = given.typed
    alone = rules.is_alone_enough(typed.amount_minor, facts.currency, limit_units=ALONE_UP_TO.value)
    return PaperReceipt(
        id=uuid7(),
        key=given.key,
        member_id=given.member_id,
        store=store,
        number=typed.number,
        occurred_at=typed.occurred_at,
        business_day=day,
        currency=facts.currency,
        amount_minor=typed.amount_minor,
        restricted_minor=typed.restricted_minor,
        restricted_kind=typed.restricted_kind,
        goods=[list(one) for one in typed.goods],
        tender=typed.tender,
        state=State.WAITING,
        is_second_needed=not alone,
        asked_at=at,
        asked_by_id=actor.id,
        asked_by_label=_label(actor),
    )


def _refuse_second(row: PaperReceipt) -> None:
    """A receipt is brought in once. Raises `BroughtBefore`."""
    before = PaperReceipt.objects.filter(
        store_id=row.store_id, number=row.number, state__in=LIVE
    ).first()
    if before is not None:
        moment = formats.moment(before.asked_at)
        raise BroughtBefore(moment=moment, state=before.get_state_display())


def _known(row: PaperReceipt) -> Receipt | None:
    return Receipt.objects.filter(store_id=row.store_id, number=row.number).first()


def _is_others(row: PaperReceipt) -> bool:
    """Whether the receipt is another member's. Raises `AlreadyTheirs`."""
    known = _known(row)
    if known is None or known.member_id is None:
        return False
    if known.member_id not in records_of([row.member_id])[row.member_id]:
        return True
    earned = latest_assessments([known.pk]).get(known.pk)
    raise AlreadyTheirs(points=formats.number(earned.points if earned else 0))


def _measured(row: PaperReceipt) -> Receipt | None:
    """Measure the paper by what the till told: answers its receipt, if there is one; without it
    ``others_told`` of the row says how many of that day it told. Raises `NotAsTheTillSays`."""
    # Before we look for this one, which the till may be telling at this very moment.
    others_told = told_of_day(row)
    known = _known(row)
    if known is None:
        row.others_told = others_told
        return None
    if (known.business_day, known.net_minor) != (row.business_day, row.amount_minor):
        raise NotAsTheTillSays()
    row.others_told = 0
    return known


def _apply(row: PaperReceipt, facts: StoreFacts, known: Receipt | None, *, actor: Actor) -> None:
    """Let the member have the sale. The caller saves the row."""
    outcome: ReceiptOutcome
    if known is not None:
        try:
            outcome = name_member(known.pk, member_id=row.member_id, actor=actor)
        except ReceiptHasMember:
            # The till told it with a member between our look and this one.
            if not _is_others(row):
                raise
            row.state = State.REFUSED
            return
        row.state = State.NAMED
    else:
        typed = Typed(
            row.number,
            row.occurred_at,
            row.amount_minor,
            row.restricted_kind,
            row.restricted_minor,
            tuple((code, amount) for code, amount in row.goods),
            row.tender,
        )
        given = _receipt(typed, facts, row.member)
        [outcome] = record_receipts([given], actor=actor, source=Source.PAPER)
        if outcome.error is not None:
            raise outcome.error
        row.state = State.RECORDED
    row.receipt_id, row.points = outcome.receipt_id, outcome.points


def _receipt(typed: Typed, store: StoreFacts, member: Member) -> ReceiptInput:
    tenders = (TenderInput(typed.tender, typed.amount_minor),) if typed.tender else ()
    return ReceiptInput(
        store_code=store.code,
        number=typed.number,
        occurred_at=typed.occurred_at,
        currency=store.currency,
        member=MemberRef("number", member.number),
        lines=rules.lines_of(
            typed.amount_minor,
            typed.goods,
            restricted_kind=typed.restricted_kind,
            restricted_minor=typed.restricted_minor,
        ),
        tenders=tenders,
    )


def _sealed(row: PaperReceipt, reason: str) -> bytes | None:
    """The reason under the member's data key; nothing of it is kept of an erased member."""
    text = " ".join(reason.split())
    if not LEAST_WORDS <= len(text) <= MOST_WORDS:
        raise WhyNeeded(fields={"reason": WhyNeeded.message})
    key = open_keys([row.member_id]).get(row.member_id)
    return key.seal(text.encode(), answer_context(row.id)) if key else None


def _audit(row: PaperReceipt, verb: str, actor: Actor) -> None:
    after = {
        "state": row.state,
        "store_id": row.store_id,
        "amount_minor": row.amount_minor,
        "receipt_id": row.receipt_id,
        "points": row.points,
        "others_told": row.others_told,
    }
    audit.record(actor, f"counter.receipt_{verb}", "paper_receipt", row.pk, after=after)


def _label(actor: Actor) -> str:
    return actor.label[:200]
