"""Decisions about the catalogue, without a database."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.world.catalog.errors import (
    BarcodeTaken,
    ProductInvalid,
    ProductTwice,
    SkuTaken,
    UnknownBrand,
    UnknownCategory,
)
from mallard.world.catalog.facts import ProductInput, VariantInput
from mallard.world.catalog.rules import Claims, has_circle, judge


def claims() -> Claims:
    return Claims(
        categories={"milk": UUID(int=1)},
        brands={"cow": UUID(int=2)},
        product_of_sku={"OLD-1": "OLD"},
        sku_of_barcode={"69000001": "OLD-1"},
    )


def judged(known: Claims, code: str = "NEW", *, variants=(), **more):
    item = ProductInput(**({"code": code, "category_code": "milk", "name_en": "Milk"} | more))
    return judge(item, variants, known)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=10))
def test_tree_whose_parents_come_before_their_children_has_no_circle(choices: list[int]):
    parent_of = {
        str(n): str(choice % n) if n and choice else None for n, choice in enumerate(choices)
    }
    assert not has_circle(parent_of)
    parent_of["0"] = str(len(choices) - 1)
    in_line = {str(n): str(n - 1) for n in range(1, len(choices))} | {"0": str(len(choices) - 1)}
    assert has_circle(in_line)


def test_good_product_is_accepted_and_its_codes_are_taken():
    known = claims()
    variants = (VariantInput(sku="NEW-1", barcodes=("69000002",)),)
    assert judged(known, variants=variants, brand_code="cow") is None
    assert isinstance(judged(known, variants=variants), ProductTwice)
    assert isinstance(judged(known, "NEXT", variants=(VariantInput(sku="NEW-1"),)), SkuTaken)
    same_barcode = (VariantInput(sku="NEXT-1", barcodes=("69000002",)),)
    assert isinstance(judged(known, "NEXT", variants=same_barcode), BarcodeTaken)


def test_product_keeps_its_own_skus_and_barcodes():
    variants = (VariantInput(sku="OLD-1", barcodes=("69000001", "69000001")),)
    assert judged(claims(), "OLD", variants=variants) is None


def test_codes_of_others_are_refused_and_nothing_is_claimed():
    known = claims()
    stolen = (VariantInput(sku="NEW-1", barcodes=("69000003", "69000001")),)
    assert isinstance(judged(known, variants=stolen), BarcodeTaken)
    assert isinstance(judged(known, variants=(VariantInput(sku="OLD-1"),)), SkuTaken)
    twice = (VariantInput(sku="A", barcodes=("7777",)), VariantInput(sku="B", barcodes=("7777",)))
    assert isinstance(judged(known, variants=twice), BarcodeTaken)
    assert known == claims()


def test_unknown_category_and_brand_are_named():
    error = judged(claims(), category_code="tea")
    assert isinstance(error, UnknownCategory)
    assert "tea" in error.sentence
    assert isinstance(judged(claims(), brand_code="goat"), UnknownBrand)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "two words"}, "code"),
        ({"name_en": " ", "name_zh": ""}, "name_en"),
        ({"name_zh": "长" * 201}, "name_zh"),
        ({"name_en": "nul\0"}, "name_en"),
        ({"restricted": "fireworks"}, "restricted"),
        ({"variants": (VariantInput(sku=""),)}, "sku"),
        ({"variants": (VariantInput(sku="A"), VariantInput(sku="A"))}, "sku"),
        ({"variants": (VariantInput(sku="A", barcodes=("12",)),)}, "barcodes"),
    ],
)
def test_product_that_is_not_well_formed_is_refused_at_its_field(change, field: str):
    error = judged(claims(), **change)
    assert isinstance(error, ProductInvalid)
    assert set(error.fields) == {field}
