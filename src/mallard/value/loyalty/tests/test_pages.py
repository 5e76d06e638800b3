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
from mallard.value.loyalty.models import EarningRule
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
        "points": "2",
        "per_amount": "1.00",
        "tenant_share": "100",
        **more,
    }


def test_the_programme_is_told_in_sentences(manager: Client, world: TradingWorld) -> None:
    html = manager.get(reverse("loyalty:programme")).content.decode()
    for said in ("Star Club", "Silver", "50%", "1 point for every CN¥1.00", "Tenant 70%, mall 30%"):
        assert said in html
    assert "New earning rule" in html


def test_who_may_only_look_gets_no_form(client: Client, world: TradingWorld) -> None:
    client.force_login(a_staff_user("analyst"))
    answer = client.get(reverse("loyalty:programme"), headers={"Accept-Language": "en"})
    assert "New earning rule" not in answer.content.decode()
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, a_rule()).status_code == 403
    assert client.post("/loyalty/rules/base", a_rule()).status_code == 403
    assert EarningRule.objects.count() == 1


def test_a_new_rule_earns_from_its_moment_on(manager, world: TradingWorld, frozen_clock) -> None:
    a_member(PHONE, store=world.bakery)
    form = a_rule(category=str(world.bread_category.pk))
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
    shown = manager.get("/loyalty/rules/base").content.decode()
    assert 'value="1.00"' in shown or 'value="1"' in shown
    form = a_rule(code="ignored", points="3", tenant_share="50")
    assert manager.post("/loyalty/rules/base", form).status_code == 302
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


def test_before_there_is_a_programme_the_page_says_so(manager: Client, frozen_clock) -> None:
    assert "There is no member programme yet" in manager.get("/loyalty/").content.decode()
