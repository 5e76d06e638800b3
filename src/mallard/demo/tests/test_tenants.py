"""Every product has a tenant that could sell it; names are complete in both languages."""

from __future__ import annotations

import pytest

from mallard.demo.assortment import (
    TENANT_OF_CATEGORY,
    UnmappedProductError,
    tenant_of,
)
from mallard.demo.tenants import SUNDRIES, TENANT_BY_CODE, TENANTS, TRADE_BY_CODE, TRADES


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def test_every_product_of_the_source_has_a_tenant(source):
    kinds = source.execute(
        "select distinct department, product_category, product_type from products"
    ).fetchall()
    assert len(kinds) > 2_000
    assert {tenant_of(*kind) for kind in kinds} == set(TENANT_BY_CODE)


def test_no_category_is_given_to_two_tenants_or_to_none_that_exists(source):
    categories = {
        row[0]
        for row in source.execute("select distinct product_category from products").fetchall()
    }
    assert set(TENANT_OF_CATEGORY) <= categories
    assert set(TENANT_OF_CATEGORY.values()) <= set(TENANT_BY_CODE)


@pytest.mark.parametrize(
    ("department", "category", "product_type", "tenant"),
    [
        ("PHOTO & VIDEO", "REFRGRATD DOUGH PRODUCTS", "MISC REFRIG DOUGH PRODUCTS", "SUP"),
        ("PHOTO & VIDEO", "BEERS/ALES", "BEERALEMALT LIQUORS", "WIN"),
        ("POSTAL CENTER", "CANDY - PACKAGED", "CANDY BAGS-CHOCOCLATE", "SWT"),
        ("TRAVEL & LEISURE", "APPLES", "APPLES GALA (BULK&BAG)", "GRN"),
        ("MISCELLANEOUS", "COUPON/MISC ITEMS", "GASOLINE-REG UNLEADED", "FUE"),
        ("COUPON", "COUPONS/STORE & MFG", "COUPONS/STORE & MFG", SUNDRIES),
        ("CNTRL/STORE SUP", "COUPON/MISC ITEMS", "CENTRAL SUPPLIES", SUNDRIES),
        ("NUTRITION", "BABYFOOD", "BABY FOOD", "MAB"),
        ("RESTAURANT", "COFFEE SHOP", "SV BEV: COFFEE DINE IN", "COF"),
        (None, None, None, SUNDRIES),
    ],
)
def test_misfiled_goods_are_sold_where_they_belong(department, category, product_type, tenant):
    assert tenant_of(department, category, product_type) == tenant


def test_an_unknown_product_is_refused():
    with pytest.raises(UnmappedProductError, match="SPACESHIPS"):
        tenant_of("SPACESHIPS", None, None)


def test_trades_have_two_levels_and_every_tenant_is_on_the_lower():
    for trade in TRADES:
        if trade.parent is not None:
            assert TRADE_BY_CODE[trade.parent].parent is None
    assert all(TRADE_BY_CODE[tenant.trade].parent for tenant in TENANTS)


def test_names_are_in_both_languages_and_unlike_each_other():
    for names in (
        [(trade.name_en, trade.name_zh) for trade in TRADES],
        [(tenant.brand_en, tenant.brand_zh) for tenant in TENANTS],
        [(tenant.company_en, tenant.company_zh) for tenant in TENANTS],
    ):
        assert all(english.isascii() and _has_chinese(chinese) for english, chinese in names)
        assert len({english for english, _ in names}) == len(names)
        assert len({chinese for _, chinese in names}) == len(names)
