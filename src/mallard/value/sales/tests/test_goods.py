"""What goods brought by month: added once, whatever is repeated, and answered for by `verify`."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.kernel.outbox.models import OutboxEvent
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_receipt,
    a_return,
    a_trading_world,
    line,
)
from mallard.value.ledger.verification import verify
from mallard.value.sales.facts import ReturnLineInput
from mallard.value.sales.goods import Goods, add_up_goods, fill_goods, trade_of_goods
from mallard.value.sales.models import GoodsCursor, ProductMonth, Source

MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    """Bread and cigarettes in March; half of a loaf back in April."""
    frozen_clock.set(NOON + dt.timedelta(days=40))
    made = a_trading_world()
    both = (line(3_000, quantity_milli=2_000), line(5_000, sku="CIG-1"))
    record_receipts(
        [
            a_receipt(made.bakery, "G1", lines=both),
            a_receipt(made.bakery, "G2", 1_000),
            a_receipt(made.pharmacy, "G3", 700),
        ],
        actor=TILL,
        source=Source.POS,
    )
    back = a_return(
        made.bakery, "GB", "G1", at=NOON + dt.timedelta(days=32),
        lines=(ReturnLineInput(1, 1_000),),
    )  # fmt: skip
    record_returns([back], actor=TILL, source=Source.POS)
    return made


def add_up() -> None:
    wait_for_older_transactions()
    while add_up_goods():
        pass


def told() -> set[tuple[str, str, dt.date, int, int, int, int]]:
    return set(
        ProductMonth.objects.values_list(
            "store__code", "product__code", "month", "lines", "quantity_milli", "net_minor",
            "refund_minor",
        )
    )  # fmt: skip


def expected(world: TradingWorld) -> set[tuple[str, str, dt.date, int, int, int, int]]:
    return {
        (world.bakery.code, "BREAD-1", MARCH, 2, 3_000, 4_000, 0),
        (world.bakery.code, "CIG-1", MARCH, 1, 1_000, 5_000, 0),
        (world.pharmacy.code, "BREAD-1", MARCH, 1, 1_000, 700, 0),
        (world.bakery.code, "BREAD-1", APRIL, 0, 0, 0, 1_500),
    }


def product_months() -> tuple[int, int]:
    [check] = [one for one in verify().checks if one.name == "product months"]
    return check.checked, check.wrong


# The cursor only passes transactions that have committed, so these commit for real.
@pytest.mark.django_db(transaction=True)
def test_goods_are_added_once_however_often_the_job_runs(world: TradingWorld) -> None:
    add_up()
    assert told() == expected(world)
    add_up()
    assert told() == expected(world)
    assert product_months() == (4, 0)
    record_receipts([a_receipt(world.pharmacy, "G4", 300)], actor=TILL, source=Source.POS)
    # What the job has still to see is no fault.
    assert product_months() == (4, 0)
    add_up()
    assert (world.pharmacy.code, "BREAD-1", MARCH, 2, 2_000, 1_000, 0) in told()
    assert product_months() == (4, 0)


@pytest.mark.django_db(transaction=True)
def test_filling_at_once_gives_the_same_and_the_job_goes_on_from_there(world: TradingWorld) -> None:
    wait_for_older_transactions()
    fill_goods()
    assert told() == expected(world)
    fill_goods()
    add_up()
    assert told() == expected(world)
    assert GoodsCursor.objects.get().transaction > 0


@pytest.mark.django_db(transaction=True)
def test_a_run_ends_after_so_many_events_and_says_that_more_waits(
    world: TradingWorld, monkeypatch
) -> None:
    monkeypatch.setattr("mallard.value.sales.goods.EVENTS_AT_ONCE", 1)
    for number in range(3):
        receipt = a_receipt(world.pharmacy, f"M{number}", 100)
        record_receipts([receipt], actor=TILL, source=Source.POS)
    wait_for_older_transactions()
    runs = 1
    while add_up_goods():
        runs += 1
    assert runs > 3
    assert (world.pharmacy.code, "BREAD-1", MARCH, 4, 4_000, 1_000, 0) in told()
    assert OutboxEvent.objects.count() >= 7


@pytest.mark.django_db(transaction=True)
def test_a_wrong_or_lost_month_is_found(world: TradingWorld) -> None:
    add_up()
    ProductMonth.objects.filter(store=world.pharmacy).update(refund_minor=F("refund_minor") + 1)
    ProductMonth.objects.filter(month=APRIL).delete()
    assert product_months() == (4, 2)


@pytest.mark.django_db(transaction=True)
def test_the_best_come_first_net_of_what_came_back(world: TradingWorld) -> None:
    add_up()
    stores = [world.bakery.id, world.pharmacy.id]
    found = trade_of_goods(Goods.PRODUCT, stores, (MARCH, APRIL), (MARCH, MARCH), most=1)
    assert (found.count, found.net_minor, found.before_minor) == (2, 8_200, 9_700)
    assert [(one.net_minor, one.before_minor, one.lines, one.place) for one in found.rows] == [
        (5_000, 5_000, 1, 1),
        (3_200, 4_700, 3, 2),
    ]
    here = trade_of_goods(
        Goods.CATEGORY, [world.pharmacy.id], (MARCH, MARCH), (APRIL, APRIL), most=9
    )
    assert [(one.id, one.net_minor) for one in here.rows] == [(world.bread_category.id, 700)]
    nothing = trade_of_goods(Goods.PRODUCT, [], (MARCH, MARCH), (MARCH, MARCH), most=9)
    assert (nothing.rows, nothing.count, nothing.net_minor) == ([], 0, 0)
