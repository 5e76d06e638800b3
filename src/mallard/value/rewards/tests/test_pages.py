"""Rewards on screen, as somebody at the service desk of one mall meets them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import Scope
from mallard.value.checkout.tests.factories import a_member
from mallard.value.ledger.queries import wallet_of
from mallard.value.rewards.models import Redemption, Reward, Status
from mallard.value.rewards.rules import shown_code
from mallard.value.rewards.tests.factories import (
    Counter,
    a_counter,
    a_reward,
    give,
    place,
    rich_members,
    stock_of,
)
from mallard.world.members.models import Member
from mallard.world.members.services import merge_members
from mallard.world.members.tests.factories import SYSTEM
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return a_counter()


@pytest.fixture
def agent(client: Client, counter: Counter) -> Client:
    scope = Scope(mall_ids=frozenset([counter.desk.mall_id]))
    client.force_login(a_staff_user("service_agent", scope=scope))
    return client


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager", scope=Scope(is_group=True)))
    return client


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def known_member(counter: Counter) -> Any:
    [member] = rich_members(counter, 1)
    Member.objects.filter(pk=member).update(enrolled_mall_id=counter.desk.mall_id)
    return member


def test_redeemed_confirmed_handed_over_and_taken_back(agent: Client, counter: Counter) -> None:
    reward = a_reward(counter, stock=2)
    member = known_member(counter)
    page = reverse("rewards:redeem", args=[member])
    key = agent.get(page).context["form"]["key"].value()
    body = {"key": key, "reward": reward.pk, "desk": counter.desk.pk, "quantity": 1}
    first = agent.post(page, body)
    assert agent.post(page, body)["Location"] == first["Location"]
    row = Redemption.objects.get()
    assert "Held until" in text_of(agent.get(first["Location"]))
    agent.post(reverse("rewards:confirm", args=[row.pk]))
    found = agent.post(reverse("rewards:find"), {"code": shown_code(row.code).lower()})
    assert found["Location"] == first["Location"]
    agent.post(reverse("rewards:collect", args=[row.pk]))
    assert stock_of(reward, counter.desk) == (1, 0)
    cancel = reverse("rewards:cancel", args=[row.pk])
    assert agent.post(cancel, {"reason": ""}).status_code == 422
    agent.post(cancel, {"reason": "Broken", "is_goods_back": ""})
    row.refresh_from_db()
    assert (row.status, stock_of(reward, counter.desk)) == (Status.CANCELLED, (1, 0))
    assert wallet_of([member])[member].balance == 1_000
    assert "Broken" in text_of(agent.get(first["Location"]))


def test_a_refusal_stands_in_the_form(agent: Client, counter: Counter) -> None:
    reward = a_reward(counter, stock=1)
    page = reverse("rewards:redeem", args=[known_member(counter)])
    answer = agent.post(
        page, {"key": "k", "reward": reward.pk, "desk": counter.desk.pk, "quantity": 2}
    )
    assert answer.status_code == 422
    assert "Only 1 left at Lakeside desk; 2 were asked for." in text_of(answer)
    unknown = agent.post(reverse("rewards:find"), {"code": "nonsense"})
    assert unknown.status_code == 422
    assert "has this code" in text_of(unknown)


def test_slip_and_qr(agent: Client, counter: Counter) -> None:
    reward = a_reward(counter, stock=1)
    row = place(known_member(counter), reward, counter.desk, is_confirmed=True)
    assert shown_code(row.code) in text_of(agent.get(reverse("rewards:slip", args=[row.pk])))
    picture = agent.get(reverse("rewards:qr", args=[row.pk]))
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content


def test_another_malls_desk_is_not_there(agent: Client, counter: Counter) -> None:
    reward = a_reward(counter, stock=1)
    from mallard.value.rewards.tests.factories import receive

    receive(reward, counter.far_desk, 1)
    row = place(known_member(counter), reward, counter.far_desk)
    assert agent.get(reverse("rewards:redemption", args=[row.pk])).status_code == 404
    assert "Hillside desk" not in text_of(agent.get(reverse("rewards:desks")))
    assert "Hillside desk" not in text_of(agent.get(reverse("rewards:reward", args=[reward.pk])))


def test_a_reward_is_made_stocked_and_closed(manager: Client, counter: Counter) -> None:
    body = {
        "code": "MUG", "kind": "goods", "name_en": "Mug", "name_zh": "马克杯", "points": "1200",
        "price": "9.90", "cost": "12", "currency": "CNY", "is_counted": "on",
        "funder": f"mall:{counter.desk.mall_id}", "hold_minutes": "30", "collect_days": "14",
    }  # fmt: skip
    wrong = manager.post(reverse("rewards:new"), body | {"limit_days": "5"})
    assert wrong.status_code == 422
    assert "Say how many within these days." in text_of(wrong)
    made = manager.post(reverse("rewards:new"), body)
    row = Reward.objects.get(code="MUG")
    assert (row.price_minor, row.cost_minor, made["Location"]) == (
        990, 1_200, reverse("rewards:reward", args=[row.pk]),
    )  # fmt: skip
    stock = {"act": "receive", "desk": counter.desk.pk, "quantity": "7", "key": "s1"}
    manager.post(reverse("rewards:stock", args=[row.pk]), stock)
    manager.post(reverse("rewards:stock", args=[row.pk]), stock)
    assert stock_of(row, counter.desk) == (7, 0)
    shown = text_of(manager.get(reverse("rewards:reward", args=[row.pk])))
    assert "1,200 points + CN¥9.90" in shown
    manager.post(reverse("rewards:close", args=[row.pk]))
    assert "Not offered" in text_of(manager.get(reverse("rewards:rewards")))
    manager.post(reverse("rewards:edit", args=[row.pk]), body | {"points": "900"})
    row.refresh_from_db()
    assert row.points == 900


def test_lists_ask_a_fixed_number_of_questions(
    manager: Client, counter: Counter, django_assert_max_num_queries: Any
) -> None:
    for _n in range(4):
        reward = a_reward(counter, stock=3)
        place(rich_members(counter, 1)[0], reward, counter.desk)
    for name in ("rewards", "redemptions", "movements", "desks"):
        page = reverse(f"rewards:{name}")
        manager.get(page)
        with django_assert_max_num_queries(22):
            assert manager.get(page).status_code == 200


def test_a_member_at_the_counter_is_found_by_what_they_show(
    agent: Client, counter: Counter
) -> None:
    member = a_member("13800138000", store=counter.trade.bakery)
    reward = a_reward(counter, stock=1)
    page = reverse("rewards:counter")
    here = reverse("rewards:at_counter", args=[member])
    number = Member.objects.get(pk=member).number
    for said in ("138 0013 8000", "+86 13800138000", number):
        assert agent.post(page, {"who": said})["Location"] == here
    for said in ("13900000001", "nonsense", ""):
        assert agent.post(page, {"who": said}).status_code in (200, 422)
    assert "Nobody that you may see" in text_of(agent.post(page, {"who": "13900000001"}))
    give(counter, member, 300)
    row = place(member, reward, counter.desk, is_confirmed=True)
    shown = text_of(agent.get(here))
    assert shown_code(row.code) in shown
    assert "Why the points are what they are" in shown
    opened = reverse("rewards:redemption", args=[row.pk])
    assert agent.post(page, {"who": shown_code(row.code)})["Location"] == opened


def test_who_shows_what_a_merged_record_is_known_by_is_served_as_the_survivor(
    agent: Client, counter: Counter
) -> None:
    survivor = a_member("13800138000", store=counter.trade.bakery)
    merged = a_member("13900139000", store=counter.trade.bakery)
    merge_members(survivor, merged_id=merged, actor=SYSTEM)
    here = reverse("rewards:at_counter", args=[survivor])
    assert agent.post(reverse("rewards:counter"), {"who": "139 0013 9000"})["Location"] == here
    shown = text_of(agent.get(here))
    assert "8000" in shown
    assert "9000" in shown


def test_a_stranger_to_the_mall_is_not_found_at_its_counter(
    agent: Client, counter: Counter
) -> None:
    elsewhere = a_member("13800138001", store=counter.trade.place.hillside_bakery)
    answer = agent.post(reverse("rewards:counter"), {"who": "13800138001"})
    assert answer.status_code == 422
    assert agent.get(reverse("rewards:at_counter", args=[elsewhere])).status_code == 404
