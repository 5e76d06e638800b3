"""A member redeems on their own page: what they may, what they may not, and what it leaves."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from mallard.kernel import clock
from mallard.kernel.errors import DomainError, Forbidden
from mallard.value.ledger.errors import InsufficientPoints
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.verification import verify
from mallard.value.rewards import services
from mallard.value.rewards.errors import (
    DeskClosed,
    HoldOver,
    LimitReached,
    NotFamily,
    NotHeld,
    OutOfStock,
    RedemptionUnknown,
)
from mallard.value.rewards.inputs import RedemptionInput
from mallard.value.rewards.models import Redemption, Reward, Status
from mallard.value.rewards.offering import Obstacle, Offered, offered_to
from mallard.value.rewards.queries import own_redemptions
from mallard.value.rewards.tests.factories import (
    ACTOR,
    Counter,
    a_counter,
    a_reward,
    receive,
    rich_members,
    stock_of,
    wanted,
)
from mallard.world.members.services import merge_members
from mallard.world.memberweb.actors import member_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return a_counter()


@pytest.fixture
def member(counter: Counter) -> UUID:
    [one] = rich_members(counter, 1)
    return one


def hold(member: UUID, reward: Reward, counter: Counter, **more: object) -> Redemption:
    given = wanted(member, reward, counter.desk, **more)
    return services.hold_own(given, actor=member_actor(member))


def offer(member: UUID, reward: Reward) -> Offered:
    [one] = [each for each in offered_to(member, [member]) if each.reward == reward]
    return one


def available(member: UUID) -> int:
    return wallet_of([member])[member].available


def test_held_confirmed_and_collected_at_the_desk(counter: Counter, member: UUID) -> None:
    reward = a_reward(counter, stock=2)
    row = hold(member, reward, counter)
    assert row.status == Status.HELD
    assert (available(member), stock_of(reward, counter.desk)) == (900, (2, 1))
    for _again in range(2):
        row = services.confirm_own(row.pk, actor=member_actor(member))
        assert row.status == Status.CONFIRMED
    services.collect_redemption(row.pk, actor=ACTOR)
    assert (available(member), stock_of(reward, counter.desk)) == (900, (1, 0))
    assert row.actor_kind == "member"
    assert verify().is_sound


def test_let_go_gives_points_and_goods_free_and_only_before_they_are_spent(
    counter: Counter, member: UUID
) -> None:
    reward, actor = a_reward(counter, stock=2), member_actor(member)
    first = hold(member, reward, counter)
    for _again in range(2):
        assert services.let_go_own(first.pk, actor=actor).status == Status.CANCELLED
    assert (available(member), stock_of(reward, counter.desk)) == (1_000, (2, 0))
    with pytest.raises(NotHeld):
        services.confirm_own(first.pk, actor=actor)
    second = hold(member, reward, counter)
    services.confirm_own(second.pk, actor=actor)
    with pytest.raises(NotHeld):
        services.let_go_own(second.pk, actor=actor)
    assert available(member) == 900
    assert verify().is_sound


def test_pressing_twice_takes_one(counter: Counter, member: UUID) -> None:
    reward = a_reward(counter, stock=5)
    first = hold(member, reward, counter, key="member:once")
    assert hold(member, reward, counter, key="member:once").pk == first.pk
    assert Redemption.objects.count() == 1


def test_nobody_takes_for_somebody_else(counter: Counter, member: UUID) -> None:
    reward = a_reward(counter, stock=5)
    [other] = rich_members(counter, 1)
    given = wanted(member, reward, counter.desk)
    for actor in (member_actor(other), ACTOR):
        with pytest.raises(Forbidden):
            services.hold_own(given, actor=actor)
    with pytest.raises(NotFamily):
        hold(member, reward, counter, payers=(other,))
    row = hold(member, reward, counter)
    for act in (services.confirm_own, services.let_go_own):
        with pytest.raises(RedemptionUnknown):
            act(row.pk, actor=member_actor(other))
        with pytest.raises(RedemptionUnknown):
            act(row.pk, actor=ACTOR)
    assert not own_redemptions(member_actor(other)).exists()
    assert not own_redemptions(ACTOR).exists()


def test_who_was_merged_keeps_what_they_held(counter: Counter, member: UUID) -> None:
    reward = a_reward(counter, stock=5)
    [survivor] = rich_members(counter, 1)
    row = hold(member, reward, counter)
    merge_members(survivor, merged_id=member, actor=ACTOR)
    assert services.confirm_own(row.pk, actor=member_actor(survivor)).status == Status.CONFIRMED


@pytest.mark.parametrize(
    ("changes", "obstacle", "refusal"),
    [
        ({"points": 1_001}, Obstacle.POINTS, InsufficientPoints),
        ({"stock": 0}, Obstacle.NONE_LEFT, OutOfStock),
        ({"member_limit": 1, "taken": 1}, Obstacle.LIMIT, LimitReached),
    ],
)
def test_the_list_says_what_the_services_refuse(
    counter: Counter,
    member: UUID,
    changes: dict[str, int],
    obstacle: Obstacle,
    refusal: type[DomainError],
) -> None:
    taken, stock = changes.pop("taken", 0), changes.pop("stock", 5)
    reward = a_reward(counter, stock=stock, **changes)
    for _time in range(taken):
        hold(member, reward, counter)
    assert offer(member, reward).obstacle is obstacle
    with pytest.raises(refusal):
        hold(member, reward, counter)


def test_only_desks_that_have_one_are_offered(counter: Counter, member: UUID) -> None:
    goods, service = a_reward(counter), a_reward(counter, kind="service", is_counted=False)
    receive(goods, counter.far_desk, 1)
    assert offer(member, goods).desks == (counter.far_desk,)
    assert len(offer(member, service).desks) == 3
    services.close_desk(counter.far_desk.pk, actor=ACTOR)
    assert offer(member, goods).obstacle is Obstacle.NONE_LEFT
    with pytest.raises(DeskClosed):
        services.hold_own(wanted(member, goods, counter.far_desk), actor=member_actor(member))


def test_what_is_over_is_over(counter: Counter, member: UUID) -> None:
    reward = a_reward(counter, stock=5, hold_minutes=10)
    row = hold(member, reward, counter)
    with clock.frozen(clock.now() + dt.timedelta(minutes=11)):
        with pytest.raises(HoldOver):
            services.confirm_own(row.pk, actor=member_actor(member))
        services.lapse_due(actor=ACTOR)
        assert services.let_go_own(row.pk, actor=member_actor(member)).status == Status.LAPSED
        assert available(member) == 1_000


def test_the_list_takes_as_many_statements_for_twenty_rewards_as_for_one(
    counter: Counter, member: UUID
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            offered_to(member, [member])
        return len(seen)

    a_reward(counter, stock=1, member_limit=1, least_tier="")
    offered_to(member, [member])
    one = statements()
    for _number in range(19):
        a_reward(counter, stock=1, member_limit=1)
    assert statements() == one


@pytest.mark.django_db(transaction=True)
def test_of_sixteen_phones_one_gets_the_last(counter: Counter) -> None:
    reward = a_reward(counter, stock=1)
    people = rich_members(counter, 16)

    def take(member: UUID) -> bool:
        try:
            given = RedemptionInput(
                key=f"member:{uuid4()}",
                member_id=member,
                reward_id=reward.pk,
                desk_id=counter.desk.pk,
            )
            row = services.hold_own(given, actor=member_actor(member))
            services.confirm_own(row.pk, actor=member_actor(member))
        except OutOfStock:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(take, people)) == 1
    assert sorted(available(one) for one in people) == [900, *[1_000] * 15]
    assert verify().is_sound
