"""Rules and benefits for the members on a list: posted, replayed, told; and what closing does."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.checkout.tests.test_limits_and_order import a_rule, earned
from mallard.value.checkout.tests.test_order_of_facts import tell
from mallard.value.loyalty.errors import NoSuchSegment
from mallard.value.loyalty.explaining import explain, glossary
from mallard.value.loyalty.list_segments import segment_of_list
from mallard.value.loyalty.models import Benefit, EarningRule
from mallard.value.loyalty.queries import latest_assessments, programme
from mallard.value.loyalty.rules import Kind
from mallard.value.loyalty.services import BenefitInput, add_benefit
from mallard.value.loyalty.standing import benefits_of
from mallard.value.loyalty.whatif.draft import Draft
from mallard.value.loyalty.whatif.replay import replay
from mallard.value.sales.models import Receipt
from mallard.world.lists.models import ListEntry, MemberList
from mallard.world.members.services import merge_members
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

PHONE, OTHER = "13812345678", "13912345678"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + 5 * HOUR)
    return a_trading_world()


@pytest.fixture
def press() -> MemberList:
    """A list that others see, too."""
    return MemberList.objects.create(name="Press", is_shared=True)


def put_on(found: MemberList, member_id: UUID) -> None:
    ListEntry.objects.create(list=found, member_id=member_id)


def test_who_is_on_the_list_earns_more_and_the_receipt_says_why(world, press: MemberList) -> None:
    a_rule("press", kind=Kind.MULTIPLIER, segment=segment_of_list(press.pk))
    put_on(press, a_member(PHONE, store=world.bakery))
    a_member(OTHER, store=world.bakery)
    tell(
        a_receipt(world.bakery, "R1", phone=PHONE, at=NOON),
        a_receipt(world.bakery, "R2", phone=OTHER, at=NOON),
    )
    assert earned() == {"R1": 200, "R2": 100}
    receipt_id = Receipt.objects.get(number="R1").id
    facts = latest_assessments([receipt_id])[receipt_id]
    assert "Press" in str(explain(facts, glossary([facts])))


def test_a_list_counts_as_it_was_at_the_purchase(world, press: MemberList) -> None:
    a_rule("press", kind=Kind.MULTIPLIER, segment=segment_of_list(press.pk))
    put_on(press, a_member(PHONE, store=world.bakery))
    tell(a_receipt(world.bakery, "R1", phone=PHONE, at=NOON))
    ListEntry.objects.all().delete()
    tell(a_receipt(world.bakery, "R2", phone=PHONE, at=NOON + HOUR))
    put_on(press, Receipt.objects.get(number="R1").member_id)
    MemberList.objects.update(closed_at=NOON)
    tell(a_receipt(world.bakery, "R3", phone=PHONE, at=NOON + 2 * HOUR))
    assert earned() == {"R1": 200, "R2": 100, "R3": 100}


def test_a_list_holds_for_the_person_whichever_record_is_on_it(world, press: MemberList) -> None:
    a_rule("press", kind=Kind.MULTIPLIER, segment=segment_of_list(press.pk))
    survivor = a_member(PHONE, store=world.bakery)
    merged = a_member(OTHER, store=world.bakery)
    put_on(press, merged)
    merge_members(survivor, merged_id=merged, actor=TILL)
    tell(a_receipt(world.bakery, "R1", phone=PHONE, at=NOON))
    assert earned() == {"R1": 200}
    add_benefit(
        BenefitInput("lounge", "Lounge", "贵宾室", segment=segment_of_list(press.pk)), actor=TILL
    )
    assert [one.kind for one in benefits_of(survivor, None)] == ["lounge"]


def test_a_what_if_asks_the_list_too(world: TradingWorld, press: MemberList) -> None:
    a_rule("press", kind=Kind.MULTIPLIER, segment=segment_of_list(press.pk))
    member_id = a_member(PHONE, store=world.bakery)
    a_member(OTHER, store=world.bakery)
    tell(
        a_receipt(world.bakery, "R1", phone=PHONE, at=NOON),
        a_receipt(world.bakery, "R2", phone=OTHER, at=NOON),
    )
    put_on(press, member_id)
    facts = programme()
    was = replay(NOON.date(), NOON.date(), facts, Draft(left_out=("press",)).programme(facts))
    now = replay(NOON.date(), NOON.date(), facts, Draft().programme(facts))
    assert (was["same"], now["same"]) == (2, 1)
    assert now["by_rule"]["press"] == [0, 100]


@pytest.mark.parametrize("fault", ["private", "closed", "unknown"])
def test_nothing_new_is_for_a_list_that_is_not_offered(world, press, fault: str) -> None:
    MemberList.objects.create(name="Another", is_shared=True)
    if fault == "private":
        MemberList.objects.filter(pk=press.pk).update(is_shared=False)
    elif fault == "closed":
        MemberList.objects.filter(pk=press.pk).update(closed_at=NOON)
    else:
        press.delete()
    key = segment_of_list(press.pk or UUID(int=1))
    with pytest.raises(NoSuchSegment):
        a_rule("press", kind=Kind.MULTIPLIER, segment=key)
    with pytest.raises(NoSuchSegment):
        add_benefit(BenefitInput("lounge", "Lounge", "贵宾室", segment=key), actor=TILL)
    assert EarningRule.objects.count() == 1
    assert not Benefit.objects.exists()


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_lists_are_choices_on_the_screens_of_rules_and_benefits(
    manager: Client, world: TradingWorld, press: MemberList
) -> None:
    key = segment_of_list(press.pk)
    form = {
        "code": "press", "name_en": "Press", "name_zh": "媒体", "kind": "multiplier", "factor": "2",
        "segment": key, "tenant_share": "0",
    }  # fmt: skip
    assert key in manager.get("/loyalty/rules/new").content.decode()
    assert manager.post("/loyalty/rules/new", form).status_code == 302
    assert "in the segment Press" in manager.get("/loyalty/rules/press").content.decode()
    benefit = {"kind": "parking", "name_en": "Parking", "name_zh": "停车", "amount": "3",
               "whose": f"segment:{key}"}  # fmt: skip
    assert f"segment:{key}" in manager.get("/loyalty/benefits/new").content.decode()
    assert manager.post("/loyalty/benefits/new", benefit).status_code == 302
    assert "Press" in manager.get("/loyalty/").content.decode()
    # Closed: the rule goes on naming it, and a change does not widen the rule to everybody.
    MemberList.objects.update(closed_at=NOON)
    assert "in the segment Press" in manager.get("/loyalty/rules/press").content.decode()
    assert key in manager.get("/loyalty/rules/press/change").content.decode()
    answer = manager.post("/loyalty/rules/press/change", form)
    assert answer.status_code == 422
    assert "No member segments are set up here" in answer.content.decode()


def test_the_api_tells_benefits_of_a_list(client: Client, world, press: MemberList) -> None:
    member_id = a_member(PHONE, store=world.bakery)
    put_on(press, member_id)
    add_benefit(
        BenefitInput("priority", "First", "优先", segment=segment_of_list(press.pk)), actor=TILL
    )
    key = create_api_key(
        name="app",
        scope=WHOLE_GROUP,
        permissions=("loyalty.view_programme", "members.view_member"),
        actor=TILL,
    )
    headers = {"Authorization": f"Bearer {key.plain}"}
    found = client.get(f"/api/v1/members/{member_id}/tier", headers=headers).json()
    assert [one["kind"] for one in found["benefits"]] == ["priority"]
