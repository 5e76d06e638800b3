"""Checking in: once a business day of the mall, by the member alone, within the rule's limits."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections

from mallard.kernel.errors import Forbidden
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_trading_world,
)
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.check_ins import CheckIn, check_in_of
from mallard.value.loyalty.models import Grant
from mallard.value.loyalty.rules import Kind, Scope, Terms, TermsInvalid
from mallard.value.loyalty.services import EarningRuleInput, check_in, set_earning_rule
from mallard.world.members.models import Member
from mallard.world.members.services import close_member, merge_members
from mallard.world.memberweb.actors import member_actor

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON)
    return a_trading_world()


def a_rule(points: int = 5, *caps: tuple[Scope, int], code: str = "check-in") -> None:
    terms = Terms(kind=Kind.CHECK_IN, caps=caps)
    set_earning_rule(
        EarningRuleInput(code, code, code, points, 1, 0, LONG_AGO, terms=terms), actor=TILL
    )


def come(member: UUID) -> CheckIn | None:
    return check_in(actor=member_actor(member))


def balance(member: UUID) -> int:
    return wallet_of([member])[member].balance


def test_once_a_business_day(world: TradingWorld, frozen_clock) -> None:
    a_rule(5)
    member = a_member("13812345678", store=world.bakery)
    row = Member.objects.get(pk=member)
    assert check_in_of(row) == CheckIn(5, is_done=False)
    for _again in range(3):
        assert come(member) == CheckIn(5, is_done=True)
    assert balance(member) == 5
    frozen_clock.set(NOON + DAY)
    assert check_in_of(row) == CheckIn(5, is_done=False)
    assert come(member) == CheckIn(5, is_done=True)
    assert balance(member) == 10
    assert verify().is_sound


def test_the_day_ends_at_the_malls_cut_off_not_at_midnight(
    world: TradingWorld, frozen_clock
) -> None:
    a_rule(5)
    member, mall = a_member("13812345678", store=world.bakery), world.place.lakeside
    cut_off = dt.datetime.combine(
        NOON.astimezone(mall.zone).date() + DAY, dt.time(mall.business_day_cutoff_hour), mall.zone
    )
    frozen_clock.set(cut_off - dt.timedelta(minutes=1))
    come(member)
    come(member)
    assert balance(member) == 5
    frozen_clock.set(cut_off)
    come(member)
    assert balance(member) == 10


def test_limits_of_the_year_and_for_ever(world: TradingWorld, frozen_clock) -> None:
    a_rule(5, (Scope.YEAR, 12), (Scope.MEMBER, 20))
    member = a_member("13812345678", store=world.bakery)
    first = dt.datetime(NOON.year, 12, 27, 4, tzinfo=dt.UTC)
    given = []
    for number in range(10):  # five days of the old year, then the new one
        frozen_clock.set(first + number * DAY)
        before = balance(member)
        come(member)
        given.append(balance(member) - before)
    assert given == [5, 5, 2, 0, 0, 5, 3, 0, 0, 0]
    assert check_in_of(Member.objects.get(pk=member)) is None
    assert verify().is_sound


def test_only_the_member_checks_in(world: TradingWorld) -> None:
    a_rule(5)
    member = a_member("13812345678", store=world.bakery)
    with pytest.raises(Forbidden):
        check_in(actor=TILL)
    close_member(member, actor=TILL)
    assert come(member) is None
    assert not Grant.objects.exists()


def test_two_records_of_one_person_check_in_once(world: TradingWorld) -> None:
    a_rule(5)
    member, other = (
        a_member("13812345678", store=world.bakery),
        a_member("13900000001", store=world.bakery),
    )
    come(member)
    merge_members(other, merged_id=member, actor=TILL)
    assert come(other) == CheckIn(5, is_done=True)
    assert balance(other) == 5


def test_without_a_rule_there_is_nothing_to_press(world: TradingWorld) -> None:
    member = a_member("13812345678", store=world.bakery)
    assert check_in_of(Member.objects.get(pk=member)) is None
    assert come(member) is None


@pytest.mark.parametrize(
    "terms",
    [
        {"weekdays": (1,)},
        {"caps": ((Scope.DAY, 5),)},
        {"is_first_purchase": True},
        {"total_cap": 10},
    ],
)
def test_terms_that_make_no_sense_are_refused(terms: dict[str, object]) -> None:
    with pytest.raises(TermsInvalid):
        Terms(kind=Kind.CHECK_IN, **terms)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_sixteen_presses_at_once_give_once(world: TradingWorld) -> None:
    a_rule(5)
    member = a_member("13812345678", store=world.bakery)

    def press(_number: int) -> None:
        try:
            come(member)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(press, range(16)))
    assert (balance(member), Grant.objects.count()) == (5, 1)
