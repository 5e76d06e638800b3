"""Paper receipts in the menu, and the way to them from the service counter."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.value.counter.permissions import BACKDATE_POINTS
from mallard.value.rewards.acts import DeskAct, register_act
from mallard.world.phones.permissions import CHANGE_PHONE


def register() -> None:
    """Offer the list under Sales, and the acts at the counter."""
    add(
        Entry(
            "sales",
            _("Back-dated receipts"),
            "counter:receipts",
            permission=BACKDATE_POINTS,
            order=25,
        )
    )
    register_act(
        DeskAct(
            "phone",
            _("Change phone"),
            CHANGE_PHONE,
            lambda member_id: reverse("phones:new", args=[member_id]),
            icon="phone",
            order=40,
        )
    )
    register_act(
        DeskAct(
            "backdate",
            _("Back-date points"),
            BACKDATE_POINTS,
            lambda member_id: reverse("counter:backdate", args=[member_id]),
            icon="receipt",
            order=20,
        )
    )
