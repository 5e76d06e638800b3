"""Malls and stores over HTTP: what a key sees, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mallard.kernel.access.actor import Scope, system
from mallard.world.malls.permissions import VIEW_MALL, VIEW_STORE
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.staff.services import create_api_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_mall_group()


def get(path: str, *, permissions: list[str], **scope: Any) -> Any:
    ids = {name: frozenset(pks) for name, pks in scope.items()}
    made = create_api_key(
        name="till",
        scope=Scope(**ids) if ids else Scope(is_group=True),
        permissions=permissions,
        actor=system("test"),
    )
    return Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {made.plain}"})


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["code"] for item in answer.json()["items"]]


def test_key_of_a_mall_lists_its_stores_only(world: World):
    answer = get("/stores", permissions=[VIEW_STORE], mall_ids=[world.lakeside.pk])
    assert codes(answer) == ["LAKE-BAKERY", "LAKE-PHARM"]
    first = answer.json()["items"][0]
    assert first["name_zh"] == "暖阳烘焙湖畔店"
    assert (first["mall_code"], first["tenant_code"]) == ("LAKE", "BAKERY")
    assert (first["unit_code"], first["currency"]) == ("L1-01", "CNY")


def test_stores_are_narrowed_and_paged(world: World):
    wanted = [VIEW_STORE]
    assert codes(get("/stores?mall=HILL&q=药房", permissions=wanted)) == ["HILL-PHARM"]
    assert codes(get("/stores?tenant=BAKERY", permissions=wanted)) == ["HILL-BAKERY", "LAKE-BAKERY"]
    page = get("/stores?limit=3", permissions=wanted).json()
    assert len(page["items"]) == 3
    rest = get(f"/stores?limit=3&cursor={page['next_cursor']}", permissions=wanted)
    assert codes(rest) == ["LAKE-PHARM"]
    assert rest.json()["next_cursor"] is None


def test_store_out_of_scope_is_not_there(world: World):
    mine = get("/stores/LAKE-BAKERY", permissions=[VIEW_STORE], tenant_ids=[world.bakery.pk])
    assert mine.json()["code"] == "LAKE-BAKERY"
    for code in ("LAKE-PHARM", "NOBODY"):
        answer = get(f"/stores/{code}", permissions=[VIEW_STORE], tenant_ids=[world.bakery.pk])
        assert answer.status_code == 404
        assert answer.json()["code"] == "kernel.not_found"


def test_malls_are_those_of_the_keys_stores(world: World):
    answer = get("/malls", permissions=[VIEW_MALL], store_ids=[world.hillside_bakery.pk])
    assert codes(answer) == ["HILL"]
    assert answer.json()["items"][0]["business_day_cutoff_hour"] == 5


def test_key_without_the_permission_is_refused(world: World):
    assert get("/stores", permissions=[VIEW_MALL]).status_code == 403
    assert get("/malls", permissions=[VIEW_STORE]).status_code == 403
    assert Client().get("/api/v1/stores").status_code == 401
