"""Rewards through the API, with a key of one mall."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.test import Client

from mallard.kernel.access.actor import Scope
from mallard.value.ledger.queries import wallet_of
from mallard.value.rewards.tests.factories import (
    ACTOR,
    Counter,
    a_counter,
    a_reward,
    rich_members,
    stock_of,
)
from mallard.world.members.models import Member
from mallard.world.staff.services import create_api_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return a_counter()


@pytest.fixture
def machine(counter: Counter) -> Client:
    made = create_api_key(
        name="app",
        scope=Scope(mall_ids=frozenset([counter.desk.mall_id])),
        permissions=("rewards.view_reward", "rewards.redeem_reward", "members.view_member"),
        actor=ACTOR,
    )
    return Client(headers={"Authorization": f"Bearer {made.plain}"})


def post(machine: Client, path: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return machine.post(
        f"/api/v1/rewards{path}", orjson.dumps(body), content_type="application/json",
        headers=headers,
    )  # fmt: skip


def known(counter: Counter) -> Any:
    [member] = rich_members(counter, 1)
    Member.objects.filter(pk=member).update(enrolled_mall_id=counter.desk.mall_id)
    return member


def test_from_the_list_to_the_hand_over(machine: Client, counter: Counter) -> None:
    reward = a_reward(counter, stock=2)
    member = known(counter)
    [listed] = machine.get("/api/v1/rewards").json()["items"]
    assert (listed["code"], listed["stock"]) == (reward.code, [{"desk": "LAKE-D1", "free": 2}])
    body = {"member_id": str(member), "reward": reward.code, "desk": "LAKE-D1"}
    made = post(machine, "/redemptions", body, key="a")
    assert made.status_code == 201
    assert post(machine, "/redemptions", body, key="a").json() == made.json()
    assert stock_of(reward, counter.desk) == (2, 1)
    id_ = made.json()["id"]
    assert post(machine, f"/redemptions/{id_}/confirm", {}, key="b").json()["status"] == "confirmed"
    done = post(machine, f"/redemptions/{id_}/collect", {}, key="c").json()
    assert (done["status"], done["member_id"]) == ("collected", str(member))
    assert post(machine, f"/redemptions/{id_}/collect", {}, key="d").status_code == 409
    refused = post(machine, f"/redemptions/{id_}/cancel", {"reason": "no"}, key="e")
    assert (refused.status_code, wallet_of([member])[member].balance) == (403, 900)


def test_a_refusal_says_why_and_changes_nothing(machine: Client, counter: Counter) -> None:
    reward = a_reward(counter, stock=1)
    member = known(counter)
    body = {"member_id": str(member), "reward": reward.code, "desk": "LAKE-D1", "quantity": 2}
    answer = post(machine, "/redemptions", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "rewards.out_of_stock")
    for change in ({"desk": "HILL-D1"}, {"reward": "none"}, {"quantity": 0}, {"member_id": "x"}):
        assert post(machine, "/redemptions", body | change).status_code in (404, 422)
    assert wallet_of([member])[member].available == 1_000
    assert stock_of(reward, counter.desk) == (1, 0)
