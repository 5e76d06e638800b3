"""The pages of reports in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.value.sales.permissions import VIEW_FIGURES


def register() -> None:
    """Offer sales analysis and the coloured plan under Sales, the catalogue under Reports."""
    add(Entry("sales", _("Sales analysis"), "reports:sales", permission=VIEW_FIGURES, order=15))
    add(
        Entry("sales", _("Floor plan by figure"), "reports:plan", permission=VIEW_FIGURES, order=16)
    )
    add(Entry("reports", _("Catalogue of figures"), "reports:figures", order=90))
