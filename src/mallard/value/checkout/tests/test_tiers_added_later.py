"""A tier that is added after set-up, and one that is renamed: past days stay as they were."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP
from mallard.kernel.audit.models import Entry
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.checkout.tests.test_order_of_facts import tell
from mallard.value.loyalty.errors import (
    RenamedInThePast,
    TierCodeTaken,
    TierNotBegun,
    TiersChangeThePast,
    TiersMakeNoSense,
)
from mallard.value.loyalty.models import Benefit, Tier, TierScheme
from mallard.value.loyalty.queries import latest_assessments, programme
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.schemes import Cause, Scheme
from mallard.value.loyalty.services import (
    NewTier,
    add_tier,
    give_tier,
    rename_tier,
    set_tier_scheme,
)
from mallard.value.loyalty.standing import days_of, tier_history, tiers_at
from mallard.value.sales.models import Receipt
from mallard.world.members.queries import records_of
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
DAY = dt.timedelta(days=1)
BEGINS = (NOON + 5 * DAY).date()
GOLD = NewTier("gold", "Gold", "金卡", "silver", 300_000, 2, 10_000)
PEARL = NewTier("pearl", "Pearl", "珍珠卡", "member", 50_000, 1, 1_000)
"""Between the two tiers that there are."""


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON)
    return a_trading_world()


def buy(world: TradingWorld, number: str, amount: int, at: dt.datetime) -> None:
    tell(a_receipt(world.bakery, number, amount, phone=PHONE, at=at))


def bonus(number: str) -> int:
    receipt_id = Receipt.objects.get(number=number).id
    return latest_assessments([receipt_id])[receipt_id].bonus_points


def earlier_scheme() -> None:
    """What tiers take was changed long ago, when nobody thought of a third tier."""
    levels = (TierLevel("member", 1, 0, 0, 0), TierLevel("silver", 2, 90_000, 2, 5_000))
    set_tier_scheme(Scheme(dt.date(2025, 6, 1), levels), actor=TILL)


@pytest.mark.parametrize("new", [GOLD, PEARL])
def test_a_tier_added_later_leaves_past_days_as_they_were(world, frozen_clock, new) -> None:
    earlier_scheme()
    member_id = a_member(PHONE, store=world.bakery)
    buy(world, "R1", 400_000, NOON - 300 * DAY)
    buy(world, "R2", 10_000, NOON - 20 * DAY)
    buy(world, "R3", 10_000, NOON - 2 * DAY)
    asked = [(member_id, (NOON - ago * DAY).date()) for ago in range(-4, 400, 7)]
    before = tiers_at(asked, programme())
    add_tier(new, starts_on=BEGINS, actor=TILL)
    after = tiers_at(asked, programme())
    codes = [[one.code if one else None for one in found.values()] for found in (before, after)]
    assert codes[0] == codes[1]
    assert bonus("R3") == 50

    buy(world, "R0", 5_000, NOON - 30 * DAY)  # late: judged by the tiers of its own day
    assert bonus("R0") == 0
    frozen_clock.set(NOON + 6 * DAY)
    buy(world, "R4", 10_000, NOON + 6 * DAY)
    expected = {"gold": ("gold", 100), "pearl": ("silver", 50)}[new.code]
    [today] = tiers_at([(member_id, BEGINS)], programme()).values()
    assert today is not None
    assert (today.code, bonus("R4")) == expected
    person = records_of([member_id])[member_id]
    days = days_of([person], programme())[person]
    assert days.tier_on(BEGINS, programme().schemes) == today
    if new is GOLD:
        latest = tier_history(member_id, until=BEGINS)[0]
        assert (latest.was, latest.now, latest.cause) == ("silver", "gold", Cause.THRESHOLDS)
        assert latest.day == BEGINS


def test_a_tier_added_between_two_keeps_the_order(world: TradingWorld) -> None:
    add_tier(PEARL, starts_on=BEGINS, actor=TILL)
    assert list(Tier.objects.values_list("code", flat=True)) == ["member", "pearl", "silver"]
    assert [level.code for level in programme().tiers_on(BEGINS)] == ["member", "pearl", "silver"]
    assert [level.code for level in programme().tiers_on(BEGINS - DAY)] == ["member", "silver"]


def test_what_tiers_take_from_a_later_day_on_names_the_new_one_too(world: TradingWorld) -> None:
    levels = (TierLevel("member", 1, 0, 0, 0), TierLevel("silver", 2, 200_000, 2, 5_000))
    later = BEGINS + 30 * DAY
    set_tier_scheme(Scheme(later, levels), actor=TILL)
    add_tier(GOLD, starts_on=BEGINS, actor=TILL)
    takes = {
        day: {level.code: level.spend_minor for level in programme().tiers_on(day)}
        for day in (BEGINS - DAY, BEGINS, later)
    }
    assert takes == {
        BEGINS - DAY: {"member": 0, "silver": 100_000},
        BEGINS: {"member": 0, "silver": 100_000, "gold": 300_000},
        later: {"member": 0, "silver": 200_000, "gold": 300_000},
    }
    # Between the two days other thresholds are set for those that there are by then only.
    set_tier_scheme(Scheme(BEGINS - 2 * DAY, levels), actor=TILL)
    assert [level.code for level in programme().tiers_on(BEGINS - DAY)] == ["member", "silver"]
    assert [level.code for level in programme().tiers_on(BEGINS)] == ["member", "silver", "gold"]


@pytest.mark.parametrize(
    ("new", "starts_on", "refusal"),
    [
        (NewTier("silver", "Silver", "银卡", "silver", 1, 1, 0), BEGINS, TierCodeTaken),
        (GOLD, NOON.date() + DAY, TiersChangeThePast),
        (NewTier("low", "Low", "低", "silver", 90_000, 1, 0), BEGINS, TiersMakeNoSense),
        (NewTier("high", "High", "高", "member", 900_000, 9, 0), BEGINS, TiersMakeNoSense),
        (NewTier("vague", "Vague", "虚", "silver", 1, 3, 0, value=5), BEGINS, TiersMakeNoSense),
    ],
)
def test_a_tier_that_cannot_be_leaves_everything_as_it_is(world, new, starts_on, refusal) -> None:
    a_member(PHONE, store=world.bakery)
    buy(world, "R1", 10_000, NOON - DAY)
    ranks = list(Tier.objects.values_list("code", "rank"))
    with pytest.raises(refusal):
        add_tier(new, starts_on=starts_on, actor=TILL)
    assert list(Tier.objects.values_list("code", "rank")) == ranks
    assert not TierScheme.objects.exists()
    assert not Entry.objects.filter(action="loyalty.add_tier").exists()


def test_nobody_is_given_a_tier_before_it_begins(world: TradingWorld, frozen_clock) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    add_tier(GOLD, starts_on=BEGINS, actor=TILL)
    last = BEGINS + 30 * DAY
    with pytest.raises(TierNotBegun):
        give_tier(member_id, tier_code="gold", last_day=last, reason="friend", actor=TILL)
    frozen_clock.set(NOON + 5 * DAY)
    row = give_tier(member_id, tier_code="gold", last_day=last, reason="friend", actor=TILL)
    assert row.first_day == BEGINS + DAY


def test_a_new_name_holds_from_its_day_on(world: TradingWorld, frozen_clock) -> None:
    with pytest.raises(RenamedInThePast):
        rename_tier(
            "silver", name_en="Moon", name_zh="月卡", renamed_on=NOON.date() - DAY, actor=TILL
        )
    rename_tier("silver", name_en="Moon", name_zh="月卡", renamed_on=BEGINS, actor=TILL)
    assert Tier.objects.get(code="silver").name == "Silver"
    frozen_clock.set(NOON + 5 * DAY)
    assert Tier.objects.get(code="silver").name == "Moon"
    rename_tier("silver", name_en="Star", name_zh="星卡", renamed_on=BEGINS + DAY, actor=TILL)
    assert Tier.objects.get(code="silver").name == "Moon"
    frozen_clock.set(NOON + 6 * DAY)
    assert Tier.objects.get(code="silver").names_on(BEGINS + DAY) == ("Star", "星卡")
    entry = Entry.objects.filter(action="loyalty.rename_tier").latest("id")
    assert (entry.before["name_en"], entry.after["name_en"]) == ("Moon", "Star")


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_tiers_are_added_and_renamed_from_the_programmes_change_screen(
    manager: Client, world: TradingWorld, frozen_clock
) -> None:
    page = manager.get("/loyalty/change").content.decode()
    assert "/loyalty/tiers/new" in page
    assert "/loyalty/tiers/silver/rename" in page
    form = {
        "code": "gold", "name_en": "Gold", "name_zh": "金卡", "starts_on": str(BEGINS),
        "above": "silver", "spend": "500", "visits": "2", "value": "0", "bonus": "100",
        "kind_1": "lounge", "en_1": "Lounge", "zh_1": "贵宾室",
    }  # fmt: skip
    refused = manager.post("/loyalty/tiers/new", form)
    assert refused.status_code == 422
    assert "must take more" in refused.content.decode()
    assert not Benefit.objects.exists()
    assert manager.post("/loyalty/tiers/new", {**form, "en_1": ""}).status_code == 422
    assert manager.post("/loyalty/tiers/new", {**form, "spend": "3000"}).status_code == 302
    assert programme().tier_on("gold", BEGINS) == TierLevel("gold", 3, 300_000, 2, 10_000)
    assert Benefit.objects.get().tier.code == "gold"  # type: ignore[union-attr]
    assert "Gold: Begins on 7 Mar 2026" in manager.get("/loyalty/").content.decode()
    assert "Gold, which begins on" in manager.get("/loyalty/tiers/change").content.decode()
    assert manager.get("/loyalty/what-if/new").status_code == 200
    name = {"name_en": "Moon", "name_zh": "月卡", "renamed_on": str(BEGINS)}
    assert manager.post("/loyalty/tiers/silver/rename", {**name, "name_zh": ""}).status_code == 422
    assert manager.post("/loyalty/tiers/silver/rename", name).status_code == 302
    assert "Moon from 7 Mar 2026 on" in manager.get("/loyalty/change").content.decode()
    assert manager.post("/loyalty/tiers/none/rename", name).status_code == 404


def test_a_reward_for_a_tier_that_begins_later_is_nobodys_yet(world: TradingWorld) -> None:
    from mallard.value.rewards.offering import _Ranks

    member_id = a_member(PHONE, store=world.bakery)
    add_tier(GOLD, starts_on=BEGINS, actor=TILL)
    assert not _Ranks(member_id, NOON.date()).reaches("gold")
    assert _Ranks(member_id, NOON.date()).reaches("member")


@pytest.fixture
def asking(client: Client, world: TradingWorld) -> Client:
    """A system of the whole group that may change the programme."""
    key = create_api_key(
        name="programme",
        scope=WHOLE_GROUP,
        permissions=("loyalty.view_programme", "loyalty.edit_programme"),
        actor=TILL,
    )
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key.plain}"
    return client


def said(asking: Client, **more: object) -> dict[str, object]:
    return {
        "code": "pearl", "name_en": "Pearl", "name_zh": "珍珠卡", "above": "member",
        "begins_on": BEGINS.isoformat(), "spend_minor": 50_000, "visits": 1, "bonus_bp": 1_000,
        "benefits": [{"kind": "parking", "name_en": "Parking", "name_zh": "停车", "amount": 3}],
        **more,
    }  # fmt: skip


class TestOverTheApi:
    def test_a_tier_is_added_once_however_often_it_is_asked_for(self, asking: Client) -> None:
        earlier_scheme()
        for _again in range(2):
            answer = asking.post(
                "/api/v1/tiers", said(asking), content_type="application/json",
                headers={"Idempotency-Key": "one"},
            )  # fmt: skip
            assert answer.status_code == 201, answer.content
            assert (answer.json()["rank"], answer.json()["begins_on"]) == (2, BEGINS.isoformat())
        found = asking.get("/api/v1/tiers").json()
        assert [(one["code"], one["rank"]) for one in found["tiers"]] == [
            ("member", 1), ("pearl", 2), ("silver", 3),
        ]  # fmt: skip
        assert found["tiers"][1]["benefits"][0]["amount"] == 3
        today, coming = found["thresholds"]
        assert [one["code"] for one in today["levels"]] == ["member", "silver"]
        assert today["levels"][1]["spend_minor"] == 90_000
        assert coming["starts_on"] == BEGINS.isoformat()
        assert [one["spend_minor"] for one in coming["levels"]] == [0, 50_000, 90_000]

    @pytest.mark.parametrize(
        ("more", "status", "code"),
        [
            ({"code": "silver"}, 409, "loyalty.tier_code_taken"),
            ({"above": "platinum"}, 422, "loyalty.no_such_tier"),
            ({"spend_minor": 10**9, "visits": 9}, 422, "loyalty.tiers_make_no_sense"),
            ({"code": "a b"}, 422, "kernel.invalid"),
            ({"name_zh": " "}, 422, "kernel.invalid"),
            ({"begins_on": "2020-01-01"}, 409, "loyalty.tiers_change_the_past"),
        ],
    )
    def test_what_makes_no_sense_changes_nothing(
        self, asking: Client, world: TradingWorld, more: dict, status: int, code: str
    ) -> None:
        a_member(PHONE, store=world.bakery)
        buy(world, "R1", 60_000, NOON - 10 * DAY)
        answer = asking.post("/api/v1/tiers", said(asking, **more), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
        assert Tier.objects.count() == 2
        assert TierScheme.objects.count() == 0

    def test_a_name_waits_for_its_day(self, asking: Client) -> None:
        later = {"name_en": "Sterling", "name_zh": "纯银卡", "renamed_on": BEGINS.isoformat()}
        address = "/api/v1/tiers/silver/name"
        answer = asking.put(address, later, content_type="application/json")
        assert (answer.json()["name_en"], answer.json()["coming_name_en"]) == ("Silver", "Sterling")
        at_once = {"name_en": "Silver card", "name_zh": "银卡"}
        answer = asking.put(address, at_once, content_type="application/json").json()
        assert (answer["name_en"], answer["coming_name_en"]) == ("Silver card", "")
        missing = asking.put("/api/v1/tiers/none/name", at_once, content_type="application/json")
        assert missing.status_code == 422
