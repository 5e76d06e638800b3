"""The pages of the catalogue."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.audit.models import Entry
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.world.catalog.models import Category, Product, ProductBrand
from mallard.world.catalog.tests.factories import (
    BarcodeFactory,
    CategoryFactory,
    ProductBrandFactory,
    ProductFactory,
    VariantFactory,
)
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


def signed_in(role: str = "administrator") -> Client:
    client = Client()
    client.force_login(a_staff_user(role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def formula() -> Product:
    shelf = CategoryFactory(code="infant", name_en="Infant", restricted="infant_formula")
    below = CategoryFactory(code="stage1", name_en="Stage 1", parent=shelf)
    row = ProductFactory(
        code="F1",
        name_en="Formula",
        name_zh="婴儿配方奶粉",
        category=below,
        origin=Origin.GENERATED,
    )
    variant = VariantFactory(product=row, sku="F1-900G")
    BarcodeFactory(variant=variant, code="6900000000017")
    return row


def test_product_shows_variants_barcodes_and_inherited_restriction(formula: Product):
    text = text_of(signed_in().get(reverse("catalog:product", args=[formula.pk])))
    for shown in ("F1-900G", "6900000000017", "Infant formula", "Inherited", "Generated"):
        assert shown in text
    assert "Infant › Stage 1" in text


def test_products_are_found_in_both_languages_and_by_filter(formula: Product):
    ProductFactory(code="PLAIN", name_en="Bread", name_zh="面包")
    client = signed_in()
    url = reverse("catalog:products")
    for query in ("?q=配方", "?q=form", "?restricted=any", "?category=infant", "?q=6900000000017"):
        text = text_of(client.get(url + query))
        assert ("F1" in text, "PLAIN" in text) == (True, False), query
    assert "PLAIN" in text_of(client.get(url + "?restricted=none"))
    assert "F1-" not in text_of(client.get(url))


def test_product_is_created_and_changed_by_form(formula: Product):
    client = signed_in()
    brand = ProductBrandFactory(code="cow")
    entered = {
        "code": "NEW",
        "name_zh": "新品",
        "category_code": "stage1",
        "brand_code": "cow",
        "barcodes": "6900000000024, 6900000000031",
    }
    answer = client.post(reverse("catalog:create_product"), entered)
    row = Product.objects.get(code="NEW")
    assert answer["Location"] == reverse("catalog:product", args=[row.pk])
    assert (row.brand_id, row.origin, row.restriction) == (brand.pk, "staff", "infant_formula")
    assert row.variants.get().barcodes.count() == 2
    edit = reverse("catalog:edit_product", args=[row.pk])
    assert 'value="stage1" selected' in text_of(client.get(edit))
    changed = {"name_en": "Newer", "category_code": "infant", "restricted": "medicine"}
    assert client.post(edit, changed).status_code == 302
    row.refresh_from_db()
    assert (row.code, row.name_en, row.restricted) == ("NEW", "Newer", "medicine")


def test_refusal_stands_in_the_form(formula: Product):
    entered = {"code": "NEW", "name_en": "Kept", "category_code": "stage1", "sku": "F1-900G"}
    answer = signed_in().post(reverse("catalog:create_product"), entered)
    assert answer.status_code == 422
    assert "F1-900G” belongs to another product" in answer.content.decode()
    assert "Kept" in answer.content.decode()
    assert Product.objects.count() == 1


def test_category_tree_is_shown_and_changed(formula: Product):
    client = signed_in()
    text = text_of(client.get(reverse("catalog:categories")))
    assert 'data-depth="1">Stage 1' in text
    new = {"code": "stage2", "name_en": "Stage 2", "parent": "infant"}
    assert client.post(reverse("catalog:create_category"), new).status_code == 302
    assert Category.objects.get(code="stage2").restriction == "infant_formula"
    top = Category.objects.get(code="infant")
    edit = reverse("catalog:edit_category", args=[top.pk])
    circle = {"code": "infant", "name_en": "Infant", "parent": "stage2"}
    answer = client.post(edit, circle)
    assert answer.status_code == 422
    assert "below itself" in answer.content.decode()
    assert client.post(edit, circle | {"parent": ""}).status_code == 302
    assert Category.objects.get(code="stage2").restriction is None


def test_product_brands_are_kept_and_lead_to_their_products(formula: Product):
    client = signed_in()
    new = {"code": "COW", "name_zh": "开心牧场"}
    made = client.post(reverse("catalog:create_brand"), new)
    brand = ProductBrand.objects.get(code="COW")
    assert made["Location"] == reverse("catalog:brand", args=[brand.pk])
    taken = client.post(reverse("catalog:create_brand"), new)
    assert (taken.status_code, ProductBrand.objects.count()) == (422, 1)
    edit = reverse("catalog:edit_brand", args=[brand.pk])
    assert client.post(edit, {"code": "COW", "name_en": "Happy Cow"}).status_code == 302
    ProductFactory(code="MILK", name_en="Milk", brand=brand)
    text = text_of(client.get(reverse("catalog:brands") + "?q=happy"))
    assert "Happy Cow" in text
    assert "Happy Cow" not in text_of(client.get(reverse("catalog:brands") + "?q=sad"))
    listed = f"{reverse('catalog:products')}?brand={brand.pk}"
    assert listed in text_of(client.get(made["Location"]))
    text = text_of(client.get(listed))
    assert ("MILK" in text, ">F1<" in text) == (True, False)


def test_barcode_is_taken_off_and_noted(formula: Product):
    client = signed_in()
    page = reverse("catalog:product", args=[formula.pk])
    barcode = formula.variants.get().barcodes.get()
    remove = reverse("catalog:remove_barcode", args=[formula.pk, barcode.pk])
    assert remove in text_of(client.get(page))
    assert client.get(remove).status_code == 405
    elsewhere = reverse("catalog:remove_barcode", args=[ProductFactory().pk, barcode.pk])
    assert client.post(elsewhere).status_code == 404
    answer = client.post(remove, follow=True)
    assert "Barcode 6900000000017 is removed." in answer.content.decode()
    assert not formula.variants.get().barcodes.exists()
    entry = Entry.objects.get(action="catalog.barcode_removed")
    assert entry.before == {"barcode": "6900000000017"}
    assert client.post(remove).status_code == 404


def test_unknown_rows_are_not_found_and_readers_may_not_write(formula: Product):
    client = signed_in()
    for name in ("product", "edit_product", "edit_category", "brand", "edit_brand"):
        assert client.get(reverse(f"catalog:{name}", args=[uuid7()])).status_code == 404
    reader = signed_in("director")
    assert reader.get(reverse("catalog:products")).status_code == 200
    assert reader.get(reverse("catalog:create_product")).status_code == 403
    edit = reverse("catalog:edit_product", args=[formula.pk])
    assert reader.post(edit, {"name_en": "X"}).status_code == 403
    barcode = formula.variants.get().barcodes.get()
    remove = reverse("catalog:remove_barcode", args=[formula.pk, barcode.pk])
    assert reader.post(remove).status_code == 403
    assert remove not in text_of(reader.get(reverse("catalog:product", args=[formula.pk])))
    assert Product.objects.get().name_en == "Formula"


def test_pages_open_in_chinese(formula: Product):
    client = signed_in()
    client.cookies["django_language"] = "zh-hans"
    for url in (
        reverse("catalog:products"),
        reverse("catalog:categories"),
        reverse("catalog:product", args=[formula.pk]),
        reverse("catalog:create_product"),
        reverse("catalog:brands"),
        reverse("catalog:create_brand"),
        reverse("catalog:brand", args=[ProductBrandFactory().pk]),
    ):
        text_of(client.get(url))
