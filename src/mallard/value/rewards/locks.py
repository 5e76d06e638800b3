"""Every row lock of rewards. Order: members (the ledger's), then redemptions, then stock by id."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mallard.value.rewards.errors import RedemptionUnknown
from mallard.value.rewards.models import Redemption, Stock


def lock_redemption(redemption_id: UUID) -> Redemption:
    """The redemption, locked until the transaction ends. Raises `RedemptionUnknown`."""
    row = (
        Redemption.objects.select_for_update(of=("self",))
        .select_related("reward", "desk__mall")
        .filter(pk=redemption_id)
        .first()
    )
    if row is None:
        raise RedemptionUnknown()
    return row


def lock_stocks(reward_id: UUID, desk_ids: Collection[UUID]) -> dict[UUID, Stock]:
    """A reward's stock at these desks, locked in the order of the desks' ids; made where there is
    none yet."""
    wanted = sorted(set(desk_ids))
    Stock.objects.bulk_create(
        [Stock(reward_id=reward_id, desk_id=desk_id) for desk_id in wanted], ignore_conflicts=True
    )
    rows = (
        Stock.objects.select_for_update()
        .filter(reward_id=reward_id, desk_id__in=wanted)
        .order_by("desk_id")
    )
    return {row.desk_id: row for row in rows}
