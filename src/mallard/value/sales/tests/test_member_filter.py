"""The members list narrowed by what members bought: the rows behind the rates."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, Scope, system
from mallard.value.checkout.services import record_receipts, record_returns
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
)
from mallard.value.sales.measures import member_counts
from mallard.value.sales.member_filter import AGAIN, CHOICES, EARLY, LAPSED, QUARTER, YEAR, bought
from mallard.value.sales.models import Receipt, Source
from mallard.value.sales.rollups import bring_up_to_date
from mallard.world.members.models import Member
from mallard.world.members.services import merge_members
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
PHONES = [f"1381234567{n}" for n in range(5)]


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON)
    return a_trading_world()


@pytest.fixture
def people(world: TradingWorld) -> list[UUID]:
    """Twice lately; once lately; long ago; only what came back; never."""
    ids = [a_member(phone, store=world.bakery) for phone in PHONES]
    Member.objects.update(joined_at=NOON - dt.timedelta(days=400))
    Member.objects.filter(pk=ids[1]).update(joined_at=NOON - dt.timedelta(days=20))
    days = ((0, 5), (0, 40), (1, 10), (2, 200), (3, 8))
    receipts = [
        a_receipt(
            world.pharmacy if n == 1 else world.bakery,
            f"R{n}-{ago}",
            phone=PHONES[n],
            at=NOON - dt.timedelta(days=ago),
        )
        for n, ago in days
    ]
    record_receipts(receipts, actor=TILL, source=Source.POS)
    back = a_return(world.bakery, "B", "R3-8", at=NOON - dt.timedelta(days=7))
    record_returns([back], actor=TILL, source=Source.POS)
    follow()
    return ids


def follow() -> None:
    rows = list(Receipt.objects.values_list("store_id", "business_day", "pk"))
    bring_up_to_date({(store, day) for store, day, _pk in rows}, [pk for *_rest, pk in rows])


def found(value: str, people: list[UUID], scope: Scope = WHOLE_GROUP) -> list[int]:
    rows = bought(Member.objects.all(), value, an_actor(scope=scope))
    return sorted(people.index(pk) for pk in rows.values_list("pk", flat=True))


def test_each_choice_finds_its_members(people: list[UUID]) -> None:
    expected = {YEAR: [0, 1, 2], LAPSED: [3, 4], QUARTER: [0, 1], AGAIN: [0], EARLY: [1]}
    assert {value: found(value, people) for value, _label in CHOICES} == expected


def test_they_are_as_many_as_the_rates_count(people: list[UUID]) -> None:
    [group] = [one for one in member_counts(NOON.date()) if one.place_kind == "group"]
    assert group.active == len(found(YEAR, people))
    assert group.bought == len(found(QUARTER, people))
    assert group.bought_again == len(found(AGAIN, people))


def test_only_purchases_in_the_readers_stores_count(
    world: TradingWorld, people: list[UUID]
) -> None:
    pharmacy = Scope(store_ids=frozenset({world.pharmacy.id}))
    assert found(YEAR, people, pharmacy) == [1]
    assert found(AGAIN, people, pharmacy) == []


def test_a_purchase_on_a_merged_record_is_the_survivors(people: list[UUID]) -> None:
    merge_members(people[4], merged_id=people[2], actor=system("tests"))
    assert found(YEAR, people) == [0, 1, 4]
    assert found(LAPSED, people) == [3]


def test_the_list_offers_it_to_who_may_see_receipts(people: list[UUID], client: Client) -> None:
    client.force_login(a_staff_user("crm_manager"))
    answer = client.get("/members/?bought=again")
    assert answer.status_code == 200
    assert "On two days or more of 90" in answer.content.decode()
