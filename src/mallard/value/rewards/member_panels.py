"""What rewards add to a member's page: what they took, and a button to take more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.parts import TimelineEntry, Tone
from mallard.value.rewards import showing
from mallard.value.rewards.models import Redemption
from mallard.value.rewards.permissions import REDEEM_REWARD, VIEW_REWARD
from mallard.value.rewards.queries import visible_redemptions
from mallard.world.members.panels import (
    MemberAction,
    MemberInView,
    MemberPanel,
    register_action,
    register_panel,
)
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Window,
    happened,
    register_timeline,
)

SHOWN = 6


def register() -> None:
    """Offer the panel, the buttons and the timeline on the 360° page."""
    register_timeline(
        MemberTimeline("redemptions", _("Redemptions"), VIEW_REWARD, _timeline, order=35)
    )
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


def _timeline(view: MemberInView, window: Window) -> Iterable[Happened]:
    """A redemption when it was placed, handed over, and ended otherwise."""
    rows = visible_redemptions(view.actor).filter(member_id__in=view.record_ids)
    moments: tuple[tuple[str, Any, Tone], ...] = (
        ("placed_at", _("Redeemed: %(reward)s"), "accent"),
        ("collected_at", _("Collected: %(reward)s"), "success"),
        ("ended_at", _("Redemption ended: %(reward)s"), "warning"),
    )
    for moment, title, tone in moments:
        for row in window.newest(rows, at=moment, part=moment):
            entry = TimelineEntry(
                getattr(row, moment),
                str(title) % {"reward": row.reward.name},
                _detail(row, is_ended=moment == "ended_at"),
                "gift",
                reverse("rewards:redemption", args=[row.pk]),
                tone,
                is_generated=row.is_generated,
                zone=row.desk.mall.zone,
            )
            yield happened(row.pk, entry, moment)


def _detail(row: Redemption, *, is_ended: bool) -> str:
    if is_ended:
        return str(row.get_status_display())
    return f"{showing.price(row.points, row.price_minor, row.currency)} · {row.desk.name}"


def _redemptions(view: MemberInView) -> Mapping[str, Any] | None:
    rows = visible_redemptions(view.actor).filter(member_id__in=view.record_ids)
    shown = [
        {"row": row, "state": showing.status_badge(row)}
        for row in rows.order_by("-placed_at")[:SHOWN]
    ]
    return {"rows": shown} if shown else None
