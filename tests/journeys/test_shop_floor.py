"""Who works in a shop: the cashier, the sales assistant, the stock keeper. Their day's job from the
home on, and what stays shut."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mallard.kernel.access.actor import Scope
from mallard.kernel.clock import now
from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.value.ledger.queries import wallet_of
from mallard.value.sales.goods import add_up_goods
from mallard.value.sales.models import Receipt
from mallard.value.sales.rollups import bring_up_to_date
from mallard.world.catalog.models import Product
from mallard.world.members.models import Note
from mallard.world.tasks.models import Task, TaskStatus
from tests.journeys.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(town: Town) -> Town:
    """The town with what its workers add up within minutes."""
    rows = list(Receipt.objects.values_list("store_id", "business_day", "pk"))
    bring_up_to_date({(store, day) for store, day, _pk in rows}, [pk for *_rest, pk in rows])
    wait_for_older_transactions()  # of whoever else tests on this server
    while add_up_goods():
        pass
    return town


def at_the_bakery(town: Town) -> Scope:
    return Scope(store_ids=frozenset({town.bakery.id}))


def look_up(page: Page, what: str, words: str) -> None:
    page.fill(f"#lookup-{what}", words)
    page.press(f"#lookup-{what}", "Enter")


def statuses(opened: Any, paths: list[str]) -> dict[str, int]:
    return {path: opened.page.request.get(opened.origin + path).status for path in paths}


def test_a_cashier_finds_a_receipt_and_takes_a_loaf_back(
    shop: Town, hire: Any, sign_in: Any
) -> None:
    hire("cashier", "till@bakery.example", scope=at_the_bakery(shop))
    opened = sign_in("till@bakery.example", width=1280)
    page = opened.page
    expect(page.locator(".brief-sentence")).to_contain_text("2 receipts, 100")
    look_up(page, "receipts", "BREAD-0042")
    page.wait_for_url("**/sales/receipts?*")
    opened.settle().check()
    page.get_by_role("link", name="BREAD-0042").first.click()
    page.wait_for_url("**/sales/receipts/*")
    opened.settle()
    page.get_by_role("link", name="Return goods").click()
    opened.settle().check()
    for field in page.locator("input[name^=line_]").all():
        field.fill("0")
    page.locator("[name=line_3]").fill("1")
    page.get_by_role("button", name="Return and refund").click()
    expect(page.get_by_text("40 points were taken back")).to_be_visible()
    assert wallet_of([shop.lili])[shop.lili].balance == 600 + 30
    others = shop.receipt("PILLS-0007").pk
    assert statuses(
        opened,
        ["/reports/sales", f"/sales/receipts/{others}", "/staff/", "/loyalty/rules/new"],
    ) == {
        "/reports/sales": 403,
        f"/sales/receipts/{others}": 404,
        "/staff/": 403,
        "/loyalty/rules/new": 403,
    }


def test_a_sales_assistant_looks_after_a_customer(shop: Town, hire: Any, sign_in: Any) -> None:
    me = hire("sales_assistant", "ada@bakery.example", scope=at_the_bakery(shop))
    opened = sign_in("ada@bakery.example", width=360)
    page = opened.page
    look_up(page, "members", "5678")
    page.wait_for_url(re.compile(r"/members/\?"))
    opened.settle().check()
    page.locator("tbody a").first.click()
    page.wait_for_url(f"**/members/{shop.lili}/")
    opened.settle().check()
    page.locator("[name=body]").fill("Likes rye, asks for the heel")
    page.get_by_role("button", name="Keep note").click()
    expect(page.get_by_text("Likes rye, asks for the heel").first).to_be_visible()
    assert Note.objects.filter(member_id=shop.lili).count() == 1

    opened.go(f"/tasks/new?subject=member:{shop.lili}").check()
    page.fill("[name=title]", "Tell her when the rye is back")
    due = (now() + dt.timedelta(days=1)).date().isoformat()
    if page.locator("[name=due_on]").count():
        page.fill("[name=due_on]", due)
    page.get_by_role("button", name="Open task").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tell her when the rye is back")
    opened.settle().check()
    opened.go("/tasks/").check()
    page.get_by_role("link", name="Tell her when the rye is back").first.click()
    opened.settle()
    page.locator("form[action$=finish] [name]:not([type=hidden])").first.fill("She came by")
    page.get_by_role("button", name="Done").click()
    opened.settle().check()
    task = Task.objects.get()
    assert (task.status, task.closed_by_id) == (TaskStatus.DONE, me.pk)
    assert statuses(opened, [f"/members/{shop.chen}/", "/ledger/funders/"]) == {
        f"/members/{shop.chen}/": 404,
        "/ledger/funders/": 403,
    }


def test_a_stock_keeper_puts_a_product_right(shop: Town, hire: Any, sign_in: Any) -> None:
    Product.objects.exclude(code="BREAD-1").update(name_zh="香烟")
    keeper = hire("stock_keeper", "stock@lake.example", scope=at_the_bakery(shop))
    keeper.language, keeper.theme = "zh-hans", "dark"
    keeper.save()
    opened = sign_in("stock@lake.example", language="zh-hans", theme="dark")
    page = opened.page
    expect(page.locator(".brief-sentence")).to_contain_text("卖得最多的是")
    page.locator("#brief-no-name").click()
    page.wait_for_url("**/catalog/products/?*")
    opened.settle().check()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile(r"/catalog/products/[0-9a-f-]{36}/"))
    opened.settle().check()
    page.locator("a[href$='/edit/']").click()
    opened.settle().check()
    page.fill("[name=name_zh]", "黑麦面包")
    page.fill("[name=sku]", "BREAD-1")
    page.fill("[name=barcodes]", "6901234567892")
    page.locator("main button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("黑麦面包")
    opened.settle()
    # The till beeps at something else with this code: it comes off again.
    page.get_by_label("移除条码 6901234567892").click()
    page.locator("dialog[open] .btn-danger, dialog[open] .btn-primary").first.click()
    expect(page.get_by_text("条码 6901234567892 已移除。")).to_be_visible()
    opened.go("/")
    expect(page.locator("#brief-no-name")).to_have_count(0)
    assert statuses(opened, [f"/members/{shop.lili}/", "/sales/receipts"]) == {
        f"/members/{shop.lili}/": 403,
        "/sales/receipts": 403,
    }
