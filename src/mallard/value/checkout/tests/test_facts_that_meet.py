"""Facts that come in at the same moment, from two tills or in one batch, do not miss each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from mallard.kernel.ids import uuid7
from mallard.value.checkout.outcomes import Status
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
)
from mallard.value.ledger.models import Wallet
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.queries import latest_assessments
from mallard.value.sales.facts import ReceiptInput, ReturnInput, TenderInput
from mallard.value.sales.models import PendingReturn, Receipt, Return, Source, Visit
from mallard.world.members.models import Member
from mallard.world.members.services import close_member, erase_member, merge_members

PHONE = "13812345678"
OTHER_PHONE = "13912345678"
DAY = dt.timedelta(days=1)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=400))
    return a_trading_world(tenant_share_bp=7_000)


def sell(*receipts: ReceiptInput) -> list[Any]:
    return record_receipts(receipts, actor=TILL, source=Source.POS)


def take_back(*returns: ReturnInput) -> list[Any]:
    return record_returns(returns, actor=TILL, source=Source.POS)


def points_of(number: str) -> int:
    receipt = Receipt.objects.get(number=number)
    return latest_assessments([receipt.id])[receipt.id].points


def is_waiting_for_a_lock() -> bool:
    """Whether some other connection of this database waits for somebody's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def meanwhile(call: Callable[[], Any]) -> Iterator[Callable[[], None]]:
    """Offers a function that starts ``call`` on a connection of its own. Goes on when it waits
    for our transaction, or has ended; then ours commits, and the call may go on."""
    begun = Event()

    def attempt() -> Any:
        try:
            begun.set()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            answers: list[Future[Any]] = []

            def start() -> None:
                answers.append(pool.submit(attempt))

            yield start
            begun.wait(timeout=10)
            for _try in range(100):
                if answers[0].done() or is_waiting_for_a_lock():
                    break
                Event().wait(0.02)
        answers[0].result(timeout=30)


