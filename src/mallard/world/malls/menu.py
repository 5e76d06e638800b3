"""The pages of the place in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.world.malls.permissions import VIEW_LEASE, VIEW_MALL, VIEW_STORE, VIEW_TENANT


def register() -> None:
    """Offer the pages of the place under Mall."""
    add(Entry("mall", _("Malls"), "malls:malls", permission=VIEW_MALL, order=10))
    add(Entry("mall", _("Stores"), "malls:stores", permission=VIEW_STORE, order=20, go_key="o"))
    add(Entry("mall", _("Tenants"), "malls:tenants", permission=VIEW_TENANT, order=30))
    add(Entry("mall", _("Brands"), "malls:brands", permission=VIEW_TENANT, order=32))
    add(Entry("mall", _("Leases"), "malls:leases", permission=VIEW_LEASE, order=35))
    add(
        Entry(
            "mall",
            _("Trade categories"),
            "malls:trade_categories",
            permission=VIEW_STORE,
            order=40,
        )
    )
