"""The pages of sales, programme and home in a real browser: axe, policy, width, both languages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from mallard.kernel import clock
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    TILL,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
    line,
)
from mallard.value.sales.facts import ReturnLineInput
from mallard.value.sales.models import Receipt, Return, Source
from mallard.world.malls.models import Mall
from mallard.world.staff.tests.factories import a_staff_user
from tests.browser.looks import PAGE_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = "13812345678"


@dataclass(frozen=True)
class Shop:
    user: Any
    receipt: Receipt
    pages: tuple[str, ...]


def _yesterday_at_work(mall: Mall) -> dt.datetime:
    """Eight hours into the mall's last whole business day: an hour later is still that day,
    whatever the time is now."""
    today = clock.business_day(clock.now(), mall.zone, mall.business_day_cutoff_hour)
    began = clock.business_day_start(
        today - dt.timedelta(days=1), mall.zone, mall.business_day_cutoff_hour
    )
    return began + dt.timedelta(hours=8)


@pytest.fixture
def shop() -> Shop:
    """Trade of some weeks: named and anonymous sales, restricted goods, a return, one waiting."""
    world = a_trading_world(tenant_share_bp=7_000)
    member_id = a_member(PHONE, store=world.bakery)
    yesterday = _yesterday_at_work(world.bakery.mall)
    goods = (line(60_000), line(5_000, sku="CIG-1"), line(4_000, quantity_milli=2_500))
    sales = [
        a_receipt(world.bakery, f"S{n}", 9_900, phone=PHONE, at=yesterday - dt.timedelta(days=n))
        for n in range(1, 30)
    ]
    sales.append(a_receipt(world.bakery, "R1", phone=PHONE, at=yesterday, lines=goods))
    sales.append(a_receipt(world.pharmacy, "R2", at=yesterday))
    record_receipts(sales, actor=TILL, source=Source.POS)
    backs = [
        a_return(
            world.bakery, "B1", "R1", at=yesterday + dt.timedelta(hours=1),
            lines=(ReturnLineInput(3, 500),),
        ),
        a_return(world.bakery, "B2", "UNKNOWN", at=yesterday),
    ]  # fmt: skip
    record_returns(backs, actor=TILL, source=Source.POS)
    receipt = Receipt.objects.get(number="R1")
    return Shop(
        a_staff_user("administrator"),
        receipt,
        (
            "/",
            "/sales/receipts",
            f"/sales/receipts/{receipt.pk}",
            f"/sales/receipts/{receipt.pk}/return",
            "/sales/returns",
            "/sales/returns/waiting",
            "/loyalty/",
            "/loyalty/rules/new",
            "/loyalty/rules/base",
            f"/members/{member_id}",
        ),
    )


@pytest.mark.parametrize(("theme", "language", "width"), PAGE_LOOKS)
def test_every_page_is_sound(visit, shop: Shop, theme: str, language: str, width: int) -> None:
    opened = visit("/", user=shop.user, theme=theme, language=language, width=width)
    opened.tour(shop.pages)


def test_goods_come_back_on_a_phone(visit, shop: Shop) -> None:
    path = f"/sales/receipts/{shop.receipt.pk}"
    page = visit(path, user=shop.user, width=360).page
    page.get_by_role("link", name="Return goods").click()
    for field in page.locator("input[name^=line_]").all():
        field.fill("0")
    page.locator("input[name=line_1]").fill("1")
    page.get_by_role("button", name="Return and refund").click()
    page.wait_for_url(f"**{path}")
    assert page.get_by_text("Returned: refund CN¥600.00").is_visible()
    assert Return.objects.count() == 2


def test_a_figure_on_the_home_page_opens_its_rows(visit, shop: Shop) -> None:
    page = visit("/", user=shop.user).page
    page.locator(".stat-link").first.click()
    page.wait_for_url("**/sales/receipts?*")
    assert page.get_by_role("link", name="R1", exact=True).is_visible()


def test_a_home_lives_while_somebody_looks(visit, shop: Shop) -> None:
    """Nothing new: the page stays as it is. A receipt: its figures follow by themselves."""
    opened = visit("/", user=shop.user)
    page = opened.page
    region = page.locator("#home-live")
    before = region.get_attribute("data-version")
    shown = page.locator("#card-sales-receipts")
    count = shown.inner_text()
    with page.expect_response("**/reports/live*") as answer:
        pass
    assert answer.value.status == 304
    assert (shown.inner_text(), region.get_attribute("data-version")) == (count, before)
    store = shop.receipt.store
    record_receipts(
        [a_receipt(store, "LIVE", 1_200, at=_yesterday_at_work(store.mall))],
        actor=TILL,
        source=Source.POS,
    )
    page.wait_for_function(
        "before => document.querySelector('#card-sales-receipts').innerText !== before", arg=count
    )
    assert region.get_attribute("data-version") != before
    opened.check()
