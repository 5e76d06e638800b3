"""A desk with rewards, and members with points to spend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import Actor, system
from mallard.kernel.ids import uuid7
from mallard.value.checkout.tests.factories import TradingWorld, a_trading_world
from mallard.value.ledger import services as ledger
from mallard.value.ledger.models import FunderKind
from mallard.value.ledger.tests.factories import accrual, members
from mallard.value.rewards import services
from mallard.value.rewards.inputs import DeskInput, RedemptionInput, RewardInput
from mallard.value.rewards.models import Desk, Redemption, Reward, Stock

ACTOR = system("tests")


@dataclass(frozen=True)
class Counter:
    """The trading world with two desks in one mall, one in another."""

    trade: TradingWorld
    desk: Desk
    other_desk: Desk
    far_desk: Desk


def a_counter() -> Counter:
    trade = a_trading_world()
    place = trade.place
    lake, hill = place.lakeside.pk, place.hillside.pk
    desks = services.save_desks(
        [
            DeskInput(code="LAKE-D1", mall_id=lake, name_en="Lakeside desk", name_zh="湖畔服务台"),
            DeskInput(code="LAKE-D2", mall_id=lake, name_en="Garden desk"),
            DeskInput(code="HILL-D1", mall_id=hill, name_en="Hillside desk"),
        ],
        actor=ACTOR,
    )
    return Counter(trade, *desks)


def a_reward(counter: Counter, *, stock: int = 0, **more: Any) -> Reward:
    values: dict[str, Any] = {
        "code": f"R{uuid7().hex[-8:]}",
        "kind": "goods",
        "name_en": "Umbrella",
        "name_zh": "雨伞",
        "points": 100,
        "currency": "CNY",
        "cost_minor": 1_500,
        "funder_kind": FunderKind.MALL.value,
        "funder_id": counter.desk.mall_id,
    }
    reward = services.create_reward(RewardInput(**(values | more)), actor=ACTOR)
    if stock:
        receive(reward, counter.desk, stock)
    return reward


def receive(reward: Reward, desk: Desk, quantity: int) -> None:
    services.receive_stock(
        reward_id=reward.pk, desk_id=desk.pk, quantity=quantity, key=f"r:{uuid7()}", actor=ACTOR
    )


def rich_members(counter: Counter, count: int, points: int = 1_000, **changes: Any) -> list[UUID]:
    """New members with ``points`` each, from the mall."""
    funder = ledger.open_funder(FunderKind.MALL, counter.desk.mall_id)
    made = members(count)
    ledger.open_wallets(made, actor=ACTOR)
    ledger.post_accruals(
        [accrual(member, funder, points, **changes) for member in made], actor=ACTOR
    )
    return made


def give(counter: Counter, member: UUID, points: int) -> None:
    """Points of the mall's for a member who is there."""
    funder = ledger.open_funder(FunderKind.MALL, counter.desk.mall_id)
    ledger.open_wallets([member], actor=ACTOR)
    ledger.post_accruals([accrual(member, funder, points)], actor=ACTOR)


def wanted(member: UUID, reward: Reward, desk: Desk, **more: Any) -> RedemptionInput:
    values: dict[str, Any] = {"key": f"t:{uuid7()}", "quantity": 1}
    return RedemptionInput(
        member_id=member, reward_id=reward.pk, desk_id=desk.pk, **(values | more)
    )


def place(
    member: UUID, reward: Reward, desk: Desk, *, is_confirmed: bool = False,
    actor: Actor = ACTOR, **more: Any,
) -> Redemption:  # fmt: skip
    return services.place_redemption(
        wanted(member, reward, desk, **more), is_confirmed=is_confirmed, actor=actor
    )


def stock_of(reward: Reward, desk: Desk) -> tuple[int, int]:
    """What is there and what of it is promised."""
    row = Stock.objects.filter(reward=reward, desk=desk).first()
    return (row.on_hand, row.reserved) if row else (0, 0)
