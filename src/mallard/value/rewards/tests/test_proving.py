"""Redeeming by the member's code that changes: where a setting asks, once, for one member."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, ActorKind
from mallard.kernel.audit.models import Entry
from mallard.kernel.http import limits
from mallard.kernel.ids import uuid7
from mallard.kernel.settings.services import change_setting
from mallard.value.ledger.errors import InsufficientPoints
from mallard.value.ledger.queries import wallet_of
from mallard.value.rewards import services
from mallard.value.rewards.models import Redemption
from mallard.value.rewards.permissions import REDEEM_REWARD, REDEEM_WITHOUT_CODE
from mallard.value.rewards.tests.factories import (
    ACTOR,
    Counter,
    a_counter,
    a_reward,
    give,
    rich_members,
    stock_of,
    wanted,
)
from mallard.world.members.tests.factories import a_member
from mallard.world.memberweb.errors import CardCodeNeeded, CardCodeOfAnother, CardCodeUsed
from mallard.world.memberweb.services import show_code
from mallard.world.memberweb.tests.phones import Phone, a_phone_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    limits.forget_leases()


@pytest.fixture
def counter(frozen_clock: Any) -> Counter:
    return a_counter()


@pytest.fixture
def phone(counter: Counter) -> Phone:
    member = a_member()
    give(counter, member.pk, 1_000)
    return a_phone_of(member)


def somebody(kind: ActorKind, *more: str) -> Actor:
    return Actor(kind, uuid7(), "tester", frozenset({REDEEM_REWARD, *more}), WHOLE_GROUP)


def test_a_till_redeems_with_the_code_and_the_code_pays_once(
    counter: Counter, phone: Phone
) -> None:
    change_setting("rewards.code_at_tills", value=True, actor=ACTOR)
    reward, till = a_reward(counter, stock=5), somebody(ActorKind.API)
    member = phone.session.member_id
    without = wanted(member, reward, counter.desk)
    before = wallet_of([member])[member]
    with pytest.raises(CardCodeNeeded):
        services.place_redemption(without, actor=till)
    assert wallet_of([member])[member] == before
    assert stock_of(reward, counter.desk) == (5, 0)
    act = replace(without, card_code=phone.digits())
    row = services.place_redemption(act, is_confirmed=True, actor=till)
    assert services.place_redemption(act, actor=till).pk == row.pk, "a retry is the same act"
    again = wanted(member, reward, counter.desk, card_code=act.card_code)
    for caller in (till, somebody(ActorKind.API)):
        with pytest.raises(CardCodeUsed):
            services.place_redemption(again, actor=caller)
    assert Redemption.objects.count() == 1


def test_a_refused_redemption_leaves_the_code_for_another(counter: Counter, phone: Phone) -> None:
    till, member = somebody(ActorKind.API), phone.session.member_id
    dear = a_reward(counter, stock=1, code="DEAR", points=1_000_000)
    text = phone.digits()
    with pytest.raises(InsufficientPoints):
        services.place_redemption(wanted(member, dear, counter.desk, card_code=text), actor=till)
    cheap = a_reward(counter, stock=1)
    services.place_redemption(wanted(member, cheap, counter.desk, card_code=text), actor=till)


def test_another_members_code_redeems_nothing(counter: Counter, phone: Phone) -> None:
    [other] = rich_members(counter, 1)
    reward = a_reward(counter, stock=1)
    act = wanted(other, reward, counter.desk, card_code=phone.qr())
    with pytest.raises(CardCodeOfAnother):
        services.place_redemption(act, actor=somebody(ActorKind.API))
    assert not Redemption.objects.exists()


def test_the_desk_scans_first_and_redeems_minutes_later(
    frozen_clock: Any, counter: Counter, phone: Phone
) -> None:
    change_setting("rewards.code_at_desks", value=True, actor=ACTOR)
    reward, desk = a_reward(counter, stock=5), somebody(ActorKind.STAFF)
    member = phone.session.member_id
    show_code(phone.qr(), actor=desk)
    frozen_clock.advance(minutes=8)
    with pytest.raises(CardCodeNeeded):
        services.place_redemption(
            wanted(member, reward, counter.desk), actor=somebody(ActorKind.STAFF)
        )
    services.place_redemption(wanted(member, reward, counter.desk), actor=desk)
    with pytest.raises(CardCodeNeeded):
        services.place_redemption(wanted(member, reward, counter.desk), actor=desk)
    show_code(phone.qr(), actor=desk)
    frozen_clock.advance(minutes=11)
    with pytest.raises(CardCodeNeeded):
        services.place_redemption(wanted(member, reward, counter.desk), actor=desk)


def test_who_may_redeem_without_a_code_leaves_a_trace(counter: Counter, phone: Phone) -> None:
    change_setting("rewards.code_at_desks", value=True, actor=ACTOR)
    reward, member = a_reward(counter, stock=5), phone.session.member_id
    desk = somebody(ActorKind.STAFF, REDEEM_WITHOUT_CODE)
    services.place_redemption(wanted(member, reward, counter.desk), actor=desk)
    entry = Entry.objects.get(action="rewards.redeemed_without_code")
    assert (entry.subject_id, entry.actor_id) == (member, desk.id)


def test_without_the_setting_nobody_is_asked_for_a_code(counter: Counter, phone: Phone) -> None:
    reward = a_reward(counter, stock=5)
    act = wanted(phone.session.member_id, reward, counter.desk)
    services.place_redemption(act, actor=somebody(ActorKind.API))
    assert not Entry.objects.filter(action="rewards.redeemed_without_code").exists()
