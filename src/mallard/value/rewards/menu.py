"""Rewards in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.value.rewards.permissions import REDEEM_REWARD, VIEW_LIABILITY, VIEW_REWARD


def register() -> None:
    """Offer rewards and redemptions under Loyalty."""
    add(
        Entry(
            "service",
            _("Service counter"),
            "rewards:counter",
            permission=REDEEM_REWARD,
            order=5,
            go_key="d",
        )
    )
    add(Entry("loyalty", _("Rewards"), "rewards:rewards", permission=VIEW_REWARD, order=20))
    add(Entry("loyalty", _("Redemptions"), "rewards:redemptions", permission=VIEW_REWARD, order=30))
    add(
        Entry(
            "loyalty",
            _("Points liability"),
            "rewards:liability",
            permission=VIEW_LIABILITY,
            order=70,
        )
    )
    add(Entry("loyalty", _("Desks"), "rewards:desks", permission=VIEW_REWARD, order=40))
