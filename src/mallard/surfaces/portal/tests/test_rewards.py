"""Rewards on the member's page: what is told, and taking one with two presses."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from mallard.kernel.access.actor import system
from mallard.surfaces.portal.tests.factories import Shopper, a_shopper
from mallard.surfaces.portal.tests.test_pages import text_of
from mallard.value.ledger.models import FunderKind
from mallard.value.ledger.queries import wallet_of
from mallard.value.rewards import services
from mallard.value.rewards.inputs import DeskInput, RewardInput
from mallard.value.rewards.models import Desk, Redemption, Reward, Status
from mallard.value.rewards.rules import shown_code
from mallard.world.memberweb.tests.factories import signed_in

pytestmark = pytest.mark.django_db

ACTOR = system("tests")


@pytest.fixture
def shopper() -> Shopper:
    return a_shopper()


@pytest.fixture
def desk(shopper: Shopper) -> Desk:
    mall = shopper.world.place.lakeside
    [row] = services.save_desks(
        [DeskInput(code="LAKE-D1", mall_id=mall.pk, name_en="Front desk", name_zh="服务台")],
        actor=ACTOR,
    )
    return row


@pytest.fixture
def phone(shopper: Shopper) -> Client:
    return in_english(shopper.member)


def in_english(member: Any) -> Client:
    browser = signed_in(member)
    browser.cookies["django_language"] = "en"
    return browser


def a_reward(desk: Desk, code: str, points: int, *, stock: int = 3, **more: Any) -> Reward:
    values: dict[str, Any] = {
        "kind": "goods",
        "name_en": f"Reward {code}",
        "currency": "CNY",
        "funder_kind": FunderKind.MALL.value,
        "funder_id": desk.mall_id,
    }
    reward = services.create_reward(
        RewardInput(code=code, points=points, **(values | more)), actor=ACTOR
    )
    if stock:
        services.receive_stock(
            reward_id=reward.pk, desk_id=desk.pk, quantity=stock, key=f"r:{code}", actor=ACTOR
        )
    return reward


def take(phone: Client, reward: Reward, desk: Desk, **more: Any) -> Any:
    body = {"key": str(uuid4()), "desk": str(desk.pk), "quantity": "1"} | more
    return phone.post(f"/m/rewards/{reward.pk}", body)


def test_the_list_tells_what_can_be_had_and_what_stands_in_the_way(
    phone: Client, shopper: Shopper, desk: Desk
) -> None:
    a_reward(desk, "CUP", 300)
    a_reward(desk, "BAG", 900_000)
    a_reward(desk, "HAT", 200, stock=0)
    a_reward(desk, "VIP", 100, least_tier="silver")
    text = text_of(phone.get("/m/rewards"))
    assert re.search(r"Reward CUP 300 points (?!·)", text)
    assert re.search(r"Reward BAG 900,000 points · [\d,]+ points more needed", text)
    assert "Reward HAT 200 points · None left at the moment" in text
    assert re.search(r"Reward VIP 100 points (?!·)", text)
    less = text_of(in_english(shopper.other).get("/m/rewards"))
    assert "Reward VIP 100 points · From the tier Silver on" in less
    home = text_of(phone.get("/m/"))
    assert "Reward CUP" in home
    assert "Reward BAG" not in home


def test_two_presses_take_it_and_the_code_is_shown(
    phone: Client, shopper: Shopper, desk: Desk
) -> None:
    before = wallet_of([shopper.member.pk])[shopper.member.pk]
    reward = a_reward(desk, "CUP", 300, price_minor=500)
    assert "You can spend" in text_of(phone.get(f"/m/rewards/{reward.pk}"))
    answer = take(phone, reward, desk)
    row = Redemption.objects.get()
    assert answer.url == f"/m/rewards/taken/{row.pk}"
    held = text_of(phone.get(answer.url))
    assert "To be confirmed" in held
    assert shown_code(row.code) not in held, "nothing can be collected before it is confirmed"
    phone.post(f"{answer.url}/confirm")
    done = text_of(phone.get(answer.url))
    assert shown_code(row.code) in done
    assert "You pay CN¥5.00 there." in done
    after = wallet_of([shopper.member.pk])[shopper.member.pk]
    assert (before.balance - after.balance, after.held) == (300, 0)
    assert "To be collected" in text_of(phone.get("/m/"))


def test_not_now_gives_it_back(phone: Client, shopper: Shopper, desk: Desk) -> None:
    before = wallet_of([shopper.member.pk])[shopper.member.pk]
    place = take(phone, a_reward(desk, "CUP", 300), desk).url
    phone.post(f"{place}/let-go")
    assert "Nothing was spent." in text_of(phone.get(place))
    assert wallet_of([shopper.member.pk])[shopper.member.pk] == before
    phone.post(f"{place}/confirm")
    assert Redemption.objects.get().status == Status.CANCELLED


def test_the_same_form_sent_twice_takes_one(phone: Client, desk: Desk) -> None:
    reward, key = a_reward(desk, "CUP", 300), str(uuid4())
    assert take(phone, reward, desk, key=key).url == take(phone, reward, desk, key=key).url
    assert Redemption.objects.count() == 1


@pytest.mark.parametrize("quantity", ["0", "-1", "6", "one", ""])
def test_nonsense_is_refused_where_it_was_typed(phone: Client, desk: Desk, quantity: str) -> None:
    answer = take(phone, a_reward(desk, "CUP", 100), desk, quantity=quantity)
    assert answer.status_code == 422
    assert not Redemption.objects.exists()


def test_what_is_gone_meanwhile_is_told_in_the_form(
    phone: Client, shopper: Shopper, desk: Desk
) -> None:
    reward = a_reward(desk, "CUP", 100, stock=1)
    phone.get(f"/m/rewards/{reward.pk}")
    services.correct_stock(
        reward_id=reward.pk, desk_id=desk.pk, quantity=-1, reason="broken", key="c", actor=ACTOR
    )
    answer = take(phone, reward, desk)
    assert answer.status_code == 422
    assert "None left at the moment" in answer.content.decode()


def test_another_members_redemption_is_not_there(
    phone: Client, shopper: Shopper, desk: Desk
) -> None:
    place = take(phone, a_reward(desk, "CUP", 300), desk).url
    stranger = in_english(shopper.other)
    for path, method in ((place, "get"), (f"{place}/confirm", "post"), (f"{place}/let-go", "post")):
        assert getattr(stranger, method)(path).status_code == 404
    assert Redemption.objects.get().status == Status.HELD


def test_a_reward_that_is_not_offered_is_not_there(phone: Client, desk: Desk) -> None:
    reward = a_reward(desk, "CUP", 300)
    services.close_reward(reward.pk, actor=ACTOR)
    assert phone.get(f"/m/rewards/{reward.pk}").status_code == 404
    assert phone.get(f"/m/rewards/{uuid4()}").status_code == 404
