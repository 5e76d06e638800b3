"""The homes of who stands at the till and of who keeps the goods."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils.translation import override

from mallard.kernel.access.actor import Scope
from mallard.review.reports.goods import goods_brief
from mallard.review.reports.tests.factories import lakeside, view_of
from mallard.value.checkout.tests.factories import NOON, TradingWorld
from mallard.value.sales.models import ProductMonth
from mallard.world.catalog.models import Product
from mallard.world.catalog.tests.factories import BarcodeFactory
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(world: TradingWorld) -> Product:
    """The bread that three receipts of the month tell of, as the job adds them up; nobody bought
    the cigarettes."""
    bread = world.bread.product
    for store, lines in ((world.bakery, 2), (world.pharmacy, 1)):
        ProductMonth.objects.create(
            store=store, product=bread, month=NOON.date().replace(day=1), lines=lines
        )
    return bread


def told(world: TradingWorld) -> dict[str, str]:
    brief = goods_brief(view_of(lakeside(world)))
    return {one.key: one.text for one in brief.findings} | {"": brief.sentence}


def test_keeper_reads_what_sold_most_often(world: TradingWorld, sold: Product) -> None:
    sentence = told(world)[""]
    assert "1 product was sold" in sentence
    assert "Rye bread, on 3 receipt lines" in sentence
    here = Scope(store_ids=frozenset([world.pharmacy.id]))
    assert "Rye bread, on 1 receipt line" in goods_brief(view_of(here)).sentence


def test_goods_that_nobody_knows_are_said_to_be(world: TradingWorld) -> None:
    assert "no product that the catalogue knows" in told(world)[""]


def test_goods_sold_after_their_end_are_named(world: TradingWorld, sold: Product) -> None:
    assert "closed-goods" not in told(world)
    month = view_of(lakeside(world)).day.replace(day=1)
    Product.objects.update(closed_on=month)
    assert "closed-goods" not in told(world)  # within the month: the last pieces
    Product.objects.update(closed_on=month - dt.timedelta(days=1))
    assert (
        "1 product that is no longer sold was sold this month: Rye bread"
        in told(world)["closed-goods"]
    )


def test_missing_names_are_told_in_the_language_that_lacks_them(
    world: TradingWorld, sold: Product
) -> None:
    with override("zh-hans"):
        assert "no-name" not in told(world)  # nobody keeps Chinese names here
    Product.objects.exclude(pk=sold.pk).update(name_zh="香烟")
    assert "no-name" not in told(world)
    with override("zh-hans"):
        assert sold.name_en in told(world)["no-name"]


def test_missing_barcodes_are_told_where_most_have_one(world: TradingWorld, sold: Product) -> None:
    assert "no-barcode" not in told(world)
    BarcodeFactory(variant=world.cigarettes)
    assert "Rye bread" in told(world)["no-barcode"]


def test_each_finding_opens_its_rows(world: TradingWorld, sold: Product, client: Client) -> None:
    Product.objects.filter(pk=sold.pk).update(name_en="", name_zh="黑麦面包")
    client.force_login(a_staff_user("stock_keeper"))
    brief = goods_brief(view_of(lakeside(world)))
    [url] = [one.url for one in brief.findings if one.key == "no-name"]
    page = client.get(url).content.decode()
    assert (sold.code in page, world.cigarettes.product.code in page) == (True, False)


def test_cashier_reads_receipts_and_no_amount(world: TradingWorld, client: Client) -> None:
    scope = Scope(store_ids=frozenset([world.bakery.id]))
    client.force_login(a_staff_user("cashier", scope=scope))
    page = client.get("/").content.decode()
    brief = page.split('class="brief-sentence">')[1].split("</p>")[0]
    assert "receipts, 50%" in brief.replace("\u00a0", " ").replace(" %", "%")
    assert "100.00" not in page
    assert "200.00" not in page
