"""Tobacco, infant formula and medicines are found wherever the source files them."""

from __future__ import annotations

import pytest

from mallard.demo.restricted import (
    FORMULA_TYPES,
    MEDICINE_TYPES,
    RESTRICTED_CATEGORIES,
    TOBACCO_TYPES,
    restriction_of,
)


@pytest.mark.parametrize(
    ("category", "product_type", "kind"),
    [
        ("CIGARETTES", "CIGARETTES", "tobacco"),
        (None, "CHEWING TOBACCO", "tobacco"),
        ("TOBACCO OTHER", "SNUFF", "tobacco"),
        ("TOBACCO OTHER", "CIG LIGHTERS/LTR FLUID/PIPES", None),
        ("INFANT FORMULA", "BABY ISOTONIC DRINKS", "infant_formula"),
        ("BABY FOODS", "BABY FOOD - BEGINNER", None),
        ("BABY HBC", "COLD AND FLU", "medicine"),
        ("ANTACIDS", "ANTI-ACIDS", "medicine"),
        ("ANTACIDS", "WATER GUNS", None),
        ("VITAMINS", "VITAMIN - MINERALS", None),
        (None, None, None),
    ],
)
def test_goods_are_restricted_by_what_they_are(category, product_type, kind):
    assert restriction_of(category, product_type) == kind


def test_restricted_sales_of_the_year_are_to_the_cent(source):
    rows = source.execute(
        """
        select product_category, product_type, cast(sum(round(sales_value * 100)) as bigint)
        from transactions join products using (product_id) group by all
        """
    ).fetchall()
    totals: dict[str | None, int] = {}
    for category, product_type, cents in rows:
        kind = restriction_of(category, product_type)
        totals[kind] = totals.get(kind, 0) + cents
    assert sum(cents for category, _, cents in rows if category == "CIGARETTES") == 5_434_968
    assert totals["infant_formula"] == 2_691_017
    assert totals["tobacco"] == 5_586_032
    assert totals["medicine"] == 5_960_137


def test_the_rules_name_only_goods_that_exist(source):
    columns = source.execute(
        "select list(distinct product_category), list(distinct product_type) from products"
    ).fetchone()
    categories, types = map(set, columns)
    assert set(RESTRICTED_CATEGORIES) <= categories
    assert types >= TOBACCO_TYPES | FORMULA_TYPES | MEDICINE_TYPES
