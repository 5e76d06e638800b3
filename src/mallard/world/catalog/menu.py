"""The pages of the catalogue in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.world.catalog.permissions import VIEW_PRODUCT


def register() -> None:
    """Offer products, categories and product brands under Stock."""
    add(
        Entry(
            "stock",
            _("Products"),
            "catalog:products",
            permission=VIEW_PRODUCT,
            order=10,
            go_key="p",
        )
    )
    add(Entry("stock", _("Categories"), "catalog:categories", permission=VIEW_PRODUCT, order=20))
    add(Entry("stock", _("Product brands"), "catalog:brands", permission=VIEW_PRODUCT, order=30))
