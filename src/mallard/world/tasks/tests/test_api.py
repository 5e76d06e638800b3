"""Tasks through the API, with a key of one mall."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.test import Client

from mallard.kernel.access.actor import Scope
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.services import create_api_key
from mallard.world.tasks.models import Task
from mallard.world.tasks.tests.factories import SYSTEM, a_task

pytestmark = pytest.mark.django_db
PERMISSIONS = (
    "tasks.view_task", "tasks.view_every_task", "tasks.open_task", "tasks.work_on_task",
    "tasks.assign_task", "members.view_member",
)  # fmt: skip


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def machine(world: World) -> Client:
    scope = Scope(mall_ids=frozenset([world.lakeside.id]))
    made = create_api_key(name="robot", scope=scope, permissions=PERMISSIONS, actor=SYSTEM)
    return Client(headers={"Authorization": f"Bearer {made.plain}"})


def post(machine: Client, path: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return machine.post(
        f"/api/v1{path}", orjson.dumps(body), content_type="application/json", headers=headers
    )


def test_opened_listed_and_finished(machine: Client, world: World) -> None:
    body = {"title": "Check the scale", "store_code": "LAKE-BAKERY", "key": "scale-1"}
    answer = post(machine, "/tasks", body, key="once")
    assert answer.status_code == 201
    id_ = answer.json()["id"]
    again = post(machine, "/tasks", body, key="once")
    assert (again.status_code, again.json()["id"]) == (201, id_)
    same = post(machine, "/tasks", body, key="twice")
    assert (same.status_code, same.json()) == (200, {"id": id_, "is_new": False})
    a_task(store_id=world.hillside_bakery.id)
    listed = machine.get("/api/v1/tasks", {"status": "open"}).json()["items"]
    assert [(one["id"], one["title"], one["store_code"]) for one in listed] == [
        (id_, "Check the scale", "LAKE-BAKERY")
    ]
    assert post(machine, f"/tasks/{id_}/finish", {"outcome": "Calibrated"}).status_code == 204
    assert Task.objects.get(pk=id_).outcome == "Calibrated"
    assert post(machine, f"/tasks/{id_}/finish", {}).status_code == 409
    assert machine.get("/api/v1/tasks", {"status": "open"}).json()["items"] == []


def test_words_about_a_member_stay_hidden_from_who_may_not_see_names(
    machine: Client, world: World
) -> None:
    member = a_member(mall_id=world.lakeside.id)
    body = {"title": "Ring Ms Zhou", "member_id": str(member.id)}
    assert post(machine, "/tasks", body).status_code == 201
    listed = machine.get("/api/v1/tasks").json()["items"]
    assert [(one["title"], one["member_id"]) for one in listed] == [("Follow-up", str(member.id))]


@pytest.mark.parametrize(
    "wrong",
    [{"store_code": "HILL-BAKERY"}, {"kind": "nonsense"}, {"role": "king"}, {"title": ""}],
)
def test_wrong_input_is_said_and_changes_nothing(machine: Client, wrong: dict[str, str]) -> None:
    answer = post(machine, "/tasks", {"title": "Check", **wrong})
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert not Task.objects.exists()


def test_a_task_elsewhere_cannot_be_finished(machine: Client, world: World) -> None:
    task = a_task(store_id=world.hillside_bakery.id)
    assert post(machine, f"/tasks/{task.id}/finish", {}).status_code == 404
    task.refresh_from_db()
    assert task.is_open
