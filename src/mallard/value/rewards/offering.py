"""What a member can take now, where, and what stands in the way. A fixed number of statements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from django.db.models import F, Q, Sum

from mallard.kernel.clock import now
from mallard.value.ledger.queries import wallet_of
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.queries import programme, tier_names
from mallard.value.loyalty.standing import tiers_at
from mallard.value.rewards.kinds import kind_of
from mallard.value.rewards.models import OPEN_STATUSES, Desk, Redemption, Reward, Status, Stock
from mallard.value.rewards.queries import offered_rewards
from mallard.value.rewards.rules import counts_since


class Obstacle(Enum):
    """Why a member cannot take a reward now; in the order in which it is told."""

    TIER = "tier"
    LIMIT = "limit"
    NONE_LEFT = "none_left"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Offered:
    """A reward as one member meets it. ``desks`` have one to give; ``missing`` are points that the
    member lacks, ``tier`` is the name of the tier that is needed."""

    reward: Reward
    desks: tuple[Desk, ...]
    obstacle: Obstacle | None = None
    missing: int = 0
    tier: str = ""
    taken: int = 0


def offered_to(
    member_id: UUID, record_ids: Collection[UUID], *, at: dt.datetime | None = None
) -> list[Offered]:
    """Every reward that is offered, the cheapest first. ``record_ids``: the member's own and those
    merged into it."""
    at = at or now()
    rewards = [one for one in offered_rewards(at) if kind_of(one.kind) is not None]
    if not rewards:
        return []
    available = wallet_of([member_id], at=at)[member_id].available
    open_desks = tuple(
        Desk.objects.filter(closed_at=None).select_related("mall").order_by("mall__code", "code")
    )
    desks = _desks_of(rewards, open_desks)
    zone = open_desks[0].mall.zone if open_desks else dt.UTC
    ranks = _Ranks(member_id, at.astimezone(zone).date())
    taken = _taken(rewards, record_ids, at)
    return [
        _offered(one, desks[one.pk], available=available, taken=taken.get(one.pk, 0), ranks=ranks)
        for one in rewards
    ]


def _offered(
    reward: Reward, desks: tuple[Desk, ...], *, available: int, taken: int, ranks: _Ranks
) -> Offered:
    obstacle, missing, tier = None, max(0, reward.points - available), ""
    if not ranks.reaches(reward.least_tier):
        obstacle, tier = Obstacle.TIER, tier_names().get(reward.least_tier, reward.least_tier)
    elif reward.member_limit is not None and taken >= reward.member_limit:
        obstacle = Obstacle.LIMIT
    elif not desks:
        obstacle = Obstacle.NONE_LEFT
    elif missing:
        obstacle = Obstacle.POINTS
    return Offered(reward, desks, obstacle, missing, tier, taken)


class _Ranks:
    """The member's tier today, looked up once and only when a reward asks for one."""

    def __init__(self, member_id: UUID, day: dt.date) -> None:
        self._member_id, self._day = member_id, day
        self._reached: int | None = None

    def reaches(self, code: str) -> bool:
        if not code:
            return True
        try:
            facts = programme()
        except NoProgramme:
            return False
        needed = facts.tier_on(code, self._day)
        if needed is None:  # a tier that begins later: nobody has it yet
            return False
        if self._reached is None:
            [tier] = tiers_at([(self._member_id, self._day)], facts).values()
            self._reached = -1 if tier is None else tier.rank
        return self._reached >= needed.rank


def _desks_of(
    rewards: Collection[Reward], open_desks: tuple[Desk, ...]
) -> Mapping[UUID, tuple[Desk, ...]]:
    """The open desks that have one to give, by reward."""
    stocked: dict[UUID, set[UUID]] = defaultdict(set)
    free = Stock.objects.filter(on_hand__gt=F("reserved"), reward__in=rewards)
    for reward_id, desk_id in free.values_list("reward_id", "desk_id"):
        stocked[reward_id].add(desk_id)
    return {
        one.pk: tuple(desk for desk in open_desks if desk.pk in stocked[one.pk])
        if one.is_counted
        else open_desks
        for one in rewards
    }


def _taken(
    rewards: Collection[Reward], record_ids: Collection[UUID], at: dt.datetime
) -> dict[UUID, int]:
    """How many of each limited reward the member has taken or holds, within its days."""
    within = Q(pk__in=[])
    for one in rewards:
        if one.member_limit is None:
            continue
        since = counts_since(at, one.limit_days)
        own = Q(reward=one)
        within |= own if since is None else own & Q(placed_at__gt=since)
    rows = Redemption.objects.filter(
        within, member_id__in=record_ids, status__in=[*OPEN_STATUSES, Status.COLLECTED]
    )
    return dict(rows.order_by().values_list("reward_id").annotate(total=Sum("quantity")))
