"""The catalogue of the demo: every product that was sold in the year, as the source has it.

Names are the source's own words (product type and package size) in sentence case; the source
has no Chinese names. The category tree has the natural trades on top (in both languages) and
the source's product categories below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from mallard.demo.assortment import tenant_of
from mallard.demo.restricted import RESTRICTED_CATEGORIES, Restriction, restriction_of
from mallard.demo.tenants import SUNDRIES, TENANT_BY_CODE, TENANTS, TRADE_BY_CODE

# A product that the source sells but does not describe.
UNDESCRIBED = "Undescribed item"


@dataclass(frozen=True, slots=True)
class DemoCategory:
    """A category of the catalogue. `restricted` only where all of its products are."""

    code: str
    parent: str | None
    name_en: str
    name_zh: str
    restricted: Restriction | None


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """A product with its single variant; `sku` names it on receipts.

    `brand` is "National" or "Private" and `manufacturer_id` the source's number of the maker;
    the source names neither. `department` is where the source's retailer files it.
    """

    sku: str
    name: str
    category: str
    restricted: Restriction | None
    brand: str
    manufacturer_id: int | None
    department: str


def sku_of(product_id: int) -> str:
    """The stock keeping unit of the source's product."""
    return f"CJ{product_id}"


def category_code(tenant: str, category: str | None) -> str:
    """The code of a source category within a trade, such as `TOB.cigarettes`: at most 40 long."""
    words = "".join(c if c.isalnum() else " " for c in (category or "unspecified").lower())
    return f"{tenant}.{'-'.join(words.split())}"[:40].rstrip("-")


def sentence_case(words: str) -> str:
    """The source's capitals as a person would write them: `BEEF/VEAL  STEW` → `Beef/veal stew`."""
    text = " ".join(words.lower().split())
    return text[:1].upper() + text[1:]


def product_name(product_type: str | None, package_size: str | None) -> str:
    """Name on receipts and in lists."""
    name = sentence_case(product_type) if product_type else UNDESCRIBED
    size = " ".join((package_size or "").lower().split())
    return f"{name}, {size}" if size else name


def categories(connection: duckdb.DuckDBPyConnection) -> list[DemoCategory]:
    """The tree, parents first."""
    tree = {
        tenant.code: DemoCategory(
            tenant.code,
            None,
            TRADE_BY_CODE[tenant.trade].name_en,
            TRADE_BY_CODE[tenant.trade].name_zh,
            None,
        )
        for tenant in TENANTS
    }
    rows = connection.execute(
        """
        select distinct department, product_category, product_type
        from products semi join transactions using (product_id) order by all
        """
    ).fetchall()
    for department, category, product_type in rows:
        tenant = tenant_of(department, category, product_type)
        code = category_code(tenant, category)
        name = sentence_case(category) if category else "Unspecified"
        restricted = RESTRICTED_CATEGORIES.get(category)
        tree.setdefault(code, DemoCategory(code, tenant, name, "", restricted))
    code = category_code(SUNDRIES, None)
    tree.setdefault(code, DemoCategory(code, SUNDRIES, "Unspecified", "", None))
    return list(tree.values())


def names_of_goods(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The name of every product by its code."""
    return {product.sku: product.name for product in products(connection)}


def products(connection: duckdb.DuckDBPyConnection) -> Iterator[DemoProduct]:
    """Every product with a line in the year, by id; those without a description included."""
    rows = connection.execute(
        """
        select t.product_id, department, product_category, product_type, package_size, brand,
               manufacturer_id
        from (select distinct product_id from transactions) t left join products using (product_id)
        order by t.product_id
        """
    ).fetchall()
    for product_id, department, category, product_type, size, brand, maker in rows:
        tenant = tenant_of(department, category, product_type)
        yield DemoProduct(
            sku=sku_of(product_id),
            name=product_name(product_type, size),
            category=category_code(tenant, category),
            restricted=restriction_of(category, product_type),
            brand=brand or "",
            manufacturer_id=maker,
            department=TENANT_BY_CODE[tenant].code if department is None else department,
        )
