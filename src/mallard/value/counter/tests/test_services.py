"""A member brings a paper receipt: what is credited, what waits, what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from mallard.kernel.access.actor import Actor, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import DomainError, Forbidden
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.settings.services import change_setting
from mallard.value.checkout.errors import MemberNotOpen
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
    line,
)
from mallard.value.counter import services
from mallard.value.counter.errors import (
    AlreadyDecided,
    SecondPersonNeeded,
    TillHasSpoken,
    WhyNeeded,
)
from mallard.value.counter.models import PaperReceipt, State
from mallard.value.counter.queries import answer_of, at_odds
from mallard.value.counter.services import bring_receipt, decide_receipt
from mallard.value.counter.settings import ALONE_UP_TO
from mallard.value.counter.tests.factories import an_agent, paper
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.rollups import roll_up_funder_days
from mallard.value.ledger.verification import verify
from mallard.value.sales.models import Receipt, ReceiptLine, Source
from mallard.world.malls.queries import forget_store_facts
from mallard.world.members.services import close_member, erase_member
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.models import Task, TaskStatus

pytestmark = pytest.mark.django_db

PHONE, OTHER_PHONE = "13812345678", "13911112222"
DAY = dt.timedelta(days=1)


@pytest.fixture
def world(frozen_clock: Any) -> TradingWorld:
    frozen_clock.set(NOON + 2 * DAY)
    return a_trading_world()


@pytest.fixture
def member(world: TradingWorld) -> UUID:
    return a_member(PHONE, store=world.bakery)


@pytest.fixture
def agent() -> Actor:
    return an_agent()


@pytest.fixture
def manager() -> Actor:
    return an_agent("crm_manager", name="Manager")


def sell(*receipts: Any, source: Source = Source.POS) -> list[Any]:
    outcomes = record_receipts(receipts, actor=TILL, source=source)
    assert [one.error for one in outcomes] == [None] * len(outcomes)
    return outcomes


def points(member: UUID) -> int:
    wallet = wallet_of([member])[member]
    return wallet.balance - wallet.owed


def refused(code: str, given: Any, *, agent: Actor) -> DomainError:
    """The refusal; nothing was recorded and nobody got anything."""
    before = (Receipt.objects.count(), PaperReceipt.objects.count())
    with pytest.raises(DomainError) as caught:
        bring_receipt(given, actor=agent)
    assert caught.value.code == code
    assert (Receipt.objects.count(), PaperReceipt.objects.count()) == before
    return caught.value


def test_a_receipt_that_no_till_told_is_recorded_from_paper(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    row = bring_receipt(paper(member, world.bakery, tender="cash"), actor=agent)
    assert (row.state, row.points, points(member)) == (State.RECORDED, 100, 100)
    receipt = Receipt.objects.get()
    assert (receipt.source, receipt.member_id, receipt.number) == (Source.PAPER, member, "R1")
    assert (receipt.actor_id, receipt.tenders.get().kind) == (agent.id, "cash")
    assert Entry.objects.get(action="counter.receipt_brought").actor_id == agent.id


def test_a_sale_that_the_till_told_of_nobody_gets_its_member(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    sell(a_receipt(world.bakery, "R1"), a_receipt(world.bakery, "R2"))
    row = bring_receipt(paper(member, world.bakery), actor=agent)
    assert (row.state, row.points, points(member)) == (State.NAMED, 100, 100)
    assert Receipt.objects.filter(member=member).get().number == "R1"
    assert Receipt.objects.count() == 2


def test_goods_and_restricted_goods_are_told_apart(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    """¥50 of bread by its code, ¥20 of medicine, ¥30 of whatever."""
    given = paper(
        member,
        world.bakery,
        restricted_kind="medicine",
        restricted_minor=2_000,
        goods=(("BREAD-1", 5_000),),
    )
    assert bring_receipt(given, actor=agent).points == 80
    lines = ReceiptLine.objects.order_by("line_no")
    assert [(one.amount_minor, one.restricted) for one in lines] == [
        (5_000, None), (2_000, "medicine"), (3_000, None),
    ]  # fmt: skip
    assert lines[0].variant == world.bread


def test_restricted_goods_named_by_code_earn_nothing(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    row = bring_receipt(paper(member, world.bakery, goods=(("CIG-1", 10_000),)), actor=agent)
    assert (row.points, points(member)) == (0, 0)


def test_bringing_it_in_again_says_so(world: TradingWorld, member: UUID, agent: Actor) -> None:
    first = paper(member, world.bakery)
    row = bring_receipt(first, actor=agent)
    assert bring_receipt(first, actor=agent) == row
    refused("counter.brought_before", paper(member, world.bakery), agent=agent)
    other = a_member(OTHER_PHONE, store=world.bakery)
    refused("counter.brought_before", paper(other, world.bakery), agent=agent)
    refused("counter.key_reused", paper(other, world.bakery, "R9", key=first.key), agent=agent)
    assert (points(member), points(other)) == (100, 0)


def test_a_receipt_that_named_the_member_is_theirs_already(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    sell(a_receipt(world.bakery, "R1", phone=PHONE))
    error = refused("counter.already_theirs", paper(member, world.bakery), agent=agent)
    assert "100" in error.sentence
    assert points(member) == 100


def test_a_receipt_of_another_member_is_noted_and_refused(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    other = a_member(OTHER_PHONE, store=world.bakery)
    sell(a_receipt(world.bakery, "R1", phone=OTHER_PHONE))
    row = bring_receipt(paper(member, world.bakery), actor=agent)
    assert (row.state, row.receipt_id, row.points) == (State.REFUSED, None, None)
    assert (points(member), points(other)) == (0, 100)
    assert Entry.objects.get(action="counter.receipt_refused").actor_id == agent.id
    assert str(other) not in str(Entry.objects.get(action="counter.receipt_refused").__dict__)


@pytest.mark.parametrize(
    ("amount_minor", "at"), [(10_001, NOON), (9_999, NOON), (10_000, NOON - DAY)]
)
def test_paper_must_say_what_the_till_says(
    world: TradingWorld, member: UUID, agent: Actor, amount_minor: int, at: dt.datetime
) -> None:
    sell(a_receipt(world.bakery, "R1"))
    given = paper(member, world.bakery, "R1", amount_minor, at=at)
    refused("counter.not_as_the_till_says", given, agent=agent)


def test_what_a_till_told_nothing_of_among_others_needs_a_second_person(
    world: TradingWorld, member: UUID, agent: Actor, manager: Actor
) -> None:
    sell(a_receipt(world.bakery, "R6"), a_receipt(world.bakery, "R7"))
    row = bring_receipt(paper(member, world.bakery, "LOST"), actor=agent)
    assert (row.state, row.others_told, row.is_second_needed) == (State.WAITING, 2, True)
    assert (points(member), row.receipt_id) == (0, None)
    assert Task.objects.get().message == "paper_untold"
    with pytest.raises(TillHasSpoken):
        decide_receipt(row.pk, is_approved=True, actor=manager)
    row.refresh_from_db()
    assert (row.state, points(member)) == (State.WAITING, 0)
    done = decide_receipt(row.pk, is_approved=True, has_seen_others=True, actor=manager)
    assert (done.state, done.others_told, points(member)) == (State.RECORDED, 2, 100)


def test_a_lost_receipt_that_the_till_tells_after_all_is_the_tills(
    world: TradingWorld, member: UUID, agent: Actor, manager: Actor
) -> None:
    sell(a_receipt(world.bakery, "R7"))
    row = bring_receipt(paper(member, world.bakery, "LATE"), actor=agent)
    sell(a_receipt(world.bakery, "LATE"))
    done = decide_receipt(row.pk, is_approved=True, actor=manager)
    assert (done.state, done.others_told, points(member)) == (State.NAMED, 0, 100)


def test_another_day_and_another_store_are_no_others(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    sell(a_receipt(world.bakery, "R7"))
    # Another day, another store: nothing was sent of these.
    bring_receipt(paper(member, world.bakery, "R8", at=NOON + DAY), actor=agent)
    bring_receipt(paper(member, world.pharmacy, "R9"), actor=agent)
    assert points(member) == 200


def test_paper_of_another_desk_is_no_word_of_the_till(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    bring_receipt(paper(member, world.bakery, "R1"), actor=agent)
    bring_receipt(paper(member, world.bakery, "R2"), actor=agent)
    assert points(member) == 200


@pytest.mark.parametrize(
    ("code", "field", "change"),
    [
        ("counter.in_future", "occurred_at", {"at": NOON + 3 * DAY}),
        ("counter.too_old", "occurred_at", {"at": NOON - 40 * DAY}),
        ("counter.amount_absurd", "amount", {"amount_minor": 0}),
        ("counter.amount_absurd", "amount", {"amount_minor": -1}),
        ("counter.amount_absurd", "amount", {"amount_minor": 10**8 + 1}),
        ("counter.restricted_unclear", "restricted_amount", {"restricted_minor": 100}),
        ("counter.restricted_unclear", "restricted_amount", {"restricted_kind": "tobacco"}),
        (
            "counter.restricted_unclear",
            "restricted_amount",
            {"restricted_kind": "tobacco", "restricted_minor": 10_001},
        ),
        (
            "counter.only_restricted",
            "restricted_amount",
            {"restricted_kind": "tobacco", "restricted_minor": 10_000},
        ),
        ("counter.goods_too_much", "goods", {"goods": (("BREAD-1", 10_001),)}),
        ("counter.goods_unknown", "goods", {"goods": (("NO-SUCH", 1),)}),
        ("sales.invalid_receipt", "", {"number": ""}),
        ("sales.invalid_receipt", "", {"number": "4111111111111111"}),
    ],
)
def test_what_is_wrong_with_the_paper_stands_at_its_field(
    world: TradingWorld, member: UUID, agent: Actor, code: str, field: str, change: dict[str, Any]
) -> None:
    error = refused(code, paper(member, world.bakery, **change), agent=agent)
    assert list(error.fields) == ([field] if field else [])
    assert error.sentence


def test_the_window_is_a_setting(world: TradingWorld, member: UUID, agent: Actor) -> None:
    given = paper(member, world.bakery, at=NOON - 40 * DAY)
    refused("counter.too_old", given, agent=agent)
    change_setting("counter.days_back", value=60, actor=TILL)
    assert bring_receipt(given, actor=agent).points == 100


def test_a_store_that_did_not_trade_that_day(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    store = world.bakery
    store.closed_on = (NOON - DAY).date()
    store.save(update_fields=["closed_on"])
    forget_store_facts()
    refused("counter.store_closed_then", paper(member, store), agent=agent)
    # What was sold on its last day counts, although it is closed by now.
    assert bring_receipt(paper(member, store, at=NOON - 2 * DAY), actor=agent).points == 100


def test_closed_and_later_members_earn_nothing(world: TradingWorld, agent: Actor) -> None:
    later = a_member(OTHER_PHONE, store=world.bakery, joined_at=NOON + DAY)
    refused("counter.joined_later", paper(later, world.bakery), agent=agent)
    gone = a_member(PHONE, store=world.bakery)
    close_member(gone, actor=TILL)
    refused("checkout.member_not_open", paper(gone, world.bakery), agent=agent)


def test_of_ones_own_stores_only(world: TradingWorld, member: UUID) -> None:
    place = world.place
    lake = Scope(mall_ids=frozenset([place.lakeside.pk]))
    agent = actor_for_user(a_staff_user("service_agent", scope=lake))
    refused("counter.store_not_here", paper(member, place.hillside_pharmacy), agent=agent)
    hill = Scope(mall_ids=frozenset([place.hillside.pk]))
    stranger = actor_for_user(a_staff_user("service_agent", scope=hill))
    given = paper(member, place.hillside_pharmacy)
    refused("members.not_found", given, agent=stranger)
    cashier = an_agent("cashier", name="Cashier")
    with pytest.raises(Forbidden):
        bring_receipt(given, actor=cashier)


def test_above_the_limit_a_second_person_decides(
    world: TradingWorld, member: UUID, agent: Actor, manager: Actor
) -> None:
    large = (ALONE_UP_TO.value + 1) * 100
    row = bring_receipt(paper(member, world.bakery, "R1", large), actor=agent)
    assert (row.state, points(member), Receipt.objects.count()) == (State.WAITING, 0, 0)
    task = Task.objects.get()
    assert (task.role, task.store_id, task.member_id) == ("crm_manager", world.bakery.pk, member)
    refused("counter.brought_before", paper(member, world.bakery, "R1", large), agent=agent)
    done = decide_receipt(row.pk, is_approved=True, actor=manager)
    assert (done.state, done.points) == (State.RECORDED, ALONE_UP_TO.value + 1)
    assert points(member) == ALONE_UP_TO.value + 1
    task.refresh_from_db()
    assert task.status == TaskStatus.DONE
    with pytest.raises(AlreadyDecided):
        decide_receipt(row.pk, is_approved=True, actor=manager)
    assert points(member) == ALONE_UP_TO.value + 1


def test_the_limit_itself_needs_nobody(world: TradingWorld, member: UUID, agent: Actor) -> None:
    row = bring_receipt(paper(member, world.bakery, "R1", ALONE_UP_TO.value * 100), actor=agent)
    assert row.state == State.RECORDED


def test_nobody_decides_their_own(world: TradingWorld, member: UUID, manager: Actor) -> None:
    row = bring_receipt(paper(member, world.bakery, "R1", 500_000), actor=manager)
    with pytest.raises(SecondPersonNeeded):
        decide_receipt(row.pk, is_approved=True, actor=manager)
    row.refresh_from_db()
    assert (row.state, points(member)) == (State.WAITING, 0)
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        PaperReceipt.objects.filter(pk=row.pk).update(
            state=State.DECLINED, decided_at=NOON, decided_by_id=row.asked_by_id
        )
    with pytest.raises(Forbidden):
        decide_receipt(row.pk, is_approved=True, actor=an_agent())


def test_declining_says_why_and_lets_it_be_brought_in_again(
    world: TradingWorld, member: UUID, agent: Actor, manager: Actor
) -> None:
    row = bring_receipt(paper(member, world.bakery, "R1", 500_000), actor=agent)
    with pytest.raises(WhyNeeded):
        decide_receipt(row.pk, is_approved=False, reason="no", actor=manager)
    done = decide_receipt(row.pk, is_approved=False, reason="The paper is torn", actor=manager)
    assert (done.state, points(member)) == (State.DECLINED, 0)
    assert answer_of(done) == "The paper is torn"
    assert b"torn" not in bytes(done.answer_sealed or b"")
    again = bring_receipt(paper(member, world.bakery, "R1", 10_000), actor=agent)
    assert again.points == 100


def test_what_happened_meanwhile_counts_when_deciding(
    world: TradingWorld, member: UUID, agent: Actor, manager: Actor
) -> None:
    """While the paper waits the till tells the sale: of nobody, of another, or not at all."""
    mine = bring_receipt(paper(member, world.bakery, "R1", 500_000), actor=agent)
    others = bring_receipt(paper(member, world.bakery, "R2", 500_000), actor=agent)
    lost = bring_receipt(paper(member, world.bakery, "R3", 500_000), actor=agent)
    a_member(OTHER_PHONE, store=world.bakery)
    sell(
        a_receipt(world.bakery, "R1", 500_000),
        a_receipt(world.bakery, "R2", 500_000, phone=OTHER_PHONE),
    )
    assert decide_receipt(mine.pk, is_approved=True, actor=manager).state == State.NAMED
    assert decide_receipt(others.pk, is_approved=True, actor=manager).state == State.REFUSED
    with pytest.raises(TillHasSpoken):
        decide_receipt(lost.pk, is_approved=True, actor=manager)
    lost.refresh_from_db()
    assert (lost.state, lost.decided_at) == (State.WAITING, None)
    assert points(member) == 5_000
    decide_receipt(lost.pk, is_approved=True, has_seen_others=True, actor=manager)
    assert points(member) == 10_000


def test_the_tills_word_is_noted_and_a_difference_is_shown_to_a_person(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    same = bring_receipt(paper(member, world.bakery, "R1"), actor=agent)
    other = bring_receipt(paper(member, world.bakery, "R2", 30_000), actor=agent)
    sell(a_receipt(world.bakery, "R1"), a_receipt(world.bakery, "R2", 3_000))
    told = [
        services.Told(
            receipt_id=event.subject_id,
            told_minor=event.payload["net_minor"],
            names_another=event.payload["names_another"],
        )
        for event in OutboxEvent.objects.filter(name="sales.receipt_met")
    ]
    for _twice in range(2):
        services.note_meetings(told, actor=TILL)
    same.refresh_from_db()
    other.refresh_from_db()
    assert (same.is_at_odds, same.told_minor) == (False, 10_000)
    assert (other.is_at_odds, other.told_minor) == (True, 3_000)
    assert list(at_odds(PaperReceipt.objects.all())) == [other]
    assert [task.kind for task in Task.objects.all()] == ["alert"]
    assert points(member) == 100 + 30


def test_cigarettes_on_a_paper_lose_their_points_when_the_till_tells(
    world: TradingWorld, member: UUID, agent: Actor
) -> None:
    bring_receipt(paper(member, world.bakery), actor=agent)
    sell(a_receipt(world.bakery, "R1", lines=(line(10_000, sku="CIG-1"),)))
    assert points(member) == 0
    roll_up_funder_days()
    assert verify().is_sound


def test_erasing_leaves_the_row_and_nothing_to_read(
    world: TradingWorld, member: UUID, agent: Actor, manager: Actor
) -> None:
    row = bring_receipt(paper(member, world.bakery, "R1", 500_000), actor=agent)
    waiting = bring_receipt(paper(member, world.bakery, "R2", 500_000), actor=agent)
    decide_receipt(row.pk, is_approved=False, reason="The paper is torn", actor=manager)
    erase_member(member, actor=TILL)
    row.refresh_from_db()
    assert answer_of(row) == ""
    with pytest.raises(MemberNotOpen):
        decide_receipt(waiting.pk, is_approved=True, actor=manager)
    done = decide_receipt(waiting.pk, is_approved=False, reason="They left", actor=manager)
    assert (done.state, done.answer_sealed) == (State.DECLINED, None)
    assert Receipt.objects.count() == 0
