"""The pages of reports in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add


def register() -> None:
    """Offer the catalogue of figures under Reports."""
    add(Entry("reports", _("Catalogue of figures"), "reports:figures", order=90))
