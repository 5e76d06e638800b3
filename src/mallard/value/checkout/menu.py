"""The pages of sales in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.value.sales.permissions import VIEW_RECEIPT


def register() -> None:
    """Offer receipts and returns under Sales."""
    add(
        Entry(
            "sales",
            _("Receipts"),
            "checkout:receipts",
            permission=VIEW_RECEIPT,
            order=10,
            go_key="r",
        )
    )
    add(Entry("sales", _("Returns"), "checkout:returns", permission=VIEW_RECEIPT, order=20))
    add(
        Entry(
            "sales",
            _("Returns waiting for their sale"),
            "checkout:pending_returns",
            permission=VIEW_RECEIPT,
            order=30,
        )
    )
