"""Tiers through the till: thresholds by day, windows, given tiers; screens and API."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mallard.kernel.access.actor import WHOLE_GROUP
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.checkout.tests.test_order_of_facts import state_of, tell
from mallard.value.loyalty.errors import TiersChangeThePast, TiersMakeNoSense
from mallard.value.loyalty.models import Benefit, Tier, TierOverride, TierScheme
from mallard.value.loyalty.queries import forget_programme, latest_assessments, programme
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.schemes import Cause, Scheme, Window
from mallard.value.loyalty.services import set_tier_scheme
from mallard.value.loyalty.standing import days_of, standings, tier_history, tiers_at
from mallard.value.sales.models import Receipt, Source
from mallard.world.members.queries import records_of
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
DAY = dt.timedelta(days=1)
MEMBER = TierLevel("member", 1, 0, 0, 0)
SILVER = TierLevel("silver", 2, 100_000, 2, 5_000)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON)
    return a_trading_world()


def buy(world: TradingWorld, number: str, amount: int, at: dt.datetime) -> None:
    tell(a_receipt(world.bakery, number, amount, phone=PHONE, at=at))


def bonus(number: str) -> int:
    receipt_id = Receipt.objects.get(number=number).id
    return latest_assessments([receipt_id])[receipt_id].bonus_points


def dear(starts_on: dt.date, window: Window = Window.ROLLING, grace_days: int = 0) -> Scheme:
    return Scheme(
        starts_on, (MEMBER, TierLevel("silver", 2, 500_000, 2, 5_000)), window, grace_days
    )


def test_erpnext_wrong_tier_after_a_threshold_edit(world: TradingWorld, frozen_clock) -> None:
    """After an edit, late facts of older days are still judged by the thresholds of those days."""
    a_member(PHONE, store=world.bakery)
    buy(world, "R1", 60_000, NOON - 30 * DAY)
    buy(world, "R3", 10_000, NOON - 2 * DAY)
    set_tier_scheme(dear((NOON + 2 * DAY).date()), actor=TILL)
    assert bonus("R3") == 0
    buy(world, "R2", 50_000, NOON - 20 * DAY)  # late: silver on the day of R3 after all
    assert bonus("R3") == 50
    frozen_clock.set(NOON + 3 * DAY)
    buy(world, "R4", 10_000, NOON + 2 * DAY)
    assert bonus("R4") == 0
    member_id = Receipt.objects.get(number="R4").member_id
    told = [(c.was, c.now, c.cause) for c in tier_history(member_id, until=(NOON + 3 * DAY).date())]
    assert told[0] == ("silver", "member", Cause.THRESHOLDS)


def test_thresholds_never_change_days_that_were_assessed(world: TradingWorld) -> None:
    a_member(PHONE, store=world.bakery)
    buy(world, "R1", 60_000, NOON - DAY)
    for starts_on in ((NOON - DAY).date(), NOON.date(), (NOON + DAY).date()):
        with pytest.raises(TiersChangeThePast):
            set_tier_scheme(dear(starts_on), actor=TILL)
    assert not TierScheme.objects.exists()
    upside_down = (MEMBER, TierLevel("silver", 2, 0, 0, 0))
    with pytest.raises(TiersMakeNoSense):
        set_tier_scheme(Scheme((NOON + 9 * DAY).date(), upside_down), actor=TILL)


def test_a_year_end_keeps_the_tier_and_warns_of_its_fall(world: TradingWorld, frozen_clock) -> None:
    scheme = Scheme(dt.date(2025, 1, 1), (MEMBER, SILVER), Window.CALENDAR, 15)
    set_tier_scheme(scheme, actor=TILL)
    member_id = a_member(PHONE, store=world.bakery)
    buy(world, "R1", 60_000, NOON - 80 * DAY)
    buy(world, "R2", 60_000, NOON - 75 * DAY)
    now = standings([member_id], day=NOON.date())[member_id]
    assert (now.tier_code, now.spend_minor, now.falls_to) == ("silver", 0, "member")
    assert now.falls_on == dt.date(2027, 1, 16)
    assert (now.next_tier_code, now.spend_gap_minor) == (None, 0)
    at_end = [(dt.date(2027, 1, 15), "silver"), (dt.date(2027, 1, 16), "member")]
    found = tiers_at([(member_id, day) for day, _code in at_end], programme())
    assert [(day, found[member_id, day].code) for day, _code in at_end] == at_end


def test_a_late_fact_of_the_year_before_reaches_into_the_next(world: TradingWorld) -> None:
    """Tiers of calendar years reach further than 12 months, and so does the correction."""
    set_tier_scheme(Scheme(dt.date(2024, 1, 1), (MEMBER, SILVER), Window.CALENDAR), actor=TILL)
    a_member(PHONE, store=world.bakery, joined_at=dt.datetime(2023, 1, 1, tzinfo=dt.UTC))
    buy(world, "R1", 60_000, dt.datetime(2024, 2, 3, 9, tzinfo=dt.UTC))
    buy(world, "R3", 10_000, dt.datetime(2025, 12, 30, 9, tzinfo=dt.UTC))
    assert bonus("R3") == 0
    buy(world, "R2", 60_000, dt.datetime(2024, 1, 15, 9, tzinfo=dt.UTC))
    assert bonus("R3") == 50


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
@given(
    bought=st.lists(
        st.tuples(st.integers(0, 700), st.sampled_from([30_000, 60_000, 120_000])), max_size=5
    ),
    window=st.sampled_from(list(Window)),
    grace=st.sampled_from([0, 40]),
    brought=st.sampled_from([0, 40, 90]),
)
def test_the_database_and_the_pure_rules_agree_on_every_tier(
    world, bought, window, grace, brought
) -> None:
    with transaction.atomic():
        by_value = TierLevel("silver", 2, 0, 0, 1_000, value=90)
        set_tier_scheme(
            Scheme(dt.date(2020, 1, 1), (MEMBER, by_value), window, grace, value_per_minor=1_000),
            actor=TILL,
        )
        joined = NOON - 800 * DAY
        member_id = a_member(PHONE, store=world.bakery, joined_at=joined)
        TierOverride.objects.create(
            member_id=member_id,
            tier=Tier.objects.get(code="member"),
            first_day=(NOON - 300 * DAY).date(),
            last_day=(NOON - 290 * DAY).date(),
            reason="brought over",
            given_at=NOON,
            value=brought,
            value_last_day=(NOON + 20 * DAY).date() if brought == 40 else None,
        )
        forget_programme()
        receipts = [
            a_receipt(world.bakery, f"R{i}", amount, phone=PHONE, at=NOON - (701 - day) * DAY)
            for i, (day, amount) in enumerate(bought)
        ]
        record_receipts(receipts, actor=TILL, source=Source.POS)
        facts = programme()
        person = records_of([member_id])[member_id]
        days = days_of([person], facts)[person]
        asked = [(NOON - ahead * DAY).date() for ahead in range(-700, 705, 13)]
        found = tiers_at([(member_id, day) for day in asked], facts)
        for day in asked:
            assert found[member_id, day] == days.tier_on(day, facts.schemes), day
        transaction.set_rollback(True)


def test_a_late_sale_and_the_order_do_not_matter_for_years_either(world: TradingWorld) -> None:
    set_tier_scheme(
        Scheme(dt.date(2020, 1, 1), (MEMBER, SILVER), Window.ANNIVERSARY, 10), actor=TILL
    )
    member_id = a_member(PHONE, store=world.bakery)
    for number, ago in (("R3", 10), ("R1", 300), ("R2", 200)):
        buy(world, number, 60_000, NOON - ago * DAY)
    assert bonus("R3") == 300
    assert state_of(member_id).earned["R3"] == (600, 300, "earned")


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def give(manager: Client, member_id: UUID, **more: str) -> int:
    form = {"tier": "silver", "last_day": "2026-12-31", "reason": "friend of the house", **more}
    return manager.post(f"/loyalty/members/{member_id}/tier/give", form).status_code


def test_a_given_tier_has_a_reason_an_end_and_a_history(manager, world, frozen_clock) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    assert give(manager, member_id, reason="") == 422
    assert give(manager, member_id, last_day="2026-01-01") == 422
    assert give(manager, member_id) == 302
    buy(world, "R1", 10_000, NOON)
    assert bonus("R1") == 0
    frozen_clock.set(NOON + DAY)
    buy(world, "R2", 10_000, NOON + DAY)
    assert bonus("R2") == 50
    page = manager.get(f"/loyalty/members/{member_id}/tier").content.decode()
    assert "Given by staff: friend of the house" in page
    ended = manager.post(f"/loyalty/tiers/given/{TierOverride.objects.get().pk}/end")
    assert ended.status_code == 302
    frozen_clock.set(NOON + 2 * DAY)
    buy(world, "R3", 10_000, NOON + 2 * DAY)
    assert bonus("R3") == 0
    page = manager.get(f"/loyalty/members/{member_id}/tier").content.decode()
    assert "The given tier ended" in page


def test_tiers_and_benefits_are_set_on_screen(manager, world: TradingWorld) -> None:
    form = {
        "starts_on": "2026-04-01", "window": "calendar", "grace_days": "30",
        "value_per_amount": "10", "value_per_visit": "5",
        "spend_member": "0", "visits_member": "0", "value_member": "0", "bonus_member": "0",
        "spend_silver": "1500", "visits_silver": "3", "value_silver": "100", "bonus_silver": "20",
    }  # fmt: skip
    assert manager.get("/loyalty/tiers/change").status_code == 200
    refused = manager.post("/loyalty/tiers/change", {**form, "value_per_amount": "0",
                                                     "value_per_visit": "0"})  # fmt: skip
    assert "qualifying value" in refused.content.decode()
    assert manager.post("/loyalty/tiers/change", form).status_code == 302
    assert TierScheme.objects.get().levels["silver"]["spend_minor"] == 150_000
    assert "Tiers take something else from" in manager.get("/loyalty/").content.decode()
    benefit = {"kind": "parking", "name_en": "Parking", "name_zh": "停车", "whose": "tier:silver",
               "amount": "3"}  # fmt: skip
    assert manager.post("/loyalty/benefits/new", benefit).status_code == 302
    assert "Free parking" in manager.get("/loyalty/").content.decode()
    row = Benefit.objects.get()
    assert manager.post(f"/loyalty/benefits/{row.pk}/end").status_code == 302
    assert "Free parking" not in manager.get("/loyalty/").content.decode()


def test_the_api_says_what_is_missing(client: Client, world: TradingWorld) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    Benefit.objects.create(
        programme_id=programme().id, kind="lounge", name_en="Lounge",
        tier=Tier.objects.get(code="member"),
    )  # fmt: skip
    buy(world, "R1", 60_000, NOON - 10 * DAY)
    key = create_api_key(
        name="app",
        scope=WHOLE_GROUP,
        permissions=("loyalty.view_programme", "members.view_member"),
        actor=TILL,
    )
    headers = {"Authorization": f"Bearer {key.plain}"}
    found = client.get(f"/api/v1/members/{member_id}/tier", headers=headers).json()
    assert (found["tier"], found["next_tier"], found["spend_gap_minor"], found["visits_gap"]) == (
        "member", "silver", 40_000, 1,
    )  # fmt: skip
    assert [one["kind"] for one in found["benefits"]] == ["lounge"]
    assert found["history"][0]["cause"] == "reached"
