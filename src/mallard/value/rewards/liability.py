"""What finance reads of points: outstanding, by cost and age, by month; and what rewards give.

Nothing here walks lots or transfers: the funders' days and the slices are rollups.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Max, Q, Sum

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.prepared import fetch_rows
from mallard.value.ledger.models import Account, FunderKind
from mallard.value.ledger.queries import funder_accounts
from mallard.value.rewards.models import LiabilitySlice, Redemption, Reward, Status
from mallard.value.rewards.queries import offered_rewards
from mallard.value.rewards.valuing import AGES, OLDER, Worth, age_of, worth_of
from mallard.world.malls.queries import malls_in, tenants_in, whole_malls_in

MONTHS = 12
AGE_NAMES = (*(name for _limit, name in AGES), OLDER)


@dataclass(frozen=True, slots=True)
class MonthFlow:
    """What happened to points in a month (UTC): each less what was taken back of it."""

    month: dt.date
    issued: int
    redeemed: int
    expired: int
    outstanding: int


@dataclass(slots=True)
class FunderLiability:
    """One funder's outstanding points by age."""

    account: Account
    points: int = 0
    by_age: dict[str, int] = field(default_factory=lambda: dict.fromkeys(AGE_NAMES, 0))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of liability shows, of the funders that the reader may see."""

    outstanding: int
    issued: int
    redeemed: int
    expired: int
    flow: Sequence[MonthFlow]
    funders: Sequence[FunderLiability]
    by_end: Mapping[dt.date | None, int]
    counted_at: dt.datetime | None


def accounts_seen_by(actor: Actor) -> list[Account]:
    """The group sees every funder, a mall itself and its tenants."""
    accounts = funder_accounts()
    if not actor.scope.is_group:
        accounts = accounts.filter(
            Q(owner_kind=FunderKind.MALL, owner_id__in=whole_malls_in(actor.scope).values("pk"))
            | Q(owner_kind=FunderKind.TENANT, owner_id__in=tenants_in(actor.scope).values("pk"))
        )
    return list(accounts)


_FLOW = """
SELECT date_trunc('month', day)::date AS month,
    coalesce(sum(points) FILTER (
        WHERE kind IN ('accrue', 'adjust', 'reverse', 'recover', 'settle')), 0)::bigint,
    coalesce(-sum(points) FILTER (WHERE kind IN ('redeem', 'restore', 'unmerge')), 0)::bigint,
    coalesce(-sum(points) FILTER (WHERE kind IN ('expire', 'revive')), 0)::bigint,
    coalesce(sum(points) FILTER (WHERE kind <> 'owe'), 0)::bigint
FROM ledger_funderday WHERE funder_id = ANY(%s::uuid[]) GROUP BY 1 ORDER BY 1
"""


def sheet(actor: Actor) -> Sheet:
    """The liability of the funders that the actor sees. A fixed number of statements."""
    accounts = accounts_seen_by(actor)
    ids = [account.id for account in accounts]
    flow, outstanding = [], 0
    for month, issued, redeemed, expired, net in fetch_rows(_FLOW, [ids]):
        outstanding += net
        flow.append(MonthFlow(month, issued, redeemed, expired, outstanding))
    shown = flow[-MONTHS:]
    funders, by_end, counted_at = _sliced(accounts, ids)
    return Sheet(
        outstanding,
        sum(one.issued for one in shown),
        sum(one.redeemed for one in shown),
        sum(one.expired for one in shown),
        shown,
        funders,
        by_end,
        counted_at,
    )


def _sliced(
    accounts: Sequence[Account], ids: Sequence[UUID]
) -> tuple[list[FunderLiability], dict[dt.date | None, int], dt.datetime | None]:
    month = now().date().replace(day=1)
    found = {account.id: FunderLiability(account) for account in accounts}
    by_end: dict[dt.date | None, int] = {}
    slices = LiabilitySlice.objects.filter(funder_id__in=ids)
    for funder_id, earned, ends, points in slices.values_list(
        "funder_id", "earned_month", "expires_month", "points"
    ):
        one = found[funder_id]
        one.points += points
        one.by_age[age_of(earned, month)] += points
        by_end[ends] = by_end.get(ends, 0) + points
    counted_at = LiabilitySlice.objects.aggregate(at=Max("counted_at"))["at"]
    ordered = sorted(found.values(), key=lambda one: -one.points)
    return [one for one in ordered if one.points], by_end, counted_at


@dataclass(frozen=True, slots=True)
class RewardWorth:
    """A reward that is offered: what it gives for its points, and how often it was taken."""

    reward: Reward
    worth: Worth
    taken: int
    points: int


def rewards_by_worth(actor: Actor, point_cost_micro: int) -> list[RewardWorth]:
    """What is offered now, the dearest for the programme first; taken in the last 12 months at the
    desks that the actor sees."""
    since = now() - dt.timedelta(days=365)
    rows = Redemption.objects.filter(
        placed_at__gt=since,
        desk__mall__in=malls_in(actor.scope).values("pk"),
        status__in=[Status.CONFIRMED, Status.COLLECTED],
    )
    taken = {
        reward_id: (count, points)
        for reward_id, count, points in rows.values_list("reward")
        .annotate(count=Count("id"), spent=Sum("points"))
        .order_by()
    }
    found = [
        RewardWorth(
            row,
            worth_of(row.points, row.cost_minor, row.price_minor, point_cost_micro),
            *taken.get(row.pk, (0, 0)),
        )
        for row in offered_rewards()
    ]
    return sorted(found, key=lambda one: -one.worth.per_points_minor)