@pytest.mark.django_db(transaction=True)
def test_a_sale_that_commits_under_its_return_gets_it(world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    sale = a_receipt(world.bakery, "R1", phone=PHONE)
    back = a_return(world.bakery, "B1", "R1")

    with meanwhile(lambda: take_back(back)) as start:
        sell(sale)
        start()

    assert Return.objects.filter(number="B1", receipt__number="R1").count() == 1
    assert PendingReturn.objects.count() == 0
    assert Wallet.objects.get(member_id=member_id).balance == 0


@pytest.mark.django_db(transaction=True)
def test_a_return_that_commits_under_its_sale_is_applied(world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    sale = a_receipt(world.bakery, "R1", phone=PHONE)

    with meanwhile(lambda: sell(sale)) as start:
        [waiting] = take_back(a_return(world.bakery, "B1", "R1"))
        start()

    assert waiting.status is Status.PENDING
    assert Return.objects.filter(number="B1", receipt__number="R1").count() == 1
    assert PendingReturn.objects.count() == 0
    assert Wallet.objects.get(member_id=member_id).balance == 0


@pytest.mark.django_db(transaction=True)
def test_two_sales_of_a_store_do_not_wait_for_each_other(world: TradingWorld) -> None:
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        sell(a_receipt(world.bakery, "R1", at=NOON))

        def other() -> Any:
            try:
                return sell(a_receipt(world.bakery, "R2", at=NOON - DAY))
            finally:
                connection.close()

        [second] = pool.submit(other).result(timeout=20)

    assert second.status is Status.RECORDED


@pytest.mark.django_db(transaction=True)
def test_a_sale_that_waited_for_a_merge_counts_for_the_person(world: TradingWorld) -> None:
    survivor = a_member(PHONE, store=world.bakery)
    merged = a_member(OTHER_PHONE, store=world.bakery)
    sell(a_receipt(world.bakery, "R1", 60_000, phone=PHONE, at=NOON - DAY))
    sell(a_receipt(world.bakery, "R2", 10_000, phone=PHONE, at=NOON + DAY))
    assert points_of("R2") == 100
    late = a_receipt(world.bakery, "R3", 60_000, phone=OTHER_PHONE, at=NOON)

    with meanwhile(lambda: sell(late)) as start:
        merge_members(survivor, merged_id=merged, actor=TILL)
        start()

    assert points_of("R2") == 150, "two days and ¥1,200 before it: silver"
    assert verify().is_sound


@pytest.mark.django_db(transaction=True)
def test_a_sale_that_waited_for_a_merge_has_the_persons_tier(world: TradingWorld) -> None:
    survivor = a_member(PHONE, store=world.bakery)
    merged = a_member(OTHER_PHONE, store=world.bakery)
    sell(a_receipt(world.bakery, "R1", 60_000, phone=PHONE, at=NOON - 2 * DAY))
    sell(a_receipt(world.bakery, "R2", 60_000, phone=PHONE, at=NOON - DAY))
    new = a_receipt(world.bakery, "R3", 10_000, phone=OTHER_PHONE, at=NOON)

    with meanwhile(lambda: sell(new)) as start:
        merge_members(survivor, merged_id=merged, actor=TILL)
        start()

    assert points_of("R3") == 150, "alone, the record had bought nothing"
    assert verify().is_sound


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("reference", [None, "V1"])
def test_a_sale_that_waited_for_another_is_of_the_same_visit(
    world: TradingWorld, reference: str | None
) -> None:
    a_member(PHONE, store=world.bakery)
    first, second = (
        replace(a_receipt(world.bakery, number, phone=PHONE), visit_reference=reference)
        for number in ("R1", "R2")
    )

    with meanwhile(lambda: sell(second)) as start:
        sell(first)
        start()

    [visit] = Visit.objects.all()
    assert set(Receipt.objects.values_list("visit_id", flat=True)) == {visit.id}
    assert verify().is_sound


@pytest.mark.django_db(transaction=True)
def test_who_was_erased_while_the_till_waited_is_unknown(world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    sale = a_receipt(world.bakery, "R1", phone=PHONE)
    answers: list[Any] = []

    with meanwhile(lambda: answers.extend(sell(sale))) as start:
        erase_member(member_id, actor=TILL)
        start()

    [answer] = answers
    assert answer.status is Status.REFUSED
    assert answer.error.code == "sales.unknown_member"
    assert not Receipt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_was_closed_while_the_till_waited_earns_nothing(world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    sale = a_receipt(world.bakery, "R1", phone=PHONE)

    with meanwhile(lambda: sell(sale)) as start:
        close_member(member_id, actor=TILL)
        start()

    assert points_of("R1") == 0
    assert latest_assessments(Receipt.objects.values_list("id", flat=True)).popitem()[1].reason == (
        "member_closed"
    )


@pytest.mark.django_db(transaction=True)
def test_erasing_takes_along_who_was_merged_while_it_waited(world: TradingWorld) -> None:
    survivor = a_member(PHONE, store=world.bakery)
    merged = a_member(OTHER_PHONE, store=world.bakery)

    with meanwhile(lambda: erase_member(survivor, actor=TILL)) as start:
        merge_members(survivor, merged_id=merged, actor=TILL)
        start()

    assert set(Member.objects.values_list("status", flat=True)) == {"erased"}


@pytest.mark.django_db(transaction=True)
def test_two_tills_make_one_visit_of_a_stranger(world: TradingWorld) -> None:
    one = replace(a_receipt(world.bakery, "R1"), visit_reference="table 7")
    two = replace(a_receipt(world.pharmacy, "R2"), visit_reference="table 7")

    with meanwhile(lambda: sell(two)) as start:
        sell(one)
        start()

    assert Visit.objects.count() == 1
    assert set(Receipt.objects.values_list("visit__reference", flat=True)) == {"table 7"}


@pytest.mark.django_db
def test_a_waiting_return_lowers_the_tier_of_a_later_sale_in_the_same_batch(
    world: TradingWorld,
) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    take_back(a_return(world.bakery, "B1", "R1", at=NOON + DAY * 2))

    outcomes = sell(
        a_receipt(world.bakery, "R1", 60_000, phone=PHONE, at=NOON),
        a_receipt(world.bakery, "R2", 60_000, phone=PHONE, at=NOON + DAY),
        a_receipt(world.bakery, "R3", 10_000, phone=PHONE, at=NOON + DAY * 3),
    )

    assert [outcome.points for outcome in outcomes] == [0, 600, 100]
    assert Wallet.objects.get(member_id=member_id).balance == 700


@pytest.mark.django_db
def test_a_late_sale_tells_the_right_tier_even_where_nothing_is_earned(
    world: TradingWorld,
) -> None:
    a_member(PHONE, store=world.bakery)
    sell(a_receipt(world.bakery, "R1", 60_000, phone=PHONE, at=NOON))
    sell(a_receipt(world.bakery, "R3", 99, phone=PHONE, at=NOON + DAY * 2))
    small = Receipt.objects.get(number="R3").id
    assert latest_assessments([small])[small].tier_code == "member"

    sell(a_receipt(world.bakery, "R2", 60_000, phone=PHONE, at=NOON + DAY))

    now = latest_assessments([small])[small]
    assert (now.tier_code, now.points, now.revision) == ("silver", 0, 2)


@pytest.mark.django_db
def test_a_return_that_stands_twice_in_a_batch_answers_with_the_first(world: TradingWorld) -> None:
    sell(a_receipt(world.bakery, "R1", 10_000))
    back = a_return(world.bakery, "B1", "R1")

    first, again = take_back(back, back)
    [later] = take_back(back)

    assert first.status is Status.RECORDED
    assert again.status is later.status is Status.DUPLICATE
    assert first.return_id == again.return_id == later.return_id == Return.objects.get().id
    assert first.refund_minor == again.refund_minor == later.refund_minor == 10_000


@pytest.mark.django_db
def test_a_waiting_return_that_stands_twice_waits_once(world: TradingWorld) -> None:
    back = a_return(world.bakery, "B1", "R1")

    first, again = take_back(back, back)

    assert first == again
    assert first.status is Status.PENDING
    assert PendingReturn.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoilt",
    [
        {"tenders": (TenderInput("4111111111111111", 10_000),)},
        {"tenders": (TenderInput("a very long kind of payment", 10_000),)},
        {"tenders": (TenderInput("cash", 20_000), TenderInput("other", -10_000))},
        {"visit_reference": "4111 1111 1111 1111"},
        {"number": "4111111111111111"},
    ],
)
def test_a_spoilt_item_leaves_nothing_and_stops_nobody(
    world: TradingWorld, spoilt: dict[str, Any]
) -> None:
    good = a_receipt(world.bakery, "R2", 10_000)
    bad = replace(a_receipt(world.bakery, "R1", 10_000), **spoilt)

    refused, recorded = sell(bad, good)

    assert refused.status is Status.REFUSED
    assert refused.error.code == "sales.invalid_receipt"
    assert recorded.status is Status.RECORDED
    assert list(Receipt.objects.values_list("number", flat=True)) == ["R2"]


@pytest.mark.django_db
def test_an_absurd_total_does_not_spoil_the_batch(world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    [most] = a_receipt(world.bakery, "R1", 10**12).lines
    absurd = a_receipt(world.bakery, "R1", phone=PHONE, lines=(most,) * 1_000)

    refused, recorded = sell(absurd, a_receipt(world.bakery, "R2", phone=PHONE))

    assert refused.error.code == "sales.invalid_receipt"
    assert recorded.points == 100
    assert Wallet.objects.get(member_id=member_id).balance == 100


@pytest.mark.django_db
def test_a_known_key_says_nothing_of_other_stores(world: TradingWorld) -> None:
    """The same number in two stores is two receipts; a return finds its own store's only."""
    sell(a_receipt(world.bakery, "R1", 10_000), a_receipt(world.pharmacy, "R1", 20_000))

    [outcome] = take_back(a_return(world.pharmacy, f"B{uuid7()}", "R1"))

    assert outcome.refund_minor == 20_000
