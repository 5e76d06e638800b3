"""Changes of points in the menu, and a way from the member's page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.kernel.ui.parts import Badge
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.wallets.permissions import CHANGE_POINTS
from mallard.value.wallets.queries import freeze_of
from mallard.world.members.panels import (
    MemberAction,
    MemberInView,
    MemberMark,
    register_action,
    register_mark,
)


def register() -> None:
    """Offer the pages; a frozen wallet shows beside the member's name."""
    add(
        Entry(
            "loyalty",
            _("Changes of points"),
            "wallets:requests",
            permission=CHANGE_POINTS,
            order=60,
        )
    )
    register_action(
        MemberAction(
            "wallet",
            _("Points"),
            CHANGE_POINTS,
            lambda view: reverse("wallets:wallet", args=[view.member.pk]),
            icon="coins",
            order=40,
        )
    )
    register_mark(MemberMark("frozen", VIEW_WALLET, _frozen, order=5))


def _frozen(view: MemberInView) -> Badge | None:
    return Badge(_("Points frozen"), "danger", "lock") if freeze_of(view.record_ids) else None
