"""The ledger in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui import navigation
from mallard.kernel.ui.navigation import Entry
from mallard.value.ledger.permissions import VIEW_LEDGER


def register() -> None:
    navigation.register(
        Entry("loyalty", _("Funders"), "ledger:funders", permission=VIEW_LEDGER, order=80)
    )
