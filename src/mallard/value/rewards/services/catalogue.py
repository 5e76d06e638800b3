"""Writes of rewards and desks: few named rows, each change audited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mallard.kernel import audited_rows
from mallard.kernel.access.actor import Actor
from mallard.kernel.audited_rows import Table
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.ledger.models import FunderKind
from mallard.value.loyalty.models import Tier
from mallard.value.loyalty.services import require_whole_group
from mallard.value.rewards.errors import DeskUnknown, RewardInvalid
from mallard.value.rewards.inputs import DeskInput, RewardInput
from mallard.value.rewards.kinds import kind_of
from mallard.value.rewards.models import OPEN_STATUSES, Desk, Redemption, Reward
from mallard.value.rewards.permissions import EDIT_REWARD
from mallard.world.malls.models import Brand, Mall, Tenant
from mallard.world.malls.queries import covers_mall

DESKS = Table(Desk, "desk")
REWARDS = Table(Reward, "reward")

_FUNDERS: dict[str, Any] = {
    FunderKind.MALL: Mall,
    FunderKind.TENANT: Tenant,
    FunderKind.BRAND: Brand,
}


@atomic_retrying
def create_desk(desk: DeskInput, *, actor: Actor) -> Desk:
    """Open a desk in a mall that the actor holds. Raises `DeskUnknown`, `CodeTaken`, `Invalid`."""
    _may_edit_desks(actor, desk.mall_id)
    return audited_rows.create(DESKS, desk, actor=actor)


@atomic_retrying
def update_desk(desk_id: UUID, desk: DeskInput, *, actor: Actor) -> Desk:
    """Rename a desk; its mall stays, because its stock lies there."""
    row = _desk(desk_id, actor)
    if row.mall_id != desk.mall_id:
        raise RewardInvalid(fields={"mall_id": _("A desk stays in its mall.")})
    return audited_rows.update(DESKS, desk_id, desk, actor=actor)


@atomic_retrying
def close_desk(desk_id: UUID, *, actor: Actor) -> Desk:
    """No new redemptions there; what waits can still be collected."""
    row = _desk(desk_id, actor)
    values = {"closed_at": row.closed_at or now()}
    return audited_rows.change(DESKS, desk_id, values, actor=actor)


@atomic_retrying
def reopen_desk(desk_id: UUID, *, actor: Actor) -> Desk:
    _desk(desk_id, actor)
    return audited_rows.change(DESKS, desk_id, {"closed_at": None}, actor=actor)


@atomic_retrying
def save_desks(desks: Sequence[DeskInput], *, actor: Actor) -> list[Desk]:
    """Create or change desks by code, all or none."""
    for mall_id in {desk.mall_id for desk in desks}:
        _may_edit_desks(actor, mall_id)
    return audited_rows.save(DESKS, desks, actor=actor)


@atomic_retrying
def create_reward(reward: RewardInput, *, actor: Actor) -> Reward:
    """Offer a reward in the whole group. Raises `RewardInvalid`, `CodeTaken`, `Invalid`."""
    _check([reward], actor)
    return audited_rows.create(REWARDS, reward, actor=actor)


@atomic_retrying
def update_reward(reward_id: UUID, reward: RewardInput, *, actor: Actor) -> Reward:
    """Change a reward; redemptions keep the price and cost of their time.

    What is counted, and of what kind it is, cannot change while redemptions are open.
    """
    _check([reward], actor)
    row = audited_rows.lock(REWARDS, reward_id)
    is_other = (row.kind, row.is_counted) != (reward.kind, reward.is_counted)
    if is_other and Redemption.objects.filter(reward=row, status__in=OPEN_STATUSES).exists():
        raise RewardInvalid(
            fields={"kind": _("Redemptions are open: end them before you change the kind.")}
        )
    return audited_rows.update(REWARDS, reward_id, reward, actor=actor)


@atomic_retrying
def save_rewards(rewards: Sequence[RewardInput], *, actor: Actor) -> list[Reward]:
    """Create or change rewards by code, all or none."""
    _check(rewards, actor)
    return audited_rows.save(REWARDS, rewards, actor=actor)


@atomic_retrying
def close_reward(reward_id: UUID, *, actor: Actor) -> Reward:
    """Offer it no more; what members were promised stays promised."""
    _check([], actor)
    row = audited_rows.lock(REWARDS, reward_id)
    values = {"closed_at": row.closed_at or now()}
    return audited_rows.change(REWARDS, reward_id, values, actor=actor)


@atomic_retrying
def reopen_reward(reward_id: UUID, *, actor: Actor) -> Reward:
    _check([], actor)
    return audited_rows.change(REWARDS, reward_id, {"closed_at": None}, actor=actor)


def _desk(desk_id: UUID, actor: Actor) -> Desk:
    row = Desk.objects.filter(pk=desk_id).first()
    if row is None:
        raise DeskUnknown()
    _may_edit_desks(actor, row.mall_id)
    return row


def _may_edit_desks(actor: Actor, mall_id: UUID) -> None:
    actor.require(EDIT_REWARD)
    if not covers_mall(actor.scope, mall_id):
        raise DeskUnknown()


def _check(rewards: Sequence[RewardInput], actor: Actor) -> None:
    """Rewards are the same in every mall: the group's staff change them. Raises `RewardInvalid`
    with every field at fault of the first bad one."""
    actor.require(EDIT_REWARD)
    require_whole_group(actor)
    tiers = set(Tier.objects.values_list("code", flat=True)) if rewards else set()
    for reward in rewards:
        problems = _problems(reward, tiers)
        if problems:
            raise RewardInvalid(fields=problems)


def _problems(reward: RewardInput, tiers: set[str]) -> dict[str, str | Promise]:
    wrong: dict[str, str | Promise] = {}
    kind = kind_of(reward.kind)
    if kind is None:
        wrong["kind"] = _("There is no such kind of reward.")
    elif kind.is_always_counted and not reward.is_counted:
        wrong["is_counted"] = _("Goods are always counted.")
    if reward.points <= 0:
        wrong["points"] = _("A reward costs points: at least 1.")
    if reward.least_tier and reward.least_tier not in tiers:
        wrong["least_tier"] = _("There is no such tier.")
    if reward.limit_days is not None and reward.member_limit is None:
        wrong["member_limit"] = _("Say how many within these days.")
    if reward.member_limit == 0:
        wrong["member_limit"] = _("At least 1, or empty for no limit.")
    if reward.starts_at and reward.ends_at and reward.ends_at <= reward.starts_at:
        wrong["ends_at"] = _("The end comes after the beginning.")
    if reward.hold_minutes <= 0:
        wrong["hold_minutes"] = _("At least 1.")
    if reward.collect_days <= 0:
        wrong["collect_days"] = _("At least 1.")
    owners = _FUNDERS.get(FunderKind(reward.funder_kind))
    if owners is None or not owners.objects.filter(pk=reward.funder_id).exists():
        wrong["funder_id"] = _("We could not find who pays for it.")
    return wrong
