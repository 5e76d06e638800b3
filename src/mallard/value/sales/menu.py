"""The pages of declarations in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.value.sales.permissions import VIEW_DECLARATION


def register() -> None:
    """Offer declarations under Sales."""
    add(
        Entry(
            "sales",
            _("Sales declarations"),
            "sales:months",
            permission=VIEW_DECLARATION,
            order=40,
        )
    )
    add(
        Entry(
            "sales",
            _("Declared against receipts"),
            "sales:declarations",
            permission=VIEW_DECLARATION,
            order=50,
        )
    )
