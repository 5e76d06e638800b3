"""Counters and reports over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mallard.kernel.access.actor import Scope, system
from mallard.world.footfall.permissions import RECORD_FOOTFALL, VIEW_FOOTFALL
from mallard.world.footfall.tests.factories import an_entrance
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.staff.services import create_api_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(frozen_clock) -> World:
    made = a_mall_group()
    an_entrance(made.lakeside)
    an_entrance(made.hillside)
    return made


def headers(world: World) -> dict[str, str]:
    made = create_api_key(
        name="counter",
        scope=Scope(mall_ids=frozenset({world.lakeside.pk})),
        permissions=[RECORD_FOOTFALL, VIEW_FOOTFALL],
        actor=system("test"),
    )
    return {"Authorization": f"Bearer {made.plain}"}


def count(at: str = "2026-03-01T12:15:00+08:00", mall: str = "LAKE", **more: Any) -> dict[str, Any]:
    return {"mall": mall, "entrance": "NORTH", "at": at, "entries": 84, "exits": 61, **more}


def post(world: World, items: list[dict[str, Any]]) -> Any:
    return Client().post(
        "/api/v1/footfall/batch",
        {"items": items},
        content_type="application/json",
        headers=headers(world),
    )


def test_each_count_answers_for_itself(world: World):
    answer = post(world, [count(), count(mall="HILL"), count("2026-03-01T12:16:00+08:00")])
    assert answer.status_code == 200, answer.content
    items = answer.json()["items"]
    assert [item["status"] for item in items] == ["recorded", "refused", "refused"]
    assert items[0]["revision"] == 1
    assert items[1]["error"]["code"] == "footfall.unknown_entrance"
    assert items[2]["error"]["code"] == "footfall.not_a_quarter"
    again = post(world, [count()]).json()["items"]
    assert [item["status"] for item in again] == ["unchanged"]
    assert post(world, [count(face="…")]).status_code == 422


def test_days_and_hours_are_read_back(world: World):
    post(world, [count(), count("2026-03-02T01:00:00+08:00")])

    def read(query: str) -> Any:
        return Client().get(f"/api/v1/footfall?{query}", headers=headers(world))

    days = read("mall=LAKE&first=2026-03-01&last=2026-03-02").json()["items"]
    assert [(day["business_day"], day["entries"]) for day in days] == [("2026-03-01", 168)]
    hours = read("mall=LAKE&first=2026-03-01&last=2026-03-01&by=hour").json()["items"]
    assert [(one["hour"], one["exits"]) for one in hours] == [(1, 61), (12, 61)]
    assert read("mall=HILL&first=2026-03-01&last=2026-03-01").json()["items"] == []
    assert read("mall=LAKE&first=2026-03-01&last=2026-04-01&by=hour").status_code == 422
    assert read("mall=LAKE&first=2026-03-02&last=2026-03-01").status_code == 422


def test_entrances_of_the_keys_malls_are_listed(world: World):
    answer = Client().get("/api/v1/footfall/entrances", headers=headers(world))
    assert [(one["mall"], one["code"]) for one in answer.json()["items"]] == [("LAKE", "NORTH")]
