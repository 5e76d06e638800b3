"""The catalogue over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, system
from mallard.world.catalog.models import Product
from mallard.world.catalog.permissions import EDIT_PRODUCT, VIEW_PRODUCT
from mallard.world.catalog.tests.factories import BarcodeFactory, CategoryFactory, ProductFactory
from mallard.world.staff.services import create_api_key

pytestmark = pytest.mark.django_db


class Feed:
    """The system that owns the catalogue, with a key of its own."""

    def __init__(self, *permissions: str) -> None:
        made = create_api_key(
            name="feed", scope=WHOLE_GROUP, permissions=permissions, actor=system("test")
        )
        self.headers = {"Authorization": f"Bearer {made.plain}"}

    def get(self, path: str) -> Any:
        return Client().get(f"/api/v1{path}", headers=self.headers)

    def put(self, items: list[dict[str, Any]], **headers: str) -> Any:
        return Client().put(
            "/api/v1/products",
            {"items": items},
            content_type="application/json",
            headers=self.headers | headers,
        )


@pytest.fixture
def feed() -> Feed:
    CategoryFactory(code="dairy")
    return Feed(VIEW_PRODUCT, EDIT_PRODUCT)


MILK = {
    "code": "MILK-1L",
    "category_code": "dairy",
    "name_en": "Fresh milk",
    "name_zh": "鲜牛奶",
    "variants": [{"sku": "MILK/WHOLE", "barcodes": ["6901234567892"]}],
}


def test_batch_answers_item_by_item(feed: Feed):
    answer = feed.put([MILK, MILK | {"code": "X", "category_code": "nowhere", "variants": []}])
    assert answer.status_code == 200, answer.content
    saved, refused = answer.json()["items"]
    assert (saved["status"], saved["error"]) == ("created", None)
    assert (refused["status"], refused["id"]) == ("refused", None)
    assert refused["error"]["code"] == "catalog.unknown_category"
    assert "nowhere" in refused["error"]["fields"]["category_code"]
    row = Product.objects.get()
    assert (str(row.pk), row.origin) == (saved["id"], "api")
    assert feed.put([MILK]).json()["items"][0]["status"] == "unchanged"


def test_refusal_is_in_the_readers_language(feed: Feed):
    answer = feed.put([MILK | {"category_code": "无"}], **{"Accept-Language": "zh-Hans"})
    assert "品类" in answer.json()["items"][0]["error"]["detail"]


def test_repeated_batch_gets_the_first_answer(feed: Feed):
    first = feed.put([MILK], **{"Idempotency-Key": "night-1"})
    again = feed.put([MILK], **{"Idempotency-Key": "night-1"})
    assert first.json() == again.json()
    assert again.json()["items"][0]["status"] == "created"
    other = feed.put([MILK | {"name_en": "Other"}], **{"Idempotency-Key": "night-1"})
    assert other.status_code == 409
    assert Product.objects.get().name_en == "Fresh milk"


@pytest.mark.parametrize(
    "items",
    [[], [MILK] * 501, [{"code": "X"}], [MILK | {"colour": "white"}], [MILK | {"restricted": "x"}]],
)
def test_batch_that_is_not_well_formed_is_refused_whole(feed: Feed, items: list[Any]):
    assert feed.put(items).status_code == 422
    assert not Product.objects.exists()


def test_text_that_no_database_takes_is_refused_not_fatal(feed: Feed):
    assert feed.put([MILK | {"brand_code": "a\0b"}]).status_code == 400
    assert feed.get("/products?q=a%00b").status_code == 400
    assert feed.get("/products/a%00b").status_code == 400


def test_product_is_found_by_sku_barcode_and_words(feed: Feed):
    feed.put([MILK])
    ProductFactory(code="TEA", name_en="Tea", name_zh="茶")
    for code in ("MILK/WHOLE", "6901234567892", "MILK-1L"):
        answer = feed.get(f"/products/{code}")
        assert answer.status_code == 200, answer.content
        assert answer.json()["variants"] == [
            {
                "sku": "MILK/WHOLE",
                "name_en": "Fresh milk",
                "name_zh": "鲜牛奶",
                "barcodes": ["6901234567892"],
            }
        ]
    assert feed.get("/products/none").status_code == 404
    for words in ("牛奶", "fre mil", "6901234567892"):
        found = feed.get(f"/products?q={words}").json()["items"]
        assert [item["code"] for item in found] == ["MILK-1L"]


def test_products_are_paged_with_few_statements(feed: Feed, django_assert_max_num_queries):
    restricted = CategoryFactory(restricted="tobacco")
    for row in ProductFactory.create_batch(5, category=restricted):
        BarcodeFactory(variant__product=row)
    with django_assert_max_num_queries(12):
        page = feed.get("/products?limit=3").json()
    assert [item["restricted"] for item in page["items"]] == ["tobacco"] * 3
    rest = feed.get(f"/products?limit=3&cursor={page['next_cursor']}").json()
    assert len(rest["items"]) == 2


def test_reading_key_may_not_write(feed: Feed):
    assert Feed(VIEW_PRODUCT).put([MILK]).status_code == 403
    assert Feed(EDIT_PRODUCT).get("/products").status_code == 403
    assert not Product.objects.exists()
