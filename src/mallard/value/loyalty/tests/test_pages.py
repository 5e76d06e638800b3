"""The programme on screen, and setting its rules."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.audit.models import Entry
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.loyalty.models import EarningRule, PointsBudget, Tier
from mallard.value.loyalty.pages.tiers import told
from mallard.value.loyalty.rules.schemes import Cause, Change
from mallard.value.sales.models import Source
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
NEW = "/loyalty/rules/new"


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON)
    return a_trading_world(tenant_share_bp=7_000)


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def a_rule(**more: str) -> dict[str, str]:
    return {
        "code": "double",
        "name_en": "Double on bread",
        "name_zh": "面包双倍",
        "kind": "amount",
        "points": "2",
        "per_amount": "1.00",
        "tenant_share": "100",
        **more,
    }


def test_the_programme_is_told_in_sentences(manager: Client, world: TradingWorld) -> None:
    html = manager.get(reverse("loyalty:programme")).content.decode()
    for said in (
        "Star Club",
        "Silver",
        "50%",
        "Members earn 1 point for every CN¥1.00.",
        "Tenant 70%, mall 30%",
    ):
        assert said in html
    assert "New earning rule" in html


def test_who_may_only_look_gets_no_form(client: Client, world: TradingWorld) -> None:
    client.force_login(a_staff_user("analyst"))
    answer = client.get(reverse("loyalty:programme"), headers={"Accept-Language": "en"})
    assert "New earning rule" not in answer.content.decode()
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, a_rule()).status_code == 403
    assert client.post("/loyalty/rules/base/change", a_rule()).status_code == 403
    assert EarningRule.objects.count() == 1


def test_a_new_rule_earns_from_its_moment_on(manager, world: TradingWorld, frozen_clock) -> None:
    a_member(PHONE, store=world.bakery)
    form = a_rule(categories=str(world.bread_category.pk))
    assert manager.post(NEW, form).status_code == 302
    frozen_clock.advance(hours=1)
    before, after = (
        a_receipt(world.bakery, number, 10_000, phone=PHONE, at=at)
        for number, at in (("R1", NOON), ("R2", NOON + dt.timedelta(minutes=30)))
    )
    outcomes = record_receipts([before, after], actor=TILL, source=Source.POS)
    assert [outcome.points for outcome in outcomes] == [100, 200]
    assert Entry.objects.filter(action="loyalty.set_earning_rule").count() == 2


def test_a_change_is_a_next_version(manager: Client, world: TradingWorld) -> None:
    shown = manager.get("/loyalty/rules/base/change").content.decode()
    assert 'value="1.00"' in shown or 'value="1"' in shown
    form = a_rule(code="ignored", points="3", tenant_share="50")
    assert manager.post("/loyalty/rules/base/change", form).status_code == 302
    first, second = EarningRule.objects.filter(code="base").order_by("version")
    assert first.ends_at == second.starts_at > NOON
    assert (second.points, second.tenant_share_bp) == (3, 5_000)
    html = manager.get(reverse("loyalty:programme")).content.decode()
    assert html.count("Double on bread") == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"per_amount": "0"}, "greater than or equal"),
        ({"tenant_share": "101"}, "less than or equal"),
        ({"points": "-1"}, "greater than or equal"),
        ({"code": "no spaces"}, "valid"),
        ({"name_en": ""}, "required"),
        ({"points": ""}, "Say how many points"),
        ({"month_days": "8, 32"}, "from 1 to 31"),
        ({"hour_from": "9"}, "Give both hours or none"),
        ({"products": "NO-SUCH"}, "does not know NO-SUCH"),
        ({"kind": "multiplier", "factor": "1"}, "greater than or equal"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(manager, world, fault, said: str) -> None:
    answer = manager.post(NEW, a_rule(**fault))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert EarningRule.objects.count() == 1


def test_a_rule_never_changes_what_was_earned(manager: Client, world, frozen_clock) -> None:
    a_member(PHONE, store=world.bakery)
    record_receipts([a_receipt(world.bakery, "R1", phone=PHONE)], actor=TILL, source=Source.POS)
    frozen_clock.advance(hours=1)
    answer = manager.post(NEW, a_rule(starts_at="2026-03-02T10:00"))
    assert answer.status_code == 422
    assert "receipts were already assessed" in answer.content.decode()
    assert EarningRule.objects.count() == 1


GOLD_SUNDAYS = {
    "code": "silver-sundays",
    "name_en": "silver double on Sundays",
    "name_zh": "周日银卡双倍",
    "points": "",
    "per_amount": "",
    "kind": "multiplier",
    "factor": "2",
    "tiers": "silver",
    "weekdays": "7",
    "cap_day": "500",
    "tenant_share": "0",
}


def test_a_rule_is_read_back_in_both_languages(manager: Client, world: TradingWorld) -> None:
    bakeries = world.bakery.trade_category
    bakeries.name_en, bakeries.name_zh = "bakeries", "烘焙门店"
    bakeries.save()
    form = a_rule(**GOLD_SUNDAYS, trade_categories=str(bakeries.pk))
    shown = manager.post("/loyalty/rules/preview", form).content.decode()
    assert (
        "Members of Silver earn double points on Sundays at bakeries, at most 500 a day."
    ) in shown
    assert "周日银卡会员在烘焙门店双倍积分，每日最多 500 分" in shown
    assert EarningRule.objects.count() == 1
    assert manager.post("/loyalty/rules/new", form).status_code == 302
    page = manager.get("/loyalty/rules/silver-sundays").content.decode()
    assert "周日银卡会员在烘焙门店双倍积分，每日最多 500 分" in page


def test_a_preview_says_what_is_missing(manager: Client, world: TradingWorld) -> None:
    shown = manager.post("/loyalty/rules/preview", {"kind": "amount"}).content.decode()
    assert "Say how many points" in shown


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "unit", "points": "5", "units": "2"}, "earn 5 points for every 2 pieces."),
        ({"basis": "before_tax", "tax": "13"}, "2 points for every CN¥1.00 without 13% tax."),
        ({"tenders": "voucher"}, "what is paid by vouchers left out."),
        (
            {"kind": "award", "points": "10", "once": "visit"},
            "Members earn 10 points more, once a visit.",
        ),
        ({"kind": "award", "points": "50", "moment": "first"}, "50 points more on their first"),
        (
            {"kind": "multiplier", "factor": "1.5", "moment": "month"},
            "1.5 times the points in the month of their birthday.",
        ),
        (
            {"kind": "multiplier", "hour_from": "22", "hour_to": "2", "month_days": "8，18"},
            "double points on day 8 and 18 of the month from 22:00 to 02:00.",
        ),
        ({"kind": "welcome", "points": "100"}, "New members get 100 points when they join."),
        (
            {"total_cap": "9000", "cap_receipt": "90"},
            "at most 90 a receipt, at most 9,000 in total",
        ),
    ],
)
def test_every_kind_of_rule_is_told_as_typed_and_as_stored(manager, world, fields, said) -> None:
    form = a_rule(**fields)
    assert said in manager.post("/loyalty/rules/preview", form).content.decode()
    assert manager.post(NEW, form).status_code == 302
    stored = manager.get("/loyalty/rules/double").content.decode()
    assert said in stored
    again = manager.get("/loyalty/rules/double/change")
    assert again.status_code == 200
    retyped = {
        name: value
        for name, value in again.context["form"].initial.items()
        if value not in (None, "", (), [])
    }
    assert said in manager.post("/loyalty/rules/preview", retyped).content.decode()


def test_a_rule_ends_and_keeps_its_history(manager, world: TradingWorld, frozen_clock) -> None:
    manager.post(NEW, a_rule())
    frozen_clock.advance(hours=1)
    assert manager.post("/loyalty/rules/double/end", {}).status_code == 302
    frozen_clock.advance(hours=1)
    page = manager.get("/loyalty/rules/double").content.decode()
    assert "Ended" in page
    assert "Change" in page
    refused = manager.post("/loyalty/rules/double/end", {})
    assert refused.status_code == 422
    assert Entry.objects.filter(action="loyalty.end_earning_rule").count() == 1


def test_a_receipt_explains_itself(manager: Client, world: TradingWorld, frozen_clock) -> None:
    form = a_rule(code="gold", name_en="double on Mondays", name_zh="周一双倍", kind="multiplier",
                  weekdays="1", cap_day="40", tenant_share="0")  # fmt: skip
    manager.post(NEW, form)
    frozen_clock.advance(hours=1)
    member_id = a_member(PHONE, store=world.bakery)
    at = NOON + dt.timedelta(minutes=30)
    sale = a_receipt(world.bakery, "R1", 8_000, phone=PHONE, at=at)
    [outcome] = record_receipts([sale], actor=TILL, source=Source.POS)
    page = f"/sales/receipts/{outcome.receipt_id}"
    assert "120 = 80 base + 40 double on Mondays" in manager.get(page).content.decode()
    assert "beyond the limit" in manager.get(page).content.decode()
    zh = manager.get(page, headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "120 = 基础 80 + 周一双倍 40" in zh
    assert "120 = 80 base" in manager.get(f"/members/{member_id}/timeline").content.decode()


def test_a_budget_is_set_and_never_below_what_was_given(manager, world: TradingWorld) -> None:
    form = {"code": "spring", "name_en": "Spring", "name_zh": "春季", "limit_points": "1000"}
    assert manager.post("/loyalty/budgets/new", form).status_code == 302
    PointsBudget.objects.update(used_points=500)
    refused = manager.post("/loyalty/budgets/spring", {**form, "limit_points": "400"})
    assert refused.status_code == 422
    assert "500 points of this budget were given already" in refused.content.decode()
    assert (
        manager.post("/loyalty/budgets/spring", {**form, "limit_points": "500"}).status_code == 302
    )
    assert "Spring" in manager.get("/loyalty/").content.decode()


def test_before_there_is_a_programme_the_page_says_so(manager: Client, frozen_clock) -> None:
    assert "There is no member programme yet" in manager.get("/loyalty/").content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "page",
    [
        "", "rules/new", "rules/base", "rules/base/change", "rules/base/end", "budgets/new",
        "tiers/change", "benefits/new", "what-if/", "what-if/new",
    ],
)  # fmt: skip
def test_every_page_opens_in_both_languages(manager, world, page: str, language: str) -> None:
    answer = manager.get(f"/loyalty/{page}", headers={"Accept-Language": language})
    assert answer.status_code == 200


def test_the_first_tier_of_all_is_where_everybody_begins(world: TradingWorld) -> None:
    lowest, *higher = Tier.objects.order_by("rank")
    day = dt.date(2026, 3, 11)
    begun, reached = told(
        [
            Change(day, None, lowest.code, Cause.REACHED, ""),
            Change(day, None, higher[0].code, Cause.REACHED, ""),
        ]
    )
    assert begun.why == "Everybody begins here"
    assert reached.why == "Reached by what was bought"
