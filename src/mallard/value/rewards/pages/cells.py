"""How pages say what rewards cost, what state they are in, and who pays for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge
from mallard.value.ledger.models import FunderKind
from mallard.value.rewards.kinds import kind_of
from mallard.value.rewards.models import Desk, Reward
from mallard.value.rewards.rules import is_offered
from mallard.world.malls.models import Brand, Mall, Tenant

_OWNERS: dict[str, Any] = {
    FunderKind.MALL: Mall,
    FunderKind.TENANT: Tenant,
    FunderKind.BRAND: Brand,
}


def kind_name(reward: Reward) -> Any:
    kind = kind_of(reward.kind)
    return kind.name if kind else reward.kind


def reward_state(reward: Reward) -> Badge:
    """Whether it can be taken now."""
    at = now()
    if is_offered(
        at, starts_at=reward.starts_at, ends_at=reward.ends_at, closed_at=reward.closed_at
    ):
        return Badge(_("Offered"), "success")
    if reward.closed_at is None and reward.starts_at is not None and reward.starts_at > at:
        return Badge(gettext("From %(day)s") % {"day": formats.day(reward.starts_at)}, "info")
    return Badge(_("Not offered"), "neutral")


def desk_state(desk: Desk) -> Badge:
    if desk.closed_at is None:
        return Badge(pgettext_lazy("desk", "Open"), "success")
    return Badge(_("Closed"), "neutral")


def limits_of(reward: Reward, tiers: dict[str, str]) -> str:
    """Who may take how many."""
    parts = []
    if reward.least_tier:
        tier = tiers.get(reward.least_tier, reward.least_tier)
        parts.append(gettext("from %(tier)s on") % {"tier": tier})
    if reward.member_limit and reward.limit_days:
        text = gettext("%(limit)s for each member within %(days)s days")
        parts.append(text % {"limit": reward.member_limit, "days": reward.limit_days})
    elif reward.member_limit:
        parts.append(gettext("%(limit)s for each member") % {"limit": reward.member_limit})
    return " · ".join(parts) or gettext("Everybody, as often as they like")


def funder_names(rows: Iterable[Any]) -> dict[UUID, str]:
    """Names of who pays for these rewards or redemptions, by the owner's id."""
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        wanted.setdefault(row.funder_kind, set()).add(row.funder_id)
    return {
        owner.pk: owner.name
        for kind, ids in wanted.items()
        if kind in _OWNERS
        for owner in _OWNERS[kind].objects.filter(pk__in=ids)
    }


def named(row: Any) -> SafeString | str:
    """The name, with a badge when a generator made the row up."""
    if not row.is_generated:
        return str(row.name)
    return format_html("{} {}", row.name, Badge(_("Generated"), "generated", "sparkles"))
