"""Sales analysis: what is asked, what is told of whose stores, and what it says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mallard.kernel.access.actor import Scope
from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.review.reports.analysis.advice import advice_of
from mallard.review.reports.analysis.asked import (
    Against,
    Asked,
    By,
    Months,
    Span,
    read,
    whole_months,
)
from mallard.review.reports.analysis.view import SalesView
from mallard.review.reports.tests.factories import ALL_RIGHTS, DAY, follow, lakeside
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
from mallard.value.sales.goods import fill_goods
from mallard.value.sales.models import Receipt, Source
from mallard.world.catalog.models import Product, Variant
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.tests.factories import a_staff_user

MONDAY = NOON.date()
ENGLISH = {"Accept-Language": "en"}


# What is asked


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-08-01", "2026-10-31", ("2026-08-01", "2026-10-01")),
        ("2026-08-15", "2026-10-30", ("2026-09-01", "2026-09-01")),
        ("2026-10-26", "2026-11-22", ("2026-10-01", "2026-10-01")),
        ("2026-01-05", "2026-01-06", ("2025-12-01", "2025-12-01")),
        ("2025-12-31", "2026-01-31", ("2026-01-01", "2026-01-01")),
    ],
)
def test_goods_are_told_by_whole_months(first: str, last: str, months: tuple[str, str]) -> None:
    span = Span(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert tuple(one.isoformat() for one in whole_months(span).bounds) == months


def test_months_are_compared_with_as_many_before_or_the_same_a_year_ago() -> None:
    months = Months(dt.date(2026, 1, 1), dt.date(2026, 3, 1))
    assert months.against(Against.BEFORE) == Months(dt.date(2025, 10, 1), dt.date(2025, 12, 1))
    assert months.against(Against.YEAR) == Months(dt.date(2025, 1, 1), dt.date(2025, 3, 1))
    assert months.latest(2) == Months(dt.date(2026, 2, 1), dt.date(2026, 3, 1))
    assert months.latest(9) == months
    assert months.span == Span(dt.date(2026, 1, 1), dt.date(2026, 3, 31))


def test_a_period_is_compared_with_as_many_days_or_the_same_weekdays_a_year_ago() -> None:
    span = Span(dt.date(2026, 3, 2), dt.date(2026, 3, 8))
    assert span.against(Against.BEFORE) == Span(dt.date(2026, 2, 23), dt.date(2026, 3, 1))
    a_year_ago = span.against(Against.YEAR)
    assert a_year_ago.first.weekday() == span.first.weekday()
    assert a_year_ago.days == 7


@pytest.mark.parametrize(
    "given",
    [
        {"day_from": "yesterday"},
        {"day_from": "0001-01-01"},
        {"day_from": "2026-03-02", "day_to": "2026-03-01"},
        {"day_from": "2020-01-01"},
        {"by": "weather"},
        {"against": "never"},
        {"store": "17"},
    ],
)
def test_what_makes_no_sense_is_told_and_left_out(given: dict[str, str]) -> None:
    asked = read(given, last_day=MONDAY, by=By.STORE)
    assert len(asked.problems) == 1
    assert asked.span.last == MONDAY
    assert asked.span.days <= 371
    assert (asked.by, asked.against, asked.places) == (By.STORE, Against.BEFORE, {})


def test_an_address_says_the_whole_question_again() -> None:
    asked = read({"by": "product", "against": "year"}, last_day=MONDAY, by=By.STORE)
    again = dict(pair.split("=") for pair in asked.address(by="mall")[1:].split("&"))
    assert read(again, last_day=MONDAY + DAY, by=By.STORE) == Asked(
        asked.span, By.MALL, Against.YEAR
    )


# What is told


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    """Four weeks of trade twice: bread doubles, cigarettes end, Tuesdays are weak, shoppers come at
    20:00; the pharmacy sells a little every day."""
    frozen_clock.set(NOON + 36 * DAY)
    made = a_trading_world()
    sales = []
    for ago in range(62):
        at = NOON + 30 * DAY - ago * DAY
        is_march = at.month == 3
        amount = 2_000 if is_march else 1_000
        weekday = at.astimezone(made.bakery.mall.zone).isoweekday()
        amount = amount // 4 if weekday == 2 else amount
        sales.append(a_receipt(made.bakery, f"B{ago}", lines=(line(amount),), at=at))
        if not is_march:
            sales.append(a_receipt(made.bakery, f"C{ago}", lines=(line(900, sku="CIG-1"),), at=at))
        sales.append(a_receipt(made.pharmacy, f"P{ago}", 100, at=at))
    record_receipts(sales, actor=TILL, source=Source.POS)
    follow()
    return made


def view_of(world: TradingWorld, scope: Scope, **given: str) -> SalesView:
    return SalesView(
        an_actor(*ALL_RIGHTS, scope=scope),
        read(given, last_day=(NOON + 30 * DAY).date(), by=By.STORE),
    )


MARCH = {"day_from": "2026-03-01", "day_to": "2026-03-31"}


@pytest.mark.django_db
def test_shares_and_growth_are_of_the_period_and_the_one_before(world: TradingWorld) -> None:
    view = view_of(world, lakeside(world), day_from="2026-03-23", day_to="2026-03-29")
    bakery, pharmacy = view.rows
    assert (bakery.name, bakery.place, pharmacy.place) == (world.bakery.name, 1, 2)
    assert (bakery.now.net_minor, bakery.now.receipts) == (6 * 2_000 + 500, 7)
    assert bakery.before.net_minor == bakery.now.net_minor
    assert view.total.net_minor == bakery.now.net_minor + 700
    assert f"store={world.bakery.id}" in view.rows_url(By.STORE, bakery.id)
    by_trade = view_of(world, lakeside(world), by="trade", **MARCH)
    assert {row.id for row in by_trade.rows} == {
        world.bakery.trade_category_id, world.pharmacy.trade_category_id,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_goods_that_rise_and_fall_are_named(world: TradingWorld) -> None:
    wait_for_older_transactions()
    fill_goods()
    by_product = view_of(world, lakeside(world), by="product", **MARCH)
    assert [row.name for row in by_product.rows] == ["Rye bread"]
    said = {one.area: one.text for one in advice_of(by_product)}
    # Bread grew, and so did all goods together: nothing stands out against them but bread itself.
    assert "Tuesday" in said["promotion"]
    february = view_of(
        world, lakeside(world), by="product", day_from="2026-02-01", day_to="2026-02-28"
    )
    assert {row.name for row in february.rows} == {"Rye bread", "Cigarettes"}
    assert f"product={february.rows[0].id}" in february.rows_url(By.PRODUCT, february.rows[0].id)


@pytest.mark.django_db(transaction=True)
def test_restricted_goods_are_never_put_forward(world: TradingWorld) -> None:
    """Cigarettes sell best in February and rise fastest; neither is a reason to show them."""
    bread = world.bread.product
    for number in range(3):
        code = f"CAKE-{number}"
        goods = Product.objects.create(code=code, name_en=code, category=bread.category)
        Variant.objects.create(product=goods, sku=code, name_en=code)
        at = NOON - 10 * DAY
        sale = a_receipt(world.bakery, code, lines=(line(500, sku=code),), at=at)
        record_receipts([sale], actor=TILL, source=Source.POS)
    many = tuple(line(900_000, sku="CIG-1") for _ in range(3))
    record_receipts(
        [a_receipt(world.bakery, "CIGS", lines=many, at=NOON - 9 * DAY)],
        actor=TILL,
        source=Source.POS,
    )
    wait_for_older_transactions()
    fill_goods()
    view = view_of(world, lakeside(world), by="product", day_from="2026-02-01", day_to="2026-02-28")
    assert view.rows[0].name == "Cigarettes"
    told = [one.text for one in advice_of(view)]
    assert any("best places" in text and "Rye bread" in text for text in told)
    assert not any("Cigarettes" in text for text in told)


@pytest.mark.django_db
def test_the_busiest_hours_and_the_weak_weekday_are_told_with_their_rows(
    world: TradingWorld,
) -> None:
    found = advice_of(view_of(world, lakeside(world), **MARCH))
    display = next(one for one in found if one.area == "display" and "20:00" in one.text)
    assert "hour=20" in display.url
    assert "weekday=" in display.url
    weak = next(one for one in found if "weekday offer on Tuesday" in one.text)
    assert weak.area == "promotion"
    assert "weekday=2" in weak.url
    assert all(one.why for one in found)


@pytest.mark.django_db
def test_discounts_that_rise_without_more_sales_are_told(world: TradingWorld) -> None:
    before = [one.text for one in advice_of(view_of(world, lakeside(world), by="mall", **MARCH))]
    assert not any("running offers" in one for one in before)
    view = view_of(world, lakeside(world), day_from="2026-03-23", day_to="2026-03-29")
    days = view.days.filter(business_day=dt.date(2026, 3, 25))
    days.update(discount_minor=900)
    again = view_of(world, lakeside(world), day_from="2026-03-23", day_to="2026-03-29")
    assert any("running offers" in one.text for one in advice_of(again))


# The page


@pytest.mark.django_db
def test_a_tenant_manager_reads_of_their_stores_only(client: Client, world: TradingWorld) -> None:
    theirs = Scope(tenant_ids=frozenset([world.place.pharmacy.id]))
    client.force_login(a_staff_user("tenant_manager", scope=theirs))
    for by in By:
        address = f"/reports/sales?by={by.value}&day_from=2026-03-01&day_to=2026-03-31"
        page = client.get(address, headers=ENGLISH)
        body = page.content.decode()
        assert page.status_code == 200
        assert world.bakery.name not in body
        assert "CN¥31.00" in body
    # Another tenant's store is none of theirs, whatever the address says.
    other = client.get(f"/reports/sales?store={world.bakery.id}", headers=ENGLISH)
    assert "There is no such place among yours." in other.content.decode()
    assert "CN¥" not in other.content.decode().split("What it says")[0].replace("CN¥0.00", "")


@pytest.mark.django_db
def test_numbers_open_the_rows_behind_them(client: Client, world: TradingWorld) -> None:
    client.force_login(a_staff_user("director", scope=lakeside(world)))
    receipt = Receipt.objects.get(number="B3")
    product = receipt.lines.get().variant.product_id
    address = f"/sales/receipts?product={product}&day_from=2026-02-01&day_to=2026-02-28"
    listed = client.get(address, headers=ENGLISH)
    body = listed.content.decode()
    assert "Rye bread" in body
    assert 'num">B40' in body
    assert 'num">C' not in body
    unknown = client.get(address.replace(str(product), "nonsense"), headers=ENGLISH)
    assert "has no such choice" in unknown.content.decode()


@pytest.mark.django_db
def test_generated_facts_are_marked(client: Client, world: TradingWorld) -> None:
    client.force_login(a_staff_user("director", scope=lakeside(world)))
    address = "/reports/sales?day_from=2026-03-01&day_to=2026-03-31"
    assert 'data-tone="generated"' not in client.get(address).content.decode()
    back = a_return(world.bakery, "GEN", "B3", at=NOON + 28 * DAY)
    record_returns([back], actor=TILL, source=Source.GENERATED)
    assert client.get(address).content.decode().count('data-tone="generated"') == 3


@pytest.mark.django_db
def test_questions_do_not_grow_with_stores_goods_and_days(
    client: Client, world: TradingWorld
) -> None:
    client.force_login(a_staff_user("director"))
    counts = set()
    for days in ("2026-03-29", "2026-02-01"):
        address = f"/reports/sales?day_from={days}&day_to=2026-03-31"
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.add(len(asked))
    assert len(counts) == 1
    assert counts.pop() <= 30


@pytest.mark.django_db
def test_nothing_sold_and_nothing_yet_are_said(client: Client, frozen_clock) -> None:
    frozen_clock.set(NOON)
    world = a_trading_world()
    client.force_login(a_staff_user("director"))
    assert (
        "Nothing to analyse yet" in client.get("/reports/sales", headers=ENGLISH).content.decode()
    )
    sale = a_receipt(world.bakery, "N", at=NOON - 3 * DAY)
    record_receipts([sale], actor=TILL, source=Source.POS)
    page = client.get("/reports/sales?day_from=2026-01-01&day_to=2026-01-02", headers=ENGLISH)
    assert "Nothing was sold in this period" in page.content.decode()
