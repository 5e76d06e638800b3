"""Products in the search over everything, and among what somebody opened lately."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.bilingual import name_order
from mallard.kernel.ui import finding, items
from mallard.kernel.ui.finding import Hit
from mallard.world.catalog.models import Product
from mallard.world.catalog.permissions import VIEW_PRODUCT
from mallard.world.catalog.queries import search_products

ICON = "package"


def _hit(product: Product) -> Hit:
    detail = f"{product.code} · {product.category.name}"
    return Hit(product.name, reverse("catalog:product", args=[product.pk]), detail)


def find(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Products by a whole SKU or barcode, or by words of name and code."""
    rows = search_products(text).select_related("category").order_by(*name_order(), "pk")
    return [_hit(product) for product in rows[:limit]]


def find_by_ids(ids: Collection[UUID], actor: Actor) -> dict[UUID, Hit]:
    rows = Product.objects.filter(pk__in=ids).select_related("category")
    return {product.pk: _hit(product) for product in rows}


def register() -> None:
    """Offer products wherever rows are looked for."""
    finding.register(
        finding.Finder(
            "products", _("Products"), ICON, VIEW_PRODUCT, find, order=60,
            list_url_name="catalog:products",
        )
    )  # fmt: skip
    items.register(
        items.ItemKind("product", ICON, VIEW_PRODUCT, "catalog:product", "product_id", find_by_ids)
    )
