"""Reads of rewards. Rewards are the whole group's; a desk and what happens there, its mall's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.clock import now
from mallard.value.rewards.errors import DeskUnknown, RedemptionUnknown, RewardUnknown
from mallard.value.rewards.models import (
    OPEN_STATUSES,
    Desk,
    Redemption,
    Reward,
    Status,
    Stock,
    StockMovement,
)
from mallard.value.rewards.rules import read_code
from mallard.world.malls.queries import whole_malls_in
from mallard.world.members.queries import records_of


def visible_desks(actor: Actor) -> QuerySet[Desk]:
    """The desks of the malls that the actor holds as a whole."""
    return Desk.objects.filter(mall__in=whole_malls_in(actor.scope)).select_related("mall")


def visible_desk(actor: Actor, desk_id: UUID) -> Desk:
    """Raises `DeskUnknown`."""
    desk = visible_desks(actor).filter(pk=desk_id).first()
    if desk is None:
        raise DeskUnknown()
    return desk


def any_desk(desk_id: UUID) -> Desk:
    """A desk of whichever mall, as members may go to. Raises `DeskUnknown`."""
    desk = Desk.objects.select_related("mall").filter(pk=desk_id).first()
    if desk is None:
        raise DeskUnknown()
    return desk


def reward_of(reward_id: UUID) -> Reward:
    """Raises `RewardUnknown`."""
    reward = Reward.objects.filter(pk=reward_id).first()
    if reward is None:
        raise RewardUnknown()
    return reward


def offered_rewards(at: dt.datetime | None = None) -> QuerySet[Reward]:
    """What can be taken at ``at`` (now), by points."""
    at = at or now()
    return Reward.objects.filter(
        Q(starts_at=None) | Q(starts_at__lte=at),
        Q(ends_at=None) | Q(ends_at__gt=at),
        closed_at=None,
    ).order_by("points", "code")


def with_stock(rewards: QuerySet[Reward], actor: Actor) -> QuerySet[Reward]:
    """Rewards with ``on_hand``, ``reserved`` and ``free`` at the desks that the actor sees."""
    here = Q(stocks__desk__mall__in=whole_malls_in(actor.scope).values("pk"))
    return rewards.annotate(
        on_hand=Coalesce(Sum("stocks__on_hand", filter=here), 0),
        reserved=Coalesce(Sum("stocks__reserved", filter=here), 0),
    ).annotate(free=F("on_hand") - F("reserved"))


def with_stocks_fetched(rewards: QuerySet[Reward], actor: Actor) -> QuerySet[Reward]:
    """Rewards with their ``stocks`` at the desks that the actor sees."""
    return rewards.prefetch_related(Prefetch("stocks", queryset=visible_stocks(actor)))


def visible_stocks(actor: Actor) -> QuerySet[Stock]:
    return Stock.objects.filter(desk__in=visible_desks(actor).values("pk")).select_related(
        "desk__mall"
    )


def visible_movements(actor: Actor) -> QuerySet[StockMovement]:
    return StockMovement.objects.filter(desk__in=visible_desks(actor).values("pk")).select_related(
        "reward", "desk__mall", "redemption"
    )


def visible_redemptions(actor: Actor) -> QuerySet[Redemption]:
    """The redemptions at the desks that the actor sees."""
    return Redemption.objects.filter(desk__in=visible_desks(actor).values("pk")).select_related(
        "reward", "desk__mall", "member"
    )


def visible_redemption(actor: Actor, redemption_id: UUID) -> Redemption:
    """Raises `RedemptionUnknown`."""
    row = visible_redemptions(actor).filter(pk=redemption_id).first()
    if row is None:
        raise RedemptionUnknown()
    return row


def own_redemptions(actor: Actor) -> QuerySet[Redemption]:
    """What the member who asks has redeemed, with all records that were merged into theirs."""
    if actor.kind is not ActorKind.MEMBER or actor.id is None:
        return Redemption.objects.none()
    records = records_of([actor.id]).get(actor.id, (actor.id,))
    return Redemption.objects.filter(member_id__in=records).select_related("reward", "desk__mall")


def own_redemption(actor: Actor, redemption_id: UUID) -> Redemption:
    """Raises `RedemptionUnknown`."""
    row = own_redemptions(actor).filter(pk=redemption_id).first()
    if row is None:
        raise RedemptionUnknown()
    return row


def redemption_by_code(actor: Actor, text: str) -> Redemption:
    """The redemption whose code somebody typed or scanned. Raises `RedemptionUnknown`."""
    code = read_code(text)
    row = visible_redemptions(actor).filter(code=code).first() if code else None
    if row is None:
        raise RedemptionUnknown()
    return row


def taken_by(member_ids: Collection[UUID], reward_id: UUID, *, since: dt.datetime | None) -> int:
    """How many of a reward these records took or are promised, cancelled ones left out."""
    rows = Redemption.objects.filter(
        member_id__in=member_ids,
        reward_id=reward_id,
        status__in=[*OPEN_STATUSES, Status.COLLECTED],
    )
    if since is not None:
        rows = rows.filter(placed_at__gt=since)
    return int(rows.aggregate(total=Coalesce(Sum("quantity"), 0))["total"])
