"""Rewards in a member's words: what stands in the way, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge
from mallard.surfaces.portal.own import OwnPage
from mallard.value.rewards.kinds import kind_of
from mallard.value.rewards.models import OPEN_STATUSES, Redemption, Reward, Status
from mallard.value.rewards.offering import Obstacle, Offered, offered_to
from mallard.value.rewards.queries import own_redemptions
from mallard.value.rewards.showing import price, price_of, status_badge
from mallard.world.memberweb.panels import PortalPanel, register_panel

ON_HOME = 3


@dataclass(frozen=True, slots=True)
class RewardRow:
    """A reward in a list; ``told`` says why it cannot be had now."""

    reward: Reward
    icon: str
    price: str
    told: str


@dataclass(frozen=True, slots=True)
class RedemptionRow:
    """A redemption in a list, and what the member does next."""

    row: Redemption
    icon: str
    price: str
    state: Badge
    told: str


def register() -> None:
    """Offer the part of the start page."""
    register_panel(PortalPanel("rewards", "portal/parts/home_rewards.html", _home, order=40))


def reward_row(one: Offered) -> RewardRow:
    return RewardRow(one.reward, icon_of(one.reward), price_of(one.reward), told_of(one))


def redemption_row(row: Redemption) -> RedemptionRow:
    return RedemptionRow(
        row,
        icon_of(row.reward),
        price(row.points, row.price_minor, row.currency),
        _state(row),
        _next_step(row),
    )


def _state(row: Redemption) -> Badge:
    """As staff call it, but for what waits for the member's own word."""
    if row.status == Status.HELD:
        return Badge(gettext("To be confirmed"), "warning")
    return status_badge(row)


def icon_of(reward: Reward) -> str:
    kind = kind_of(reward.kind)
    return kind.icon if kind else "gift"


def told_of(one: Offered) -> str:
    """Why a member cannot take it now; empty when they can."""
    if one.obstacle is Obstacle.TIER:
        return gettext("From the tier %(tier)s on") % {"tier": one.tier}
    if one.obstacle is Obstacle.LIMIT:
        return gettext("You have had as many as one can")
    if one.obstacle is Obstacle.NONE_LEFT:
        return gettext("None left at the moment")
    if one.obstacle is Obstacle.POINTS:
        return gettext("%(points)s more needed") % {"points": formats.points(one.missing)}
    return ""


def limit_words(reward: Reward) -> str:
    """How many one person may have; empty without a limit."""
    if reward.member_limit is None:
        return ""
    if reward.limit_days is None:
        text = ngettext("One for each member", "%(count)s for each member", reward.member_limit)
    else:
        text = ngettext(
            "One for each member within %(days)s days",
            "%(count)s for each member within %(days)s days",
            reward.member_limit,
        )
    return text % {"count": reward.member_limit, "days": reward.limit_days}


def _next_step(row: Redemption) -> str:
    zone = row.desk.mall.zone
    if row.status == Status.HELD:
        until = formats.time_of_day(row.deadline_at, zone)
        return gettext("Held for you until %(time)s") % {"time": until}
    if row.status == Status.CONFIRMED and row.collect_by is not None:
        said = {"desk": row.desk.full_name, "day": formats.day(row.collect_by, zone)}
        return gettext("Collect it at %(desk)s by %(day)s") % said
    at = row.collected_at or row.ended_at or row.placed_at
    return formats.day(at, zone)


def _home(own: OwnPage) -> Mapping[str, Any] | None:
    """What waits for the member, and what their points buy now."""
    waiting = own_redemptions(own.actor).filter(status__in=OPEN_STATUSES)
    within_reach = [
        one for one in offered_to(own.member.pk, own.record_ids) if one.obstacle is None
    ]
    context = {
        "waiting": [redemption_row(row) for row in waiting.order_by("-placed_at")[:ON_HOME]],
        # The dearest that they can afford: it is what they have saved for.
        "rewards": [reward_row(one) for one in within_reach[::-1][:ON_HOME]],
    }
    return context if any(context.values()) else None
