"""The catalogue over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mallard.kernel.access.actor import WHOLE_GROUP, system
from mallard.world.catalog.models import Category, Product, ProductBrand
from mallard.world.catalog.permissions import EDIT_CATEGORY, EDIT_PRODUCT, VIEW_PRODUCT
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

    def delete(self, path: str) -> Any:
        return Client().delete(f"/api/v1{path}", headers=self.headers)

    def put(self, items: list[dict[str, Any]], path: str = "/products", **headers: str) -> Any:
        return Client().put(
            f"/api/v1{path}",
            {"items": items},
            content_type="application/json",
            headers=self.headers | headers,
        )


@pytest.fixture
def feed() -> Feed:
    CategoryFactory(code="dairy")
    return Feed(VIEW_PRODUCT, EDIT_PRODUCT, EDIT_CATEGORY)


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
    assert Feed(VIEW_PRODUCT).put([{"code": "X"}], "/categories").status_code == 403
    assert Feed(EDIT_PRODUCT).put([{"code": "X"}], "/categories").status_code == 403
    assert Feed(VIEW_PRODUCT).put([{"code": "X"}], "/product-brands").status_code == 403
    assert Feed(VIEW_PRODUCT).delete("/barcodes/6901234567892").status_code == 403


def test_tree_is_kept_by_feed_whatever_the_order(feed: Feed):
    tree = [
        {"code": "stage1", "name_en": "Stage 1", "parent_code": "infant"},
        {"code": "infant", "name_zh": "婴儿配方奶粉", "restricted": "infant_formula"},
        {"code": "lost", "name_en": "Lost", "parent_code": "nowhere"},
        {"code": "found", "name_en": "Found", "parent_code": "lost"},
        {"code": "nameless"},
        {"code": "infant", "name_en": "Twice"},
    ]
    answer = feed.put(tree, "/categories")
    assert answer.status_code == 200, answer.content
    items = answer.json()["items"]
    assert [item["code"] for item in items] == [item["code"] for item in tree]
    assert [item["status"] for item in items] == ["created"] * 2 + ["refused"] * 4
    assert [item["error"] and item["error"]["code"] for item in items] == [
        None,
        None,
        "catalog.unknown_category",
        "catalog.unknown_category",
        "kernel.invalid",
        "rows.code_twice",
    ]
    below = feed.get("/categories/stage1").json()
    assert (below["parent_code"], below["restricted"]) == ("infant", "infant_formula")
    assert below["origin"] == "api"
    again = feed.put(tree[:2], "/categories").json()["items"]
    assert [item["status"] for item in again] == ["unchanged"] * 2
    moved = feed.put([tree[0] | {"parent_code": None}], "/categories").json()["items"]
    assert moved[0]["status"] == "changed"
    assert Category.objects.get(code="stage1").restriction is None


def test_circle_in_a_feed_is_refused_and_holds_up_no_other(feed: Feed):
    feed.put([{"code": "a", "name_en": "A"}], "/categories")
    circle = [
        {"code": "a", "name_en": "A", "parent_code": "b"},
        {"code": "b", "name_en": "B", "parent_code": "a"},
        {"code": "c", "name_en": "C"},
    ]
    items = feed.put(circle, "/categories").json()["items"]
    refused = [item["error"]["code"] for item in items if item["status"] == "refused"]
    assert refused == ["catalog.category_circle"]
    assert Category.objects.filter(code__in="abc").count() == 3


def test_tree_and_brands_are_paged(feed: Feed):
    CategoryFactory.create_batch(4)
    page = feed.get("/categories?limit=3").json()
    rest = feed.get(f"/categories?limit=3&cursor={page['next_cursor']}").json()
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (3, 2, None)
    assert feed.get("/categories/none").status_code == 404
    feed.put(
        [{"code": "COW", "name_en": "Cow"}, {"code": "HEN", "name_zh": "鸡"}], "/product-brands"
    )
    page = feed.get("/product-brands?limit=1").json()
    assert [item["code"] for item in page["items"]] == ["COW"]
    assert feed.get("/product-brands/HEN").json()["name_zh"] == "鸡"
    assert feed.get("/product-brands/none").status_code == 404


def test_brands_are_kept_by_feed_item_by_item(feed: Feed):
    brands = [{"code": "COW", "name_en": "Cow"}, {"code": "no spaces", "name_en": "X"}]
    items = feed.put(brands, "/product-brands").json()["items"]
    assert [item["status"] for item in items] == ["created", "refused"]
    assert "code" in items[1]["error"]["fields"]
    changed = feed.put([brands[0] | {"name_zh": "奶牛"}], "/product-brands").json()["items"]
    assert (changed[0]["status"], changed[0]["id"]) == ("changed", items[0]["id"])
    assert ProductBrand.objects.get().name_zh == "奶牛"
    assert feed.put([MILK | {"brand_code": "COW"}]).json()["items"][0]["status"] == "created"


def test_barcode_is_removed_and_free_for_another_variant(feed: Feed):
    feed.put([MILK])
    other = MILK | {"code": "TEA", "variants": [{"sku": "TEA", "barcodes": ["6901234567892"]}]}
    assert feed.put([other]).json()["items"][0]["error"]["code"] == "catalog.barcode_taken"
    assert feed.delete("/barcodes/6901234567892").status_code == 204
    assert feed.delete("/barcodes/6901234567892").status_code == 404
    assert feed.put([other]).json()["items"][0]["status"] == "created"
    assert feed.get("/products/6901234567892").json()["code"] == "TEA"


def test_a_feed_of_categories_reads_the_tree_once(feed: Feed):
    items = [{"code": f"c{n}", "name_en": f"C{n}", "parent_code": "dairy"} for n in range(12)]
    with CaptureQueriesContext(connection) as queries:
        answer = feed.put(items, "/categories")
    assert [item["status"] for item in answer.json()["items"]] == ["created"] * 12
    whole = [q["sql"] for q in queries if 'FROM "catalog_category"' in q["sql"]]
    assert sum("WHERE" not in sql for sql in whole) == 1
