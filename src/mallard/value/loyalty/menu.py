"""The pages of the programme in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.value.loyalty.permissions import SIMULATE, VIEW_PROGRAMME


def register() -> None:
    """Offer the programme under Loyalty."""
    add(Entry("loyalty", _("Programme"), "loyalty:programme", permission=VIEW_PROGRAMME, order=10))
    add(Entry("loyalty", _("What if"), "loyalty:what_ifs", permission=SIMULATE, order=40))
