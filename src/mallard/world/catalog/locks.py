"""Every lock of the catalogue."""

from __future__ import annotations

from collections.abc import Collection

from mallard.world.catalog.models import Product


def lock_products(codes: Collection[str]) -> dict[str, Product]:
    """The products with these codes, by code, locked in the order of their ids."""
    rows = Product.objects.select_for_update().filter(code__in=codes).defer("search")
    return {row.code: row for row in rows.order_by("pk")}
