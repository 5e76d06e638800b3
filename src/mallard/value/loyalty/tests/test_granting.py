"""Welcome points and points for a completed profile."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.events import Envelope
from mallard.value.checkout.tests.factories import (
    JOINED,
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_trading_world,
)
from mallard.value.ledger.models import Wallet
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.listening import grant
from mallard.value.loyalty.models import Grant
from mallard.value.loyalty.rules import Kind, Terms
from mallard.value.loyalty.services import (
    EarningRuleInput,
    grant_for_joining,
    grant_for_profiles,
    set_earning_rule,
)
from mallard.world.members.events import MemberChanged, MemberEnrolled
from mallard.world.members.services import change_member, close_member

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON)
    return a_trading_world()


def a_rule(kind: Kind, points: int, starts_at: dt.datetime = LONG_AGO) -> None:
    set_earning_rule(
        EarningRuleInput(
            kind.value, kind.value, kind.value, points, 1, 0, starts_at, terms=Terms(kind=kind)
        ),
        actor=TILL,
    )


def tell(name: str, member_id: UUID) -> None:
    """Deliver an event, as the outbox would."""
    grant([Envelope(uuid7(), name, member_id, {}, NOON, "system", None, "")])


def test_joining_is_rewarded_once(world: TradingWorld) -> None:
    a_rule(Kind.WELCOME, 100)
    member_id = a_member("13812345678", store=world.bakery, joined_at=NOON)
    tell(MemberEnrolled.name, member_id)
    assert Wallet.objects.get(member_id=member_id).balance == 100
    assert grant_for_joining([member_id], actor=TILL) == 0
    assert Wallet.objects.get(member_id=member_id).balance == 100
    assert Grant.objects.get().mall == world.bakery.mall
    assert verify().is_sound


def test_who_joined_before_the_rule_gets_nothing(world: TradingWorld) -> None:
    a_rule(Kind.WELCOME, 100, starts_at=NOON - dt.timedelta(days=1))
    member_id = a_member("13812345678", store=world.bakery, joined_at=JOINED)
    assert grant_for_joining([member_id], actor=TILL) == 0
    assert not Grant.objects.exists()


def test_a_completed_profile_is_rewarded_once_it_is_complete(world: TradingWorld) -> None:
    a_rule(Kind.PROFILE, 30)
    member_id = a_member("13812345678", store=world.bakery)
    assert grant_for_profiles([member_id], actor=TILL) == 0
    told = {"gender": "female", "birth_date": "1990-05-21"}
    change_member(member_id, profile=told, actor=TILL)
    tell(MemberChanged.name, member_id)
    tell(MemberChanged.name, member_id)
    assert Wallet.objects.get(member_id=member_id).balance == 30
    assert verify().is_sound


def test_a_closed_member_is_given_nothing(world: TradingWorld) -> None:
    a_rule(Kind.WELCOME, 100)
    member_id = a_member("13812345678", store=world.bakery, joined_at=NOON)
    close_member(member_id, actor=TILL)
    assert grant_for_joining([member_id], actor=TILL) == 0
