"""What members' points bought during the year: desks, rewards, stock, and who took what.

All of it is generated. Points are spent by the ledger's own rules at the moment of each redemption,
so nobody spends what they did not have then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mallard.demo.calendar import FIRST_DAY, ZONE
from mallard.demo.draws import SEED, Draws
from mallard.demo.place import CURRENCY, MALLS
from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.provenance import Origin
from mallard.value.ledger.lots import lots_to_spend
from mallard.value.ledger.models import FunderKind, Wallet
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.rules import OpenLot, plan_spending
from mallard.value.rewards import services
from mallard.value.rewards.inputs import DeskInput, PastRedemption, RedemptionInput, RewardInput
from mallard.value.rewards.models import Desk, Reward
from mallard.world.malls.models import Mall, Store
from mallard.world.members.models import Member

YEAR_DAYS = 364
FIRST_REDEMPTION_DAY = 45
LEAST_BALANCE = 1_500
TAKES_PART_PERCENT = 55
MOST_A_MEMBER = 4
SPARE = 25
"""How many of a reward are still at a desk when the year is over, at least."""


@dataclass(frozen=True, slots=True)
class Gift:
    """A reward of the demo: what it is, its price in points, its cost in cents, how often taken."""

    code: str
    kind: str
    name_en: str
    name_zh: str
    points: int
    cost_minor: int
    weight: int
    price_minor: int = 0
    tier: str = ""
    limit: int | None = None


GIFTS = (
    Gift("COFFEE", "service", "A coffee", "咖啡一杯", 400, 190, 20),
    Gift("TREE", "donation", "A tree by the lake", "湖畔植树一棵", 500, 250, 6),
    Gift("TOTE", "goods", "Canvas bag", "帆布袋", 900, 410, 16),
    Gift("MUG", "goods", "Mallard mug", "绿头鸭马克杯", 1_200, 560, 14),
    Gift("UMBRELLA", "goods", "Folding umbrella", "折叠伞", 1_500, 740, 13),
    Gift("WORKSHOP", "event", "Flower workshop", "花艺课名额", 1_000, 480, 6),
    Gift("CAKE", "goods", "Birthday cake", "生日蛋糕", 1_600, 1_350, 5, price_minor=500),
    Gift("THERMOS", "goods", "Thermos flask", "保温杯", 2_000, 1_820, 9),
    Gift("CINEMA", "service", "Two cinema tickets", "电影票两张", 2_800, 1_500, 9),
    Gift("POWERBANK", "goods", "Power bank", "充电宝", 4_000, 1_950, 5, limit=2),
    Gift("LUNCH", "service", "Lunch for two", "双人午餐", 4_200, 2_100, 4, tier="silver"),
    Gift("SPA", "service", "Afternoon at the spa", "水疗半日", 7_500, 3_900, 3, tier="gold"),
)
_NOT_COUNTED = {"service", "donation"}


def plant(*, weeks: int, actor: Actor) -> None:
    """Record all of it once: again changes nothing."""
    if not Desk.objects.exists():
        _plant(weeks=weeks, actor=actor)


@atomic_retrying
def _plant(*, weeks: int, actor: Actor) -> None:
    desks = _desks(actor)
    gifts = _gifts(actor)
    past = list(redemptions_of(desks, gifts, weeks=weeks))
    _stock(past, desks, gifts, weeks=weeks, actor=actor)
    services.record_past_redemptions(past, actor=actor)
    _leave_waiting(past, actor)


def _desks(actor: Actor) -> list[Desk]:
    malls = {mall.code: mall for mall in Mall.objects.all()}
    wanted = [
        DeskInput(
            code=f"{place.code}-DESK",
            mall_id=malls[place.code].pk,
            name_en="Guest services",
            name_zh="宾客服务台",
            origin=Origin.GENERATED,
        )
        for place in MALLS
    ]
    return services.save_desks(wanted, actor=actor)


def _gifts(actor: Actor) -> list[tuple[Gift, Reward]]:
    flagship = Mall.objects.get(code=MALLS[0].code)
    cafe = Store.objects.get(code="ES-COF").tenant_id
    wanted = [
        RewardInput(
            code=gift.code,
            kind=gift.kind,
            name_en=gift.name_en,
            name_zh=gift.name_zh,
            points=gift.points,
            price_minor=gift.price_minor,
            cost_minor=gift.cost_minor,
            currency=CURRENCY,
            funder_kind=FunderKind.TENANT if gift.code == "COFFEE" else FunderKind.MALL,
            funder_id=cafe if gift.code == "COFFEE" else flagship.pk,
            is_counted=gift.kind not in _NOT_COUNTED,
            least_tier=gift.tier,
            member_limit=gift.limit,
            limit_days=365 if gift.limit else None,
            keeps_uncollected=gift.kind == "event",
            origin=Origin.GENERATED,
        )
        for gift in GIFTS
    ]
    return list(zip(GIFTS, services.save_rewards(wanted, actor=actor), strict=True))


def redemptions_of(
    desks: Sequence[Desk], gifts: Sequence[tuple[Gift, Reward]], *, weeks: int
) -> Iterator[PastRedemption]:
    """Who took what and when: the same in every load of the same year.

    Members are told apart by their place in the order of their numbers: the numbers themselves
    come from a sequence, which a load that was undone has moved on.
    """
    places = {id_: n for n, id_ in enumerate(_members_in_order())}
    wallets = Wallet.objects.filter(balance__gte=LEAST_BALANCE)
    takers = {
        member_id: places[member_id]
        for member_id in sorted(wallets.values_list("member_id", flat=True), key=places.__getitem__)
        if Draws(SEED, "takes", places[member_id]).chance(TAKES_PART_PERCENT)
    }
    lots: dict[UUID, list[OpenLot]] = {member_id: [] for member_id in takers}
    for state in lots_to_spend(takers):
        lots[state.member_id].append(OpenLot.of(state))
    for member_id, place in takers.items():
        yield from _of_member(member_id, place, lots[member_id], desks, gifts, weeks=weeks)


def _members_in_order() -> list[UUID]:
    return list(Member.objects.order_by("number").values_list("pk", flat=True))


def _of_member(
    member_id: UUID,
    place: int,
    lots: list[OpenLot],
    desks: Sequence[Desk],
    gifts: Sequence[tuple[Gift, Reward]],
    *,
    weeks: int,
) -> Iterator[PastRedemption]:
    draws = Draws(SEED, "redeems", place)
    desk = draws.pick(desks)
    days = sorted(
        draws.between(FIRST_REDEMPTION_DAY, YEAR_DAYS - 1)
        for _n in range(draws.between(1, MOST_A_MEMBER))
    )
    for count, day in enumerate(days):
        at = _moment(weeks, day, minute=draws.between(10 * 60, 20 * 60))
        has = sum(lot.free for lot in lots if lot.state.is_spendable_at(at))
        within = [(pair, pair[0].weight) for pair in gifts if pair[0].points <= has]
        if not within:
            continue
        gift, reward = draws.weighted(within)
        plan_spending(gift.points, [lots], at=at)
        yield PastRedemption(
            key=f"demo:reward:{place}:{count}",
            member_id=member_id,
            reward_id=reward.pk,
            desk_id=desk.pk,
            quantity=1,
            placed_at=at,
            collected_at=at + timedelta(minutes=draws.between(1, 9)),
            origin=Origin.GENERATED,
        )


def _moment(weeks: int, day: int, *, minute: int) -> datetime:
    date = FIRST_DAY + timedelta(weeks=weeks, days=day)
    return datetime(date.year, date.month, date.day, tzinfo=ZONE) + timedelta(minutes=minute)


def _stock(
    past: Sequence[PastRedemption],
    desks: Sequence[Desk],
    gifts: Sequence[tuple[Gift, Reward]],
    *,
    weeks: int,
    actor: Actor,
) -> None:
    """A delivery at the beginning of the year, so much that some is left."""
    taken: dict[tuple[UUID, UUID], int] = {}
    for one in past:
        where = one.reward_id, one.desk_id
        taken[where] = taken.get(where, 0) + 1
    draws = Draws(SEED, "deliveries")
    with clock.frozen(_moment(weeks, 0, minute=8 * 60)):
        for _gift, reward in gifts:
            for desk in desks if reward.is_counted else ():
                services.receive_stock(
                    reward_id=reward.pk,
                    desk_id=desk.pk,
                    quantity=taken.get((reward.pk, desk.pk), 0) + SPARE + draws.below(40),
                    key=f"demo:delivery:{reward.code}:{desk.code}",
                    reason="first delivery",
                    actor=actor,
                )


def _leave_waiting(past: Sequence[PastRedemption], actor: Actor) -> None:
    """A few redemptions that wait to be collected when the demo is opened: one at each desk."""
    mug = Reward.objects.get(code="MUG")
    latest = sorted(past, key=lambda one: one.placed_at, reverse=True)
    wallets = wallet_of({one.member_id for one in latest})
    waiting: dict[UUID, PastRedemption] = {}
    for one in latest:
        if wallets[one.member_id].available >= mug.points:
            waiting.setdefault(one.desk_id, one)
    for desk_id, one in waiting.items():
        services.place_redemption(
            RedemptionInput(
                key=f"{one.key}:waiting",
                member_id=one.member_id,
                reward_id=mug.pk,
                desk_id=desk_id,
                origin=Origin.GENERATED,
            ),
            is_confirmed=True,
            actor=actor,
        )
