"""The ways in the bar at the foot. Other apps register theirs beside them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.world.memberweb.panels import PortalEntry, register_entry


def register() -> None:
    """Home first, the member themself last; there is room between for what other apps bring."""
    register_entry(PortalEntry("home", _("Home"), "portal:home", "home", order=0))
    register_entry(
        PortalEntry("card", pgettext_lazy("member page", "Card"), "portal:card", "qrcode", order=10)
    )
    register_entry(PortalEntry("points", _("Points"), "portal:points", "coins", order=20))
    register_entry(PortalEntry("rewards", _("Rewards"), "portal:rewards", "gift", order=30))
    register_entry(
        PortalEntry(
            "receipts", _("Receipts"), "portal:receipts", "receipt", order=50, is_in_bar=False
        )
    )
    register_entry(
        PortalEntry(
            "friends", _("Bring a friend"), "portal:friends", "users", order=60, is_in_bar=False
        )
    )
    register_entry(
        PortalEntry("me", pgettext_lazy("member page", "Me"), "portal:me", "user-circle", order=100)
    )
