"""A sale of nobody gets its member; what a desk typed from paper gives way to the till."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.errors import DomainError
from mallard.kernel.outbox.models import OutboxEvent
from mallard.value.checkout.errors import MemberNotOpen, NothingKept, ReceiptHasMember
from mallard.value.checkout.outcomes import ReceiptOutcome, Status
from mallard.value.checkout.services import name_member, record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
    line,
)
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.rollups import roll_up_funder_days
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.queries import latest_assessments
from mallard.value.sales import rollups
from mallard.value.sales.facts import LineInput, ReceiptInput, ReturnLineInput
from mallard.value.sales.goods import add_up_goods
from mallard.value.sales.models import MemberStoreDay, Receipt, ReceiptLine, Source, StoreDay
from mallard.world.members.services import close_member

pytestmark = pytest.mark.django_db

PHONE, OTHER_PHONE = "13812345678", "13911112222"
DAY = dt.timedelta(days=1)


@pytest.fixture
def world(frozen_clock: Any) -> TradingWorld:
    frozen_clock.set(NOON + 3 * DAY)
    return a_trading_world()


@pytest.fixture
def member(world: TradingWorld) -> UUID:
    return a_member(PHONE, store=world.bakery)


def sell(*receipts: ReceiptInput, source: Source = Source.POS) -> list[ReceiptOutcome]:
    return record_receipts(receipts, actor=TILL, source=source)


def on_paper(world: TradingWorld, amount_minor: int = 10_000, number: str = "R1") -> ReceiptInput:
    """What a desk types: an amount, and nothing of the goods."""
    lines = (LineInput(None, "", 1_000, amount_minor),)
    return a_receipt(world.bakery, number, phone=PHONE, lines=lines)


def points(member: UUID) -> int:
    wallet = wallet_of([member])[member]
    return wallet.balance - wallet.owed


def assert_everything_agrees() -> None:
    """The rollups follow what was announced; then nothing differs from the facts."""
    events = OutboxEvent.objects.filter(name__startswith="sales.receipt_")
    days = {
        (UUID(e.payload["store_id"]), dt.date.fromisoformat(e.payload["business_day"]))
        for e in events
    }
    rollups.bring_up_to_date(days, {e.subject_id for e in events})
    add_up_goods()
    roll_up_funder_days()
    report = verify()
    assert report.is_sound, report


def refusal(call: Any) -> DomainError:
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value


def test_a_sale_of_nobody_earns_for_who_is_named_later(world: TradingWorld, member: UUID) -> None:
    [sold] = sell(a_receipt(world.bakery, "R1"))
    assert (points(member), sold.points) == (0, 0)
    assert sold.receipt_id is not None
    named = name_member(sold.receipt_id, member_id=member, actor=TILL)
    assert (named.points, named.reason) == (100, "earned")
    assert points(member) == 100
    row = Receipt.objects.get()
    assert (row.member_id, row.is_named_later, row.visit is not None) == (member, True, True)
    day = StoreDay.objects.get()
    assert (day.receipts, day.member_receipts, day.member_net_minor) == (1, 1, 10_000)
    assert_everything_agrees()
    assert MemberStoreDay.objects.get().net_minor == 10_000


def test_the_till_may_go_on_not_knowing_the_member(world: TradingWorld, member: UUID) -> None:
    sale = a_receipt(world.bakery, "R1")
    [sold] = sell(sale)
    assert sold.receipt_id is not None
    name_member(sold.receipt_id, member_id=member, actor=TILL)
    [again] = sell(sale)
    assert (again.status, again.points) == (Status.DUPLICATE, 100)
    [other] = sell(replace(sale, lines=(line(11_000),)))
    assert other.error is not None
    assert other.error.code == "sales.number_reused"
    assert points(member) == 100


def test_what_came_back_before_earns_nothing(world: TradingWorld, member: UUID) -> None:
    [sold] = sell(a_receipt(world.bakery, "R1", lines=(line(10_000), line(4_000))))
    [back] = record_returns(
        [a_return(world.bakery, "B1", "R1", lines=(ReturnLineInput(2, 1_000),))],
        actor=TILL,
        source=Source.POS,
    )
    assert back.error is None
    assert sold.receipt_id is not None
    named = name_member(sold.receipt_id, member_id=member, actor=TILL)
    assert (named.points, points(member)) == (100, 100)
    day = StoreDay.objects.get()
    assert (day.member_net_minor, day.member_refund_minor) == (14_000, 4_000)
    assert_everything_agrees()


def test_naming_is_refused_and_changes_nothing(world: TradingWorld, member: UUID) -> None:
    other = a_member(OTHER_PHONE, store=world.bakery)
    sell(a_receipt(world.bakery, "HIS", phone=OTHER_PHONE), a_receipt(world.bakery, "BACK"))
    record_returns([a_return(world.bakery, "B1", "BACK")], actor=TILL, source=Source.POS)
    [his, back] = [Receipt.objects.get(number=number).pk for number in ("HIS", "BACK")]
    assert isinstance(
        refusal(lambda: name_member(his, member_id=member, actor=TILL)), ReceiptHasMember
    )
    assert isinstance(refusal(lambda: name_member(back, member_id=member, actor=TILL)), NothingKept)
    close_member(other, actor=TILL)
    [sold] = sell(a_receipt(world.bakery, "R1"))
    assert sold.receipt_id is not None
    left = sold.receipt_id
    assert isinstance(
        refusal(lambda: name_member(left, member_id=other, actor=TILL)), MemberNotOpen
    )
    assert Receipt.objects.filter(is_named_later=True).count() == 0
    assert (points(member), points(other)) == (0, 100)
    assert_everything_agrees()


def test_a_later_day_of_a_better_tier_is_assessed_again(world: TradingWorld, member: UUID) -> None:
    """¥1,000 in two visits make silver, from the next day on: half as much again."""
    sell(a_receipt(world.bakery, "R0", 50_000, phone=PHONE, at=NOON - DAY))
    [sold] = sell(a_receipt(world.bakery, "R1", 50_000))
    [later] = sell(a_receipt(world.bakery, "R2", phone=PHONE, at=NOON + DAY))
    assert later.points == 100
    assert sold.receipt_id is not None
    assert later.receipt_id is not None
    name_member(sold.receipt_id, member_id=member, actor=TILL)
    assert latest_assessments([later.receipt_id])[later.receipt_id].points == 150
    assert points(member) == 500 + 500 + 150
    assert_everything_agrees()


def test_the_till_takes_the_place_of_the_paper(world: TradingWorld, member: UUID) -> None:
    """The paper said ¥100; the till says ¥80 of bread and ¥20 of cigarettes, to nobody."""
    [typed] = sell(on_paper(world), source=Source.PAPER)
    assert points(member) == 100
    goods = (line(8_000), line(2_000, sku="CIG-1"))
    told = a_receipt(world.bakery, "R1", at=NOON + dt.timedelta(minutes=1), lines=goods)
    [met] = sell(told)
    assert (met.status, met.receipt_id, met.points) == (Status.DUPLICATE, typed.receipt_id, 80)
    assert points(member) == 80
    row = Receipt.objects.get()
    assert (row.source, row.member_id, row.eligible_minor) == (Source.POS, member, 8_000)
    assert ReceiptLine.objects.count() == 2
    [again] = sell(told)
    assert (again.status, again.points) == (Status.DUPLICATE, 80)
    event = OutboxEvent.objects.get(name="sales.receipt_met")
    assert (event.payload["was_minor"], event.payload["names_another"]) == (10_000, False)
    assert_everything_agrees()


@pytest.mark.parametrize(("said", "told"), [(10_000, 12_000), (10_000, 7_000), (10_000, 10_000)])
def test_figures_and_points_are_the_tills(
    world: TradingWorld, member: UUID, said: int, told: int
) -> None:
    sell(on_paper(world, said), source=Source.PAPER)
    sell(a_receipt(world.bakery, "R1", told))
    assert points(member) == told // 100
    day = StoreDay.objects.get()
    assert (day.receipts, day.net_minor, day.member_net_minor) == (1, told, told)
    assert_everything_agrees()


def test_goods_count_once_however_often_they_are_told(world: TradingWorld, member: UUID) -> None:
    typed = a_receipt(world.bakery, "R1", phone=PHONE)
    sell(typed, source=Source.PAPER)
    assert_everything_agrees()
    sell(a_receipt(world.bakery, "R1"))
    assert_everything_agrees()
    sell(a_receipt(world.bakery, "R2"))
    assert_everything_agrees()


def test_the_till_that_names_somebody_else_is_told_to_a_person(
    world: TradingWorld, member: UUID
) -> None:
    other = a_member(OTHER_PHONE, store=world.bakery)
    sell(on_paper(world), source=Source.PAPER)
    [met] = sell(a_receipt(world.bakery, "R1", phone=OTHER_PHONE))
    assert met.status is Status.DUPLICATE
    assert (points(member), points(other)) == (100, 0)
    assert OutboxEvent.objects.get(name="sales.receipt_met").payload["names_another"] is True
    assert_everything_agrees()


def test_goods_that_came_back_keep_the_papers_words(world: TradingWorld, member: UUID) -> None:
    sell(on_paper(world), source=Source.PAPER)
    part = (ReturnLineInput(1, 0, 3_000),)
    record_returns([a_return(world.bakery, "B1", "R1", lines=part)], actor=TILL, source=Source.POS)
    assert points(member) == 70
    told = a_receipt(world.bakery, "R1", 9_000)
    [met] = sell(told)
    [again] = sell(told)
    assert (met.status, again.status) == (Status.DUPLICATE, Status.DUPLICATE)
    assert Receipt.objects.get().net_minor == 10_000
    assert OutboxEvent.objects.get(name="sales.receipt_met").payload["is_replaced"] is False
    assert points(member) == 70
    assert_everything_agrees()


def test_a_number_of_another_week_is_another_sale(world: TradingWorld, member: UUID) -> None:
    sell(on_paper(world), source=Source.PAPER)
    [later] = sell(a_receipt(world.bakery, "R1", at=NOON + 2 * DAY))
    assert later.error is not None
    assert later.error.code == "sales.number_reused"
    assert Receipt.objects.get().source == Source.PAPER


def test_two_desks_never_meet(world: TradingWorld, member: UUID) -> None:
    sell(on_paper(world), source=Source.PAPER)
    [same] = sell(on_paper(world), source=Source.PAPER)
    [other] = sell(on_paper(world, 20_000), source=Source.PAPER)
    assert same.status is Status.DUPLICATE
    assert other.error is not None
    assert points(member) == 100


def is_refused(change: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        return "is append-only" in str(error)
    return False


def edited(**changes: object) -> bool:
    return not is_refused(lambda: Receipt.objects.update(**changes))


def test_the_database_lets_nothing_else_change(world: TradingWorld, member: UUID) -> None:
    other = a_member(OTHER_PHONE, store=world.bakery)
    sell(a_receipt(world.bakery, "R1"))
    assert not edited(member_id=member)
    assert not edited(member_id=member, is_named_later=True, net_minor=1)
    assert not edited(source=Source.PAPER)
    assert edited(member_id=member, is_named_later=True)
    assert not edited(member_id=other, is_named_later=True)
    assert not edited(member_id=None)
    assert is_refused(lambda: fetch_rows("DELETE FROM sales_receiptline"))
    sell(on_paper(world, number="R2"), source=Source.PAPER)
    paper = Receipt.objects.filter(number="R2")
    assert not edited(occurred_at=NOON + DAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        paper.update(net_minor=5, source=Source.PAPER)
    with pytest.raises(DatabaseError), transaction.atomic():
        paper.update(source=Source.POS, member_id=other)
    assert paper.get().net_minor == 10_000
