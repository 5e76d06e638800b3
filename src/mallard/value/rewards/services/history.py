"""Redemptions from before Mallard: another system's, or the demo's year. By the thousand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.value.ledger import services as ledger
from mallard.value.ledger.fingerprints import fingerprint
from mallard.value.ledger.locks import lock_records
from mallard.value.ledger.rules import check_batch
from mallard.value.loyalty.services import require_whole_group
from mallard.value.rewards.errors import DeskUnknown, OutOfStock, RewardUnknown
from mallard.value.rewards.inputs import PastRedemption
from mallard.value.rewards.locks import lock_stocks
from mallard.value.rewards.models import (
    Desk,
    MovementKind,
    Redemption,
    Reward,
    Status,
    Stock,
    StockMovement,
)
from mallard.value.rewards.permissions import REDEEM_REWARD
from mallard.value.rewards.rules import new_code
from mallard.value.rewards.services.redeeming import REASON, SOURCE_KIND, accounts_of_malls

_Where = tuple[UUID, UUID]


@atomic_retrying
def record_past_redemptions(past: Sequence[PastRedemption], *, actor: Actor) -> list[UUID]:
    """Spend the points and take the goods of redemptions that are over; returns their new ids.

    At most 5,000, all or none; those whose key is known are left out. No limit, tier or window
    applies: it has happened. Raises the ledger's `InsufficientPoints`, `OutOfStock`.
    """
    actor.require(REDEEM_REWARD)
    require_whole_group(actor)
    check_batch(len(past))
    keys = [one.key for one in past]
    known = set(Redemption.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = [one for one in past if one.key not in known]
    if not fresh:
        return []
    rewards = Reward.objects.in_bulk({one.reward_id for one in fresh})
    desks = Desk.objects.in_bulk({one.desk_id for one in fresh})
    _check_known(fresh, rewards, desks)
    accounts = accounts_of_malls({desk.mall_id for desk in desks.values()})
    lock_records({one.member_id for one in fresh})
    rows = [_row(one, rewards[one.reward_id], actor) for one in fresh]
    ledger.redeem([_spent(row, accounts[desks[row.desk_id].mall_id]) for row in rows], actor=actor)
    Redemption.objects.bulk_create(rows)
    _hand_out(rows, desks, actor)
    ids = [row.id for row in rows]
    audit.record(
        actor, "rewards.history_recorded", "redemption", None, after={"recorded": len(ids)}, ids=ids
    )
    return ids


def _check_known(
    past: Sequence[PastRedemption], rewards: dict[UUID, Reward], desks: dict[UUID, Desk]
) -> None:
    if any(one.reward_id not in rewards for one in past):
        raise RewardUnknown()
    if any(one.desk_id not in desks for one in past):
        raise DeskUnknown()


def _row(one: PastRedemption, reward: Reward, actor: Actor) -> Redemption:
    id_ = uuid7()
    return Redemption(
        id=id_,
        code=new_code(),
        key=one.key,
        fingerprint=fingerprint("past", one.member_id, one.reward_id, one.desk_id, one.quantity),
        member_id=one.member_id,
        reward_id=one.reward_id,
        desk_id=one.desk_id,
        quantity=one.quantity,
        points=reward.points * one.quantity,
        price_minor=reward.price_minor * one.quantity,
        cost_minor=reward.cost_minor * one.quantity,
        currency=reward.currency,
        funder_kind=reward.funder_kind,
        funder_id=reward.funder_id,
        is_counted=reward.is_counted,
        status=Status.COLLECTED,
        points_key=f"reward:{id_}",
        placed_at=one.placed_at,
        deadline_at=max(one.collected_at, one.placed_at) + (one.collected_at.resolution),
        confirmed_at=one.placed_at,
        collect_by=one.collected_at,
        collected_at=one.collected_at,
        origin=one.origin,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )


def _spent(row: Redemption, account_id: UUID) -> ledger.Redemption:
    return ledger.Redemption(
        key=row.points_key,
        member_id=row.member_id,
        redemption_account_id=account_id,
        points=row.points,
        source_kind=SOURCE_KIND,
        source_id=row.id,
        reason=REASON,
        occurred_at=row.placed_at,
        recorded_at=row.placed_at,
        group_id=row.id,
    )


def _hand_out(rows: Sequence[Redemption], desks: dict[UUID, Desk], actor: Actor) -> None:
    counted = [row for row in rows if row.is_counted]
    counted.sort(key=lambda row: row.collected_at or row.placed_at)
    stocks: dict[_Where, Stock] = {}
    for reward_id in sorted({row.reward_id for row in counted}):
        here = {row.desk_id for row in counted if row.reward_id == reward_id}
        locked = lock_stocks(reward_id, here)
        stocks |= {(reward_id, desk_id): stock for desk_id, stock in locked.items()}
    movements = []
    for row in counted:
        stock = stocks[row.reward_id, row.desk_id]
        if row.quantity > stock.free:
            desk = desks[row.desk_id].name
            raise OutOfStock(free=stock.free, desk=desk, asked=row.quantity)
        stock.on_hand -= row.quantity
        movements.append(
            StockMovement(
                key=f"hand_out:{row.id}",
                group_id=row.id,
                reward_id=row.reward_id,
                desk_id=row.desk_id,
                kind=MovementKind.HAND_OUT,
                quantity=-row.quantity,
                on_hand_after=stock.on_hand,
                redemption_id=row.id,
                recorded_at=row.collected_at or row.placed_at,
                actor_kind=actor.kind.value,
                actor_id=actor.id,
                actor_label=actor.label[:200],
            )
        )
    StockMovement.objects.bulk_create(movements)
    for (reward_id, desk_id), stock in stocks.items():
        Stock.objects.filter(reward_id=reward_id, desk_id=desk_id).update(on_hand=stock.on_hand)
