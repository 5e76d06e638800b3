"""The day's trade on the home page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from mallard.kernel import clock
from mallard.kernel.access.actor import Scope
from mallard.value.checkout.home_panels import _panel
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
from mallard.value.sales.figures import NET_SALES, Trade, change_bp
from mallard.value.sales.models import Source
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
ALL_RIGHTS = ("sales.view_figures", "sales.view_receipt")


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    """¥300 on the day, ¥100 of it a member's, ¥200 refunded; ¥200 sold a week before."""
    frozen_clock.set(NOON + dt.timedelta(days=3))
    made = a_trading_world()
    a_member(PHONE, store=made.bakery)
    sales = [
        a_receipt(made.bakery, "R1", 10_000, phone=PHONE),
        a_receipt(made.bakery, "R2", 10_000),
        a_receipt(made.pharmacy, "R3", 10_000),
        a_receipt(made.bakery, "R4", 20_000, at=NOON - WEEK),
        a_receipt(made.place.hillside_bakery, "R5", 500),
    ]
    record_receipts(sales, actor=TILL, source=Source.POS)
    record_returns([a_return(made.bakery, "B1", "R4")], actor=TILL, source=Source.POS)
    return made


def panel(scope: Scope, *permissions: str):
    request = RequestFactory().get("/")
    request.actor = an_actor(*(permissions or ALL_RIGHTS), scope=scope)
    return _panel(request)


def test_figures_are_net_of_refunds_beside_the_same_weekday(world: TradingWorld) -> None:
    told = panel(Scope(mall_ids=frozenset([world.place.lakeside.id])))
    assert told["day"] == NOON.date()
    assert not told["is_running"]
    sales, receipts, identification, each = told["stats"]
    assert (sales.figure, sales.text, sales.delta) == (NET_SALES, "CN¥100.00", "−50.0%")
    assert (receipts.text, receipts.delta, receipts.direction) == ("3", "+200.0%", "up")
    assert identification.text == "33.3%"
    assert each.text == "CN¥33.33"
    assert sales.url.endswith("?day_from=2026-03-02&day_to=2026-03-02")
    assert "day_from=2026-02-24" in identification.url
    assert "member=1" in identification.url


def test_net_sales_open_their_rows_at_any_hour(
    client: Client, world: TradingWorld, frozen_clock
) -> None:
    """A sale yesterday at this hour, goods back an hour later: between 4 and 5 in the morning of
    the mall the refund falls on a business day without any sale."""
    mall = Scope(mall_ids=frozenset([world.place.lakeside.id]))
    client.force_login(a_staff_user("director"))
    days_of_refunds_only = 0
    for hour in range(24):
        frozen_clock.set(NOON.replace(hour=0) + dt.timedelta(days=10 + 3 * hour, hours=hour))
        sold_at = clock.now() - DAY
        sale = a_receipt(world.bakery, f"S{hour}", at=sold_at)
        back = a_return(world.bakery, f"B{hour}", sale.number, at=sold_at + dt.timedelta(hours=1))
        record_receipts([sale], actor=TILL, source=Source.POS)
        record_returns([back], actor=TILL, source=Source.POS)
        told = panel(mall)
        for url in (told["stats"][0].url, told["rows"][0].url):
            assert sale.number in client.get(url).content.decode(), (hour, url)
        days_of_refunds_only += "/returns?" in told["stats"][0].url
    assert days_of_refunds_only == 1


def test_one_mall_is_told_by_store_and_several_by_mall(world: TradingWorld) -> None:
    by_store = panel(Scope(mall_ids=frozenset([world.place.lakeside.id])))["rows"]
    assert [(row.name, row.net.minor, row.receipts) for row in by_store] == [
        (world.pharmacy.name, 10_000, 1),
        (world.bakery.name, 0, 2),
    ]
    told = panel(Scope(is_group=True))
    assert [row.name for row in told["rows"]] == [
        world.place.lakeside.name,
        world.place.hillside.name,
    ]
    # Money of two currencies is never added: the sums are of the one with most receipts.
    assert told["is_partial"]
    assert told["stats"][0].text == "CN¥100.00"


def test_a_scope_never_counts_another_s_trade(world: TradingWorld) -> None:
    told = panel(Scope(tenant_ids=frozenset([world.place.pharmacy.id])))
    assert told["stats"][0].text == "CN¥100.00"
    assert sum(row.receipts for row in told["rows"]) == 1
    assert panel(Scope(store_ids=frozenset([world.place.hillside_pharmacy.id]))) is None


def test_a_day_that_still_runs_is_not_compared(world: TradingWorld, frozen_clock) -> None:
    frozen_clock.set(NOON)
    told = panel(Scope(mall_ids=frozenset([world.place.lakeside.id])))
    assert told["is_running"]
    assert [stat.delta for stat in told["stats"][:2]] == ["", ""]


def test_without_the_right_to_see_receipts_figures_lead_nowhere(world: TradingWorld) -> None:
    told = panel(Scope(is_group=True), "sales.view_figures")
    assert {stat.url for stat in told["stats"]} | {row.url for row in told["rows"]} == {""}


def test_questions_do_not_grow_with_stores_and_days(world: TradingWorld) -> None:
    scope = Scope(mall_ids=frozenset([world.place.lakeside.id]))
    with CaptureQueriesContext(connection) as before:
        panel(scope)
    more = [
        a_receipt(store, f"M{n}", at=NOON - dt.timedelta(days=n))
        for n in range(1, 60)
        for store in (world.bakery, world.pharmacy)
    ]
    record_receipts(more, actor=TILL, source=Source.POS)
    with CaptureQueriesContext(connection) as after:
        panel(scope)
    assert len(after) == len(before) <= 8


def test_the_home_page_shows_it_to_those_who_may(client: Client, world: TradingWorld) -> None:
    client.force_login(a_staff_user("director"))
    shown = client.get("/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "净销售额" in shown
    assert "会员识别率" in shown
    client.force_login(a_staff_user("cashier"))
    assert (
        "净销售额" not in client.get("/", headers={"Accept-Language": "zh-hans"}).content.decode()
    )


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [(108, 100, 800), (50, 100, -5_000), (5, 0, None), (None, 5, None), (0, 100, -10_000)],
)
def test_changes(now: int | None, before: int | None, change: int | None) -> None:
    assert change_bp(now, before) == change


def test_per_receipt_is_rounded_to_the_nearest() -> None:
    assert Trade(receipts=3, net_minor=200).per_receipt_minor == 67
    assert Trade(receipts=2, net_minor=5).per_receipt_minor == 3
    assert Trade(net_minor=5).per_receipt_minor is None
