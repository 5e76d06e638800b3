"""Sales analysis in a real browser: axe, policy, width, languages; numbers lead to their rows."""

from __future__ import annotations

import datetime as dt

import pytest

from mallard.kernel import clock
from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    TILL,
    TradingWorld,
    a_receipt,
    a_return,
    a_trading_world,
)
from mallard.value.sales.goods import add_up_goods
from mallard.value.sales.models import Source
from mallard.value.sales.rollups import fill
from mallard.world.staff.tests.factories import a_staff_user
from tests.browser.looks import PAGE_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> TradingWorld:
    """Nine weeks of trade until yesterday; a generated return."""
    made = a_trading_world()
    noon = clock.now() - dt.timedelta(days=2)
    sales = [
        a_receipt(store, f"{store.code}-{ago}", 1_000 + ago, at=noon - dt.timedelta(days=ago))
        for ago in range(63)
        for store in (made.bakery, made.pharmacy)
    ]
    record_receipts(sales, actor=TILL, source=Source.POS)
    back = a_return(
        made.bakery, "BACK", sales[6].number, at=sales[6].occurred_at + dt.timedelta(hours=1)
    )
    record_returns([back], actor=TILL, source=Source.GENERATED)
    fill()
    wait_for_older_transactions()
    while add_up_goods():
        pass
    return made


@pytest.mark.parametrize(("theme", "language", "width"), PAGE_LOOKS)
def test_every_view_is_sound(
    visit, world: TradingWorld, theme: str, language: str, width: int
) -> None:
    user = a_staff_user("director")
    opened = visit("/reports/sales", user=user, theme=theme, language=language, width=width)
    opened.check()
    queries = ("by=product", "by=category&against=year", "by=mall&day_from=nonsense")
    opened.tour(f"/reports/sales?{query}" for query in queries)


def test_a_number_in_a_chart_s_table_opens_its_receipts(visit, world: TradingWorld) -> None:
    opened = visit("/reports/sales", user=a_staff_user("director"))
    figure = opened.page.locator("figure.chart", has_text="Receipts by weekday and hour")
    figure.get_by_role("button", name="Table").click()
    first = figure.locator(".chart-table tbody a").first
    count = int(first.inner_text())
    first.click()
    opened.settle()
    assert "weekday=" in opened.page.url
    assert opened.page.locator("#list-receipts tbody tr").count() == count
    opened.check()
