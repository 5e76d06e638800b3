"""What rewards add to a member's page: what they took, and a button to take more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.value.rewards import showing
from mallard.value.rewards.permissions import REDEEM_REWARD, VIEW_REWARD
from mallard.value.rewards.queries import visible_redemptions
from mallard.world.members.panels import (
    MemberAction,
    MemberInView,
    MemberPanel,
    register_action,
    register_panel,
)

SHOWN = 6


def register() -> None:
    """Offer the panel and the button on the 360° page."""
    register_panel(
        MemberPanel(
            "redemptions",
            _("Redemptions"),
            "rewards/parts/member_redemptions.html",
            VIEW_REWARD,
            _redemptions,
            order=35,
        )
    )
    register_action(
        MemberAction(
            "counter",
            _("At the counter"),
            REDEEM_REWARD,
            lambda view: reverse("rewards:at_counter", args=[view.member.pk]),
            icon="user-check",
            order=35,
        )
    )
    register_action(
        MemberAction(
            "redeem",
            _("Redeem a reward"),
            REDEEM_REWARD,
            lambda view: reverse("rewards:redeem", args=[view.member.pk]),
            icon="gift",
            order=30,
        )
    )


def _redemptions(view: MemberInView) -> Mapping[str, Any] | None:
    rows = visible_redemptions(view.actor).filter(member_id__in=view.record_ids)
    shown = [
        {"row": row, "state": showing.status_badge(row)}
        for row in rows.order_by("-placed_at")[:SHOWN]
    ]
    return {"rows": shown} if shown else None
