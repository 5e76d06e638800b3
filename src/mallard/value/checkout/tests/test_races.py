"""Tills that come at the same moment, each with a connection of its own."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from mallard.kernel.clock import now
from mallard.value.checkout.outcomes import Status
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
)
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.rollups import roll_up_funder_days
from mallard.value.ledger.verification import verify
from mallard.value.sales.facts import ReceiptInput, ReturnInput, ReturnLineInput
from mallard.value.sales.models import PendingReturn, Receipt, Return, Source, StoreDay

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "13812345678"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def world() -> TradingWorld:
    # A frozen clock holds for its own thread; these tills live in many.
    return a_trading_world()


def earlier(hours: int = 2) -> dt.datetime:
    """Hours before yesterday's noon: whenever the test runs, on the same business day."""
    noon = dt.datetime.combine(now().astimezone(SHANGHAI).date(), dt.time(12), tzinfo=SHANGHAI)
    return noon - dt.timedelta(days=1, hours=hours)


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    barrier = Barrier(len(calls))

    def attempt(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(attempt, calls))


def sell(*receipts: ReceiptInput) -> list[Any]:
    return record_receipts(receipts, actor=TILL, source=Source.POS)


def bring_back(*returns: ReturnInput) -> list[Any]:
    return record_returns(returns, actor=TILL, source=Source.POS)


def assert_everything_agrees() -> None:
    roll_up_funder_days()
    report = verify()
    assert report.is_sound, report


@pytest.mark.parametrize("phone", [PHONE, None], ids=["named", "anonymous"])
def test_one_receipt_from_thirty_two_tills_is_recorded_once(
    world: TradingWorld, phone: str | None
) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    same = a_receipt(world.bakery, "R1", phone=phone, at=earlier())

    outcomes = [one for [one] in at_once([lambda: sell(same)] * 32)]

    assert Counter(one.status for one in outcomes) == {Status.RECORDED: 1, Status.DUPLICATE: 31}
    assert len({(one.receipt_id, one.points, one.reason) for one in outcomes}) == 1
    assert Receipt.objects.count() == 1
    assert StoreDay.objects.get().receipts == 1
    assert wallet_of([member_id])[member_id].balance == (100 if phone else 0)
    assert_everything_agrees()


def test_two_contents_under_one_number_leave_one_and_one_refusal(world: TradingWorld) -> None:
    one, other = (a_receipt(world.bakery, "R1", paid, at=earlier()) for paid in (1_000, 2_000))

    outcomes = [answer for [answer] in at_once([lambda: sell(one), lambda: sell(other)] * 4)]

    statuses = Counter(answer.status for answer in outcomes)
    assert statuses == {Status.RECORDED: 1, Status.DUPLICATE: 3, Status.REFUSED: 4}
    assert Receipt.objects.count() == 1
    assert_everything_agrees()


@pytest.mark.parametrize("phone", [PHONE, None], ids=["named", "anonymous"])
def test_of_two_returns_that_exceed_a_sale_together_exactly_one_wins(
    world: TradingWorld, phone: str | None
) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    sell(a_receipt(world.bakery, "R1", phone=phone, at=earlier()))
    most = (ReturnLineInput(1, 600),)
    backs = [
        a_return(world.bakery, number, "R1", at=earlier(1), lines=most) for number in ("B1", "B2")
    ]

    outcomes = [answer for [answer] in at_once([lambda b=b: bring_back(b) for b in backs])]

    assert sorted(answer.status for answer in outcomes) == [Status.RECORDED, Status.REFUSED]
    [refusal] = [answer.error for answer in outcomes if answer.error]
    assert refusal.code == "sales.return_exceeds_sale"
    assert Return.objects.get().refund_minor == 6_000
    assert StoreDay.objects.get().refund_minor == 6_000
    assert wallet_of([member_id])[member_id].balance == (40 if phone else 0)
    assert_everything_agrees()


def test_a_return_and_its_sale_at_once_end_as_a_return(world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    calls: list[Callable[[], Any]] = []
    for n in range(6):
        sale = a_receipt(world.bakery, f"R{n}", phone=PHONE, at=earlier())
        back = a_return(world.bakery, f"B{n}", f"R{n}", at=earlier(1))
        calls += [lambda s=sale: sell(s), lambda b=back: bring_back(b)]

    at_once(calls)

    assert Receipt.objects.count() == Return.objects.count() == 6
    assert not PendingReturn.objects.exists()
    assert wallet_of([member_id])[member_id].balance == 0
    assert_everything_agrees()


def test_batches_over_the_same_people_in_any_order_all_count(world: TradingWorld) -> None:
    phones = [f"1380000000{n}" for n in range(6)]
    for phone in phones:
        a_member(phone, store=world.bakery)
    template = a_receipt(world.bakery, "R", at=earlier())
    batches = []
    for till in range(6):
        ordered = phones[till:] + phones[:till]
        named = [a_receipt(world.bakery, f"T{till}-{p}", phone=p, at=earlier()) for p in ordered]
        batches.append([*named, replace(template, number=f"T{till}-none")])

    answers = at_once([lambda b=b: sell(*b) for b in batches])

    assert all(one.status is Status.RECORDED for batch in answers for one in batch)
    assert StoreDay.objects.get().receipts == 42
    assert_everything_agrees()
