"""Friends named, and their first purchases made, at the same moment; each on its own connection."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from mallard.kernel.clock import now
from mallard.kernel.database import transactions
from mallard.kernel.errors import DomainError
from mallard.value.checkout.tests.factories import (
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
)
from mallard.value.checkout.tests.test_races import (
    assert_everything_agrees,
    at_once,
    bring_back,
    earlier,
    sell,
)
from mallard.value.checkout.tests.test_referrals import PHONES, a_rule, balance
from mallard.value.loyalty.models import ReferralReward
from mallard.value.loyalty.rules import Scope
from mallard.value.loyalty.services import settle_referrals
from mallard.world.members.models import Member, Relation
from mallard.world.members.services import refer_member

pytestmark = pytest.mark.django_db(transaction=True)

JOINED_DAYS_AGO = dt.timedelta(days=2)


@pytest.fixture
def world() -> TradingWorld:
    return a_trading_world()


def people(world: TradingWorld, count: int) -> list[UUID]:
    joined = now() - JOINED_DAYS_AGO
    return [a_member(phone, store=world.bakery, joined_at=joined) for phone in PHONES[:count]]


def name(friend: UUID, referrer: UUID) -> str:
    """What came of a friend's naming who brought them."""
    try:
        refer_member(friend, Member.objects.get(pk=referrer).number, source="desk", actor=TILL)
    except DomainError as error:
        return error.code
    return "believed"


def told(said: Callable[[], Any], friend: UUID) -> Callable[[], int]:
    """A till that says something, and the worker that hears of it then."""

    def both() -> int:
        said()
        return settle_referrals([friend], actor=TILL)

    return both


@pytest.mark.parametrize("each", [1, 4])
def test_a_friend_named_by_two_at_once_was_brought_by_one(world: TradingWorld, each: int) -> None:
    a_rule()
    one, other, friend = people(world, 3)
    calls = [lambda who=who: name(friend, who) for who in (one, other)] * each

    answers = at_once(calls)

    assert Counter(answers) == {"believed": each, "members.referral_refused": each}
    relation = Relation.objects.get()
    assert relation.to_member_id == friend
    assert {answers[i] for i in range(relation.from_member_id == other, 2 * each, 2)} == {
        "believed"
    }
    sell(a_receipt(world.bakery, "R1", phone=PHONES[2], at=earlier()))
    assert settle_referrals([friend], actor=TILL) == 1
    assert balance(relation.from_member_id) == 500
    assert balance(one) + balance(other) == 500
    assert_everything_agrees()


def test_two_who_name_each_other_at_once_are_not_both_believed(
    world: TradingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They wait for each other; a deadlock, after which one would begin anew, takes a second."""
    begun_anew: list[float] = []
    monkeypatch.setattr(transactions, "_sleep", begun_anew.append)
    a_rule()
    one, other = people(world, 2)

    answers = at_once([lambda: name(one, other), lambda: name(other, one)] * 3)

    assert begun_anew == []
    assert Counter(answers) == {"believed": 3, "members.referral_refused": 3}
    relation = Relation.objects.get()
    for index, phone in enumerate(PHONES[:2]):
        sell(a_receipt(world.bakery, f"R{index}", phone=phone, at=earlier()))
    settle_referrals([one, other], actor=TILL)
    assert balance(relation.from_member_id) == 600
    assert balance(relation.to_member_id) == 100
    assert_everything_agrees()


def test_no_circle_of_three_closes_when_all_three_name_at_once(world: TradingWorld) -> None:
    one, two, three = people(world, 3)
    ring = ((one, two), (two, three), (three, one))

    answers = at_once([lambda pair=pair: name(*pair) for pair in ring])

    assert Counter(answers) == {"believed": 2, "members.referral_refused": 1}
    assert Relation.objects.count() == 2


@pytest.mark.parametrize("tills", [2, 8])
def test_first_purchases_from_many_tills_at_once_are_rewarded_once(
    world: TradingWorld, tills: int
) -> None:
    a_rule()
    referrer, friend = people(world, 2)
    name(friend, referrer)
    receipts = [
        a_receipt(world.bakery, f"R{n}", phone=PHONES[1], at=earlier()) for n in range(tills)
    ]

    changed = at_once([told(lambda r=r: sell(r), friend) for r in receipts])

    assert sum(changed) == 1
    assert ReferralReward.objects.count() == 1
    assert (balance(referrer), balance(friend)) == (500, tills * 100)
    assert settle_referrals([friend], actor=TILL) == 0
    assert_everything_agrees()


def test_a_purchase_and_its_return_at_once_leave_no_reward(world: TradingWorld) -> None:
    a_rule()
    referrer, *friends = people(world, 4)
    calls: list[Callable[[], int]] = []
    for n, friend in enumerate(friends):
        name(friend, referrer)
        sale = a_receipt(world.bakery, f"R{n}", phone=PHONES[n + 1], at=earlier())
        back = a_return(world.bakery, f"B{n}", f"R{n}", at=earlier(1))
        calls += [told(lambda s=sale: sell(s), friend), told(lambda b=back: bring_back(b), friend)]

    at_once(calls)

    assert balance(referrer) == 0
    for friend in friends:
        rewards = ReferralReward.objects.filter(referral__to_member=friend).order_by("revision")
        assert [row.points for row in rewards] in ([], [500, 0])
        assert balance(friend) == 0
    assert settle_referrals(friends, actor=TILL) == 0
    assert_everything_agrees()


def test_a_return_of_one_purchase_while_the_next_is_made_leaves_one_reward(
    world: TradingWorld,
) -> None:
    a_rule()
    referrer, friend = people(world, 2)
    name(friend, referrer)
    sell(a_receipt(world.bakery, "R1", phone=PHONES[1], at=earlier(3)))
    settle_referrals([friend], actor=TILL)
    back = a_return(world.bakery, "B1", "R1", at=earlier(2))
    following = a_receipt(world.bakery, "R2", phone=PHONES[1], at=earlier())

    at_once([told(lambda: bring_back(back), friend), told(lambda: sell(following), friend)])

    assert balance(referrer) == 500
    assert settle_referrals([friend], actor=TILL) == 0
    assert_everything_agrees()


def test_a_limit_over_friends_holds_when_all_buy_at_once(world: TradingWorld) -> None:
    a_rule(500, (Scope.MEMBER, 800))
    referrer, *friends = people(world, 4)
    for friend in friends:
        name(friend, referrer)
    receipts = [
        a_receipt(world.bakery, f"R{n}", phone=PHONES[n + 1], at=earlier()) for n in range(3)
    ]

    at_once(
        [told(lambda r=r: sell(r), friend) for r, friend in zip(receipts, friends, strict=True)]
    )

    assert balance(referrer) == 800
    assert_everything_agrees()
