"""Tenants and trade categories that grew and fell: which, against what, where they lead."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mallard.kernel.access.actor import Scope
from mallard.review.reports.homes import HOMES
from mallard.review.reports.memory import forget_homes
from mallard.review.reports.movers import MOST, Movers, movers
from mallard.review.reports.tests.factories import DAY, lakeside
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import NOON, TILL, TradingWorld, a_receipt
from mallard.value.sales.models import Source
from mallard.world.malls.models import Store
from mallard.world.malls.tests.factories import (
    StoreFactory,
    TenantFactory,
    TradeCategoryFactory,
)
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

RIGHTS = ("sales.view_figures", "sales.view_receipt", "malls.view_tenant")
LAST = NOON.date()


def a_tenant_s_store(world: TradingWorld, number: int) -> Store:
    upper = TradeCategoryFactory(code=f"T{number}", name_en=f"Trade {number}")
    return StoreFactory(
        code=f"S{number}",
        mall=world.place.lakeside,
        tenant=TenantFactory(code=f"M{number}", name_en=f"Tenant {number}"),
        trade_category=TradeCategoryFactory(code=f"L{number}", parent=upper),
    )


def sold(store: Store, now_minor: int, before_minor: int) -> None:
    """What a store sold on the last day, and a week before."""
    receipts = [
        a_receipt(store, f"{store.code}-{at:%d}", amount, at=at)
        for at, amount in ((NOON, now_minor), (NOON - 7 * DAY, before_minor))
        if amount
    ]
    record_receipts(receipts, actor=TILL, source=Source.POS)


def told(scope: Scope, *rights: str, period: str = "week") -> Movers:
    return movers(an_actor(*(rights or RIGHTS), scope=scope), period, LAST)


def test_the_most_that_grew_and_fell_by_amount(world: TradingWorld) -> None:
    for number in range(1, 8):
        sold(a_tenant_s_store(world, number), 50_000 + number * 1_000, 50_000)
    sold(a_tenant_s_store(world, 8), 1_000, 90_000)
    tenants, trades = told(lakeside(world)).tables
    # The pharmacy's 100 are new; the bakery lost 200 - 0: its refund is of the last day.
    assert [one.name for one in tenants.grew] == [
        "Good Pharmacy", "Tenant 7", "Tenant 6", "Tenant 5", "Tenant 4",
    ]  # fmt: skip
    assert [one.name for one in tenants.fell] == ["Tenant 8", "Sunny Bakery"]
    assert len(tenants.grew) == MOST
    pharmacy, seven = tenants.grew[0], tenants.grew[1]
    assert pharmacy.is_new
    assert not pharmacy.change.text
    assert (seven.now.minor, seven.before.minor, seven.difference.minor) == (57_000, 50_000, 7_000)
    assert (seven.change.text, seven.change.direction) == ("+14.0%", "up")
    # By upper category: bakery and pharmacy are both bakeries, below food.
    assert [one.name for one in trades.fell] == ["Trade 8", "Food"]
    assert trades.grew[0].name == "Trade 7"


def test_who_stood_still_is_in_neither(world: TradingWorld) -> None:
    sold(a_tenant_s_store(world, 1), 5_000, 5_000)
    tenants, _trades = told(lakeside(world)).tables
    assert "Tenant 1" not in {one.name for one in (*tenants.grew, *tenants.fell)}


def test_the_period_is_chosen_and_compared_with_the_one_before(world: TradingWorld) -> None:
    week, usual = told(lakeside(world)), told(lakeside(world), period="nonsense")
    assert (week.span.days, week.before.last) == (7, LAST - 7 * DAY)
    assert (usual.span.days, usual.before.days) == (28, 28)
    month = told(lakeside(world), period="month")
    assert (month.before.first, month.before.last) == (dt.date(2026, 2, 1), dt.date(2026, 2, 2))


def test_a_name_leads_to_the_tenant_and_an_amount_to_the_rows(world: TradingWorld) -> None:
    [tenants, trades] = told(lakeside(world)).tables
    [row] = tenants.grew
    assert row.url == f"/malls/tenants/{world.place.pharmacy.pk}/"
    assert row.rows_url.startswith("/sales/receipts?")
    assert f"tenant={world.place.pharmacy.pk}" in row.rows_url
    [food] = trades.fell
    assert food.url == food.rows_url
    [blind, _trades] = told(lakeside(world), "sales.view_figures").tables
    assert blind.grew[0].url == blind.grew[0].rows_url
    assert blind.grew[0].rows_url.startswith("/reports/sales?")


def test_a_scope_never_tells_of_another_s_tenants(world: TradingWorld) -> None:
    own = Scope(tenant_ids=frozenset([world.place.bakery.pk]), store_ids=frozenset())
    [tenants, _trades] = told(own).tables
    assert {one.name for one in (*tenants.grew, *tenants.fell)} == {"Sunny Bakery"}


def test_questions_do_not_grow_with_tenants(world: TradingWorld) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            told(lakeside(world))
        assert not [one for one in asked.captured_queries if '"sales_receiptline"' in one["sql"]]
        return len(asked)

    few = questions()
    for number in range(6):
        sold(a_tenant_s_store(world, number), 5_000, 4_000)
    assert questions() == few <= 8


def test_homes_fetch_it_when_it_is_seen(client: Client, world: TradingWorld) -> None:
    assert {code for code, home in HOMES.items() if "movers" in home.parts} == {
        "director", "administrator", "crm_manager", "leasing",
    }  # fmt: skip
    client.force_login(a_staff_user("leasing", scope=lakeside(world)))
    forget_homes()
    home = client.get("/").content.decode()
    assert 'hx-get="/reports/movers?role=leasing" hx-trigger="revealed"' in home
    assert "movers-table" not in home
    part = client.get("/reports/movers?role=leasing", headers={"HX-Target": "home-movers"})
    assert "HX-Target" in part["Vary"]
    assert "<html" not in part.content.decode()
    assert "Good Pharmacy" in part.content.decode()
    page = client.get("/reports/movers?period=week").content.decode()
    assert "<html" in page
    assert 'hx-target="#home-movers"' not in page


def test_before_anything_was_sold_the_page_says_so(client: Client) -> None:
    client.force_login(a_staff_user("director"))
    assert "Nothing to analyse yet" in client.get("/reports/movers").content.decode()
