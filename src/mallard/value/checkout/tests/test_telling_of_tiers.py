"""Who is about to lose a tier is warned, and every change of a tier is told as an event."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mallard.kernel.access.actor import WHOLE_GROUP
from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.kernel.outbox.dispatcher import dispatch_once
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.settings.services import change_setting
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_return,
    a_trading_world,
)
from mallard.value.checkout.tests.test_order_of_facts import tell
from mallard.value.loyalty.models import TierWatch
from mallard.value.loyalty.queries import programme
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.schemes import Scheme, Window
from mallard.value.loyalty.services import (
    end_given_tier,
    give_tier,
    look_at_tiers,
    mark_tiers,
    set_tier_scheme,
    watch_everybody,
)
from mallard.value.loyalty.standing import standings, tier_history, tiers_at
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
DAY = dt.timedelta(days=1)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON)
    return a_trading_world()


def buy(world: TradingWorld, number: str, amount: int, at: dt.datetime) -> None:
    tell(a_receipt(world.bakery, number, amount, phone=PHONE, at=at))


def told(name: str = "loyalty.tier_changed") -> list[dict[str, Any]]:
    look_at_tiers(actor=TILL)
    rows = OutboxEvent.objects.filter(name=name).order_by("id")
    return [{"member": row.subject_id, **row.payload} for row in rows]


def moves() -> list[tuple[str | None, str | None, str, str]]:
    return [(one["was"], one["tier"], one["direction"], one["cause"]) for one in told()]


def a_silver_member(world: TradingWorld) -> UUID:
    """Silver since 60 days ago by two purchases, of which the first no longer counts in 30 days."""
    member_id = a_member(PHONE, store=world.bakery)
    buy(world, "R1", 60_000, NOON - 335 * DAY)
    buy(world, "R2", 50_000, NOON - 60 * DAY)
    return member_id


def test_a_rolling_tier_says_when_it_falls_and_what_keeps_it(world: TradingWorld) -> None:
    member_id = a_silver_member(world)
    today = NOON.date()
    found = standings([member_id], day=today)[member_id]
    assert (found.tier_code, found.falls_to, found.falls_soon) == ("silver", "member", True)
    assert found.falls_on is not None
    assert found.keep is not None
    assert (found.keep.spend_minor, found.keep.visits) == (50_000, 1)
    days = [today + n * DAY for n in range(60)]
    by_day = tiers_at([(member_id, day) for day in days], programme())
    first = next(day for day in days if by_day[member_id, day].code == "member")  # type: ignore[union-attr]
    assert found.falls_on == first
    buy(world, "R3", 50_000, NOON)
    kept = standings([member_id], day=today + DAY)[member_id]
    assert kept.falls_on is not None
    assert kept.falls_on > first
    assert not kept.falls_soon


def test_the_warning_stands_at_the_desk_and_on_the_members_page(
    client: Client, world: TradingWorld
) -> None:
    member_id = a_silver_member(world)
    client.force_login(a_staff_user("crm_manager"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    for page in (f"/rewards/counter/{member_id}/", f"/members/{member_id}/",
                 f"/loyalty/members/{member_id}/tier"):  # fmt: skip
        html = client.get(page).content.decode()
        assert "Becomes Member on" in html, page
        assert "Before that day it takes: CN¥500.00 · 1 visit." in html, page


def test_a_fall_that_is_far_is_told_on_the_member_page_only_when_it_is_near(
    client: Client, world: TradingWorld, frozen_clock
) -> None:
    from mallard.surfaces.portal.standing import tier_of
    from mallard.world.members.models import Member

    member_id = a_silver_member(world)
    member = Member.objects.get(pk=member_id)
    near = tier_of(member)
    assert near is not None
    assert "you will be in Member unless" in near.warning
    assert (
        "To keep Silver, spend CN¥500.00 more and come 1 more time before that day." in near.warning
    )
    change_setting("loyalty.warn_before_fall", value=20, actor=TILL)
    far = tier_of(member)
    assert far is not None
    assert far.warning == ""


def test_the_api_tells_the_fall(client: Client, world: TradingWorld) -> None:
    member_id = a_silver_member(world)
    key = create_api_key(
        name="app",
        scope=WHOLE_GROUP,
        permissions=("loyalty.view_programme", "members.view_member"),
        actor=TILL,
    )
    headers = {"Authorization": f"Bearer {key.plain}"}
    found = client.get(f"/api/v1/members/{member_id}/tier", headers=headers).json()
    assert (found["falls_to"], found["falls_soon"]) == ("member", True)
    assert (found["keep_spend_minor"], found["keep_visits"]) == (50_000, 1)


def test_up_and_down_are_told_once_each(world: TradingWorld, frozen_clock) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    buy(world, "R1", 60_000, NOON - 335 * DAY)
    buy(world, "R2", 50_000, NOON)
    mark_tiers([member_id])
    assert moves() == []  # a member, as before: today does not count yet
    frozen_clock.set(NOON + DAY)
    up = ("member", "silver", "up", "reached")
    assert moves() == [up]
    assert moves() == [up]
    [soon] = told("loyalty.tier_falls_soon")
    assert (soon["member"], soon["tier"], soon["falls_to"]) == (member_id, "silver", "member")
    frozen_clock.set(NOON + 20 * DAY)
    assert len(told("loyalty.tier_falls_soon")) == 1
    falls_on = dt.date.fromisoformat(soon["falls_on"])
    frozen_clock.set(dt.datetime.combine(falls_on - DAY, dt.time(12), tzinfo=dt.UTC))
    assert moves() == [up]
    frozen_clock.set(dt.datetime.combine(falls_on, dt.time(12), tzinfo=dt.UTC))
    assert moves() == [up, ("silver", "member", "down", "lapsed")]
    assert told()[-1]["day"] == soon["falls_on"]


def test_given_tiers_are_told_when_they_begin_and_end(world: TradingWorld, frozen_clock) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    last = NOON.date() + 30 * DAY
    row = give_tier(member_id, tier_code="silver", last_day=last, reason="friend", actor=TILL)
    assert moves() == []
    frozen_clock.set(NOON + DAY)
    given = ("member", "silver", "up", "given")
    assert moves() == [given]
    end_given_tier(row.pk, actor=TILL)
    frozen_clock.set(NOON + 2 * DAY)
    assert moves() == [given, ("silver", "member", "down", "gift_ended")]


def test_other_thresholds_are_told_on_their_day(world: TradingWorld, frozen_clock) -> None:
    member_id = a_silver_member(world)
    mark_tiers([member_id])
    assert moves() == []
    dear = (TierLevel("member", 1, 0, 0, 0), TierLevel("silver", 2, 500_000, 2, 5_000))
    set_tier_scheme(Scheme(NOON.date() + 3 * DAY, dear), actor=TILL)
    frozen_clock.set(NOON + 2 * DAY)
    assert moves() == []
    frozen_clock.set(NOON + 3 * DAY)
    assert moves() == [("silver", "member", "down", "thresholds")]


def test_goods_that_come_back_take_the_tier_and_it_is_told(
    world: TradingWorld, frozen_clock
) -> None:
    member_id = a_silver_member(world)
    mark_tiers([member_id])
    assert moves() == []
    tell(a_return(world.bakery, "B1", "R2", at=NOON))
    mark_tiers([member_id])
    assert moves() == []  # what came back today counts from tomorrow on, as a purchase does
    frozen_clock.set(NOON + DAY)
    assert moves() == [("silver", "member", "down", "lapsed")]


def test_whoever_bought_before_anybody_looked_is_watched_and_nothing_is_told(
    world: TradingWorld, frozen_clock
) -> None:
    member_id = a_silver_member(world)
    watch_everybody()
    assert moves() == []
    assert TierWatch.objects.get(pk=member_id).tier_code == "silver"
    assert len(told("loyalty.tier_falls_soon")) == 1
    watch_everybody()
    frozen_clock.set(NOON + 40 * DAY)
    assert moves() == [("silver", "member", "down", "lapsed")]


@pytest.mark.django_db(transaction=True)
def test_a_purchase_is_heard_of(world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    buy(world, "R1", 60_000, NOON)
    wait_for_older_transactions()
    dispatch_once()
    assert TierWatch.objects.get(pk=member_id).looks_on == NOON.date()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
@given(
    bought=st.lists(
        st.tuples(st.integers(0, 420), st.sampled_from([30_000, 60_000, 120_000])),
        max_size=6,
        unique_by=lambda one: one[0],
    ),
    window=st.sampled_from(list(Window)),
    given_on=st.none() | st.integers(0, 400),
)
def test_looking_on_the_days_that_were_noted_tells_the_whole_history(
    world: TradingWorld, frozen_clock, bought, window: Window, given_on: int | None
) -> None:
    """Looking only on the days that were noted tells every change, on its day."""
    with transaction.atomic():
        frozen_clock.set(NOON)
        levels = (TierLevel("member", 1, 0, 0, 0), TierLevel("silver", 2, 100_000, 2, 5_000))
        set_tier_scheme(Scheme(dt.date(2020, 1, 1), levels, window, 10), actor=TILL)
        member_id = a_member(PHONE, store=world.bakery, joined_at=NOON - 700 * DAY)
        mark_tiers([member_id])
        look_at_tiers(actor=TILL)
        last = (NOON + 1_500 * DAY).date()
        by_day, told_on = dict(bought), []
        todo = {(NOON + n * DAY).date() for n in (*by_day, *([given_on] if given_on else []))}
        while todo:
            today = min(todo)
            todo.remove(today)
            n = (today - NOON.date()).days
            frozen_clock.set(NOON + n * DAY)
            if n in by_day:
                buy(world, f"R{n}", by_day[n], NOON + n * DAY)
                mark_tiers([member_id])
            if given_on and n == given_on:
                give_tier(
                    member_id,
                    tier_code="silver",
                    last_day=today + 50 * DAY,
                    reason="gift",
                    actor=TILL,
                )
            look_at_tiers(actor=TILL)
            told_on += [today] * (len(changes()) - len(told_on))
            looks_on = TierWatch.objects.get(pk=member_id).looks_on
            assert looks_on is None or looks_on > today
            if looks_on and looks_on <= last:
                todo.add(looks_on)
        expected = [
            (change.was or "member", change.now, change.day.isoformat())
            for change in tier_history(member_id, until=last)[::-1]
            if (change.was or "member") != change.now
        ]
        assert changes() == expected
        assert [day.isoformat() for day in told_on] == [day for *_codes, day in expected]
        transaction.set_rollback(True)


def changes() -> list[tuple[str, str, str]]:
    events = OutboxEvent.objects.filter(name="loyalty.tier_changed").order_by("id")
    return [
        (one["was"], one["tier"], one["day"]) for one in events.values_list("payload", flat=True)
    ]
