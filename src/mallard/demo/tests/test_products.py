"""The catalogue: complete, named, and restricted where the law says so."""

from __future__ import annotations

import pytest

from mallard.demo.products import (
    UNDESCRIBED,
    categories,
    category_code,
    product_name,
    products,
)


@pytest.fixture(scope="module")
def catalogue(source):
    return categories(source), list(products(source))


def test_every_product_sold_is_in_a_category_of_the_tree(source, catalogue):
    tree, goods = catalogue
    (sold,) = source.execute("select count(distinct product_id) from transactions").fetchone()
    assert len(goods) == sold == 68_509
    codes = [category.code for category in tree]
    assert len(codes) == len(set(codes))
    assert {product.category for product in goods} <= set(codes)


def test_parents_come_before_their_children(catalogue):
    seen: set[str] = set()
    for category in catalogue[0]:
        assert category.parent is None or category.parent in seen
        seen.add(category.code)


def test_codes_fit_their_columns_and_names_are_never_empty(catalogue):
    tree, goods = catalogue
    assert all(len(category.code) <= 40 and category.name_en for category in tree)
    assert all(0 < len(product.name) <= 120 and len(product.sku) <= 20 for product in goods)


def test_a_restricted_category_holds_only_such_goods(catalogue):
    tree, goods = catalogue
    restricted = {c.code: c.restricted for c in tree if c.restricted}
    assert len(restricted) == 4
    assert all(
        product.restricted == restricted[product.category]
        for product in goods
        if product.category in restricted
    )


def test_names_are_the_sources_words():
    assert product_name("ICE - CRUSHED/CUBED", "22 LB") == "Ice - crushed/cubed, 22 lb"
    assert product_name("PREMIUM ", None) == "Premium"
    assert product_name(None, None) == UNDESCRIBED
    assert category_code("TOB", "CIGARETTES") == "TOB.cigarettes"
