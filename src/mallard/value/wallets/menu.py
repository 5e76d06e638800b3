"""Changes of points in the menu, and a way from the member's page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui import formats
from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.kernel.ui.parts import Badge
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.wallets.permissions import CHANGE_POINTS
from mallard.value.wallets.queries import cooling_until, family_rights, freeze_of
from mallard.world.members.panels import (
    MemberAction,
    MemberInView,
    MemberMark,
    register_action,
    register_mark,
)
from mallard.world.members.relations import Told, register_source


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
    register_source("family", VIEW_WALLET, _families)
    register_mark(MemberMark("frozen", VIEW_WALLET, _frozen, order=5))
    register_mark(MemberMark("cooling", VIEW_WALLET, _cooling, order=6))


def _families(view: MemberInView) -> list[Told]:
    """Who may spend whose points, from this member's side."""
    told = []
    for right in family_rights(view.record_ids):
        is_owner = right.owner_id in view.record_ids
        label = (
            _("Family: may spend this member’s points:")
            if is_owner
            else _("Family: lets this member spend points:")
        )
        other = right.spender if is_owner else right.owner
        told.append(Told(other, label, right.granted_at))
    return told


def _frozen(view: MemberInView) -> Badge | None:
    return Badge(_("Points frozen"), "danger", "lock") if freeze_of(view.record_ids) else None


def _cooling(view: MemberInView) -> Badge | None:
    until = cooling_until(view.record_ids)
    if until is None:
        return None
    told = gettext("No points to spend until %(moment)s") % {"moment": formats.moment(until)}
    return Badge(told, "warning", "clock")
