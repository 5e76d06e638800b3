"""Points for bringing a friend: after the friend's first valid purchase, taken back with it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.events import Envelope
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
    line,
)
from mallard.value.ledger.models import Wallet
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.listening import reward_referrals
from mallard.value.loyalty.models import ReferralReward
from mallard.value.loyalty.rules import Kind, Scope, Terms, TermsInvalid
from mallard.value.loyalty.services import EarningRuleInput, set_earning_rule, settle_referrals
from mallard.value.sales.events import ReceiptRecorded
from mallard.value.sales.models import Source
from mallard.world.members.models import Member
from mallard.world.members.services import end_referral, merge_members, refer_member

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
PHONES = ("13812345670", "13812345671", "13812345672", "13812345673")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + HOUR)
    return a_trading_world()


def a_rule(points: int = 500, *caps: tuple[Scope, int]) -> None:
    terms = Terms(kind=Kind.REFERRAL, caps=caps)
    given = EarningRuleInput("friend", "Friend", "好友", points, 1, 0, LONG_AGO, terms=terms)
    set_earning_rule(given, actor=TILL)


def people(world: TradingWorld, count: int = 2) -> list[UUID]:
    """A referrer, and friends who joined yesterday and were brought by them."""
    joined = NOON - dt.timedelta(days=1)
    ids = [a_member(phone, store=world.bakery, joined_at=joined) for phone in PHONES[:count]]
    number = Member.objects.get(pk=ids[0]).number
    for friend in ids[1:]:
        refer_member(friend, number, source="desk", actor=TILL)
    return ids


def balance(member_id: UUID) -> int:
    return sum(Wallet.objects.filter(member_id=member_id).values_list("balance", flat=True))


def buy(world: TradingWorld, number: str, phone: str, **more) -> None:
    record_receipts(
        [a_receipt(world.bakery, number, phone=phone, **more)], actor=TILL, source=Source.POS
    )


def bring_back(world: TradingWorld, number: str) -> None:
    record_returns(
        [a_return(world.bakery, f"R{number}", number, at=NOON + HOUR)],
        actor=TILL,
        source=Source.POS,
    )


def test_nothing_for_naming_and_points_after_the_first_purchase(world: TradingWorld) -> None:
    a_rule()
    referrer, friend = people(world)
    assert settle_referrals([friend], actor=TILL) == 0
    assert balance(referrer) == 0
    buy(world, "1", PHONES[1])
    payload = {"member_id": str(friend)}
    told = Envelope(uuid7(), ReceiptRecorded.name, uuid7(), payload, NOON, "system", None, "")
    reward_referrals([told])
    reward_referrals([told])
    assert balance(referrer) == 500
    buy(world, "2", PHONES[1])
    assert settle_referrals([friend], actor=TILL) == 0
    assert balance(referrer) == 500
    assert verify().is_sound


def test_what_earns_nothing_is_no_valid_purchase(world: TradingWorld) -> None:
    a_rule()
    referrer, friend = people(world)
    buy(world, "1", PHONES[1], lines=(line(10_000, sku="CIG-1"),))
    buy(world, "2", PHONES[1], amount_minor=50)
    settle_referrals([friend], actor=TILL)
    assert balance(referrer) == 0
    assert not ReferralReward.objects.exists()


def test_a_returned_purchase_takes_the_points_back_and_the_next_one_gives_them(
    world: TradingWorld,
) -> None:
    a_rule()
    referrer, friend = people(world)
    buy(world, "1", PHONES[1])
    settle_referrals([friend], actor=TILL)
    bring_back(world, "1")
    settle_referrals([friend], actor=TILL)
    assert balance(referrer) == 0
    assert verify().is_sound
    buy(world, "2", PHONES[1], at=NOON + HOUR)
    settle_referrals([friend], actor=TILL)
    assert balance(referrer) == 500
    assert [row.points for row in ReferralReward.objects.order_by("revision")] == [500, 0, 500]
    assert verify().is_sound


def test_limits_hold_over_all_friends(world: TradingWorld) -> None:
    a_rule(500, (Scope.YEAR, 800), (Scope.MEMBER, 900))
    referrer, *friends = people(world, 4)
    for index, friend in enumerate(friends, start=1):
        buy(world, str(index), PHONES[index])
        settle_referrals([friend], actor=TILL)
    assert balance(referrer) == 800
    assert verify().is_sound


def test_a_referral_that_was_none_gives_nothing(world: TradingWorld) -> None:
    a_rule()
    referrer, friend = people(world)
    buy(world, "1", PHONES[1])
    settle_referrals([friend], actor=TILL)
    end_referral(friend, actor=TILL)
    settle_referrals([friend], actor=TILL)
    assert balance(referrer) == 0
    assert verify().is_sound


def test_two_who_turn_out_to_be_one_person_brought_nobody(world: TradingWorld) -> None:
    a_rule()
    referrer, friend = people(world)
    buy(world, "1", PHONES[1])
    settle_referrals([friend], actor=TILL)
    merge_members(referrer, merged_id=friend, actor=TILL)
    settle_referrals([friend, referrer], actor=TILL)
    assert balance(referrer) == 0
    assert verify().is_sound


def test_without_a_rule_nothing_happens(world: TradingWorld) -> None:
    referrer, friend = people(world)
    buy(world, "1", PHONES[1])
    assert settle_referrals([friend], actor=TILL) == 0
    assert balance(referrer) == 0


@pytest.mark.parametrize(
    "more", [{"caps": ((Scope.DAY, 5),)}, {"tiers": ("silver",)}, {"total_cap": 5}]
)
def test_a_rule_for_friends_knows_no_other_terms(more: dict) -> None:
    with pytest.raises(TermsInvalid):
        Terms(kind=Kind.REFERRAL, **more)
