"""Members through the API, with a key of one mall."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members import services
from mallard.world.members.models import Consent, Member
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.staff.services import create_api_key

pytestmark = pytest.mark.django_db
PERMISSIONS = (
    "members.view_member", "members.enrol_member", "members.change_member",
    "members.record_consent",
)  # fmt: skip


class Till:
    """A machine with an API key."""

    def __init__(self, scope: Scope, *permissions: str) -> None:
        made = create_api_key(name="till", scope=scope, permissions=permissions, actor=SYSTEM)
        self.client = Client(headers={"Authorization": f"Bearer {made.plain}"})

    def call(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.client.generic(
            method, f"/api/v1{path}", _json(body), "application/json", headers=headers
        )
        return answer.status_code, answer.json() if answer.content else None


def _json(body: Any) -> bytes:
    import orjson

    return orjson.dumps(body) if body is not None else b""


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def till(world: World) -> Till:
    return Till(Scope(mall_ids=frozenset([world.lakeside.id])), *PERMISSIONS)


def a_person(**more: Any) -> dict[str, Any]:
    return {
        "profile": {"name": "Ann Baker"},
        "identities": [{"kind": "phone", "value": "139 1234 5678"}],
        "store_code": "LAKE-BAKERY",
        **more,
    }


def test_enrol_find_change_and_consent(till: Till) -> None:
    status, made = till.call("POST", "/members", a_person())
    assert status == 201
    status, found = till.call("POST", "/members/search", {"kind": "phone", "value": "13912345678"})
    assert (status, found["id"], found["number"]) == (200, made["id"], made["number"])
    assert found["name"] == "A. B***"
    assert found["identities"][0]["masked"].endswith("****5678")
    path = f"/members/{made['id']}"
    status, changed = till.call("PATCH", path, {"profile": {"occupation": "Baker"}})
    assert changed["profile"]["occupation"]["value"] == "Baker"
    assert changed["profile"]["occupation"]["origin"] == "api"
    said = {"purpose": "marketing", "is_granted": True}
    assert till.call("POST", f"{path}/consents", said)[0] == 201
    assert till.call("GET", f"{path}/consents")[1][0]["purpose"] == "marketing"
    status, plate = till.call("POST", f"{path}/identities", {"kind": "plate", "value": "沪A12345"})
    assert status == 201
    assert till.call("DELETE", f"{path}/identities/{plate['id']}") == (204, None)
    assert [each["kind"] for each in till.call("GET", f"{path}/identities")[1]] == ["phone"]


def test_the_same_key_enrols_once_and_other_content_is_refused(till: Till) -> None:
    first = till.call("POST", "/members", a_person(), key="enrol-1")
    again = till.call("POST", "/members", a_person(), key="enrol-1")
    other = till.call("POST", "/members", a_person(language="en"), key="enrol-1")
    assert first == again
    assert other[0] == 409
    assert Member.objects.count() == 1


def test_pages_hold_every_member_once(till: Till, world: World) -> None:
    ids = {str(a_member(mall_id=world.lakeside.id).id) for _ in range(5)}
    a_member(mall_id=world.hillside.id)
    seen: list[str] = []
    path = "/members?limit=2"
    while path:
        _status, page = till.call("GET", path)
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        path = f"/members?limit=2&cursor={cursor}" if cursor else ""
    assert sorted(seen) == sorted(ids)


def test_another_malls_member_does_not_exist(till: Till, world: World) -> None:
    stranger = a_member(mall_id=world.hillside.id, phone="13900000000")
    path = f"/members/{stranger.id}"
    assert till.call("GET", path)[0] == 404
    assert till.call("PATCH", path, {"profile": {"name": "X"}})[0] == 404
    search = {"kind": "phone", "value": "13900000000"}
    assert till.call("POST", "/members/search", search)[0] == 404
    said = {"purpose": "marketing", "is_granted": True}
    assert till.call("POST", f"{path}/consents", said)[0] == 404
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"store_code": "HILL-BAKERY"}, "members.place_invalid"),
        ({"store_code": None}, "members.place_invalid"),
        ({"identities": [{"kind": "phone", "value": "12"}]}, "members.identity_invalid"),
        (
            {"identities": [{"kind": "card", "value": "4111111111111111"}]},
            "members.payment_card_refused",
        ),
        ({"profile": {"shoe_size": "42"}}, "members.profile_invalid"),
    ],
)
def test_a_refusal_has_a_code_and_leaves_nothing(
    till: Till, change: dict[str, Any], code: str
) -> None:
    status, problem = till.call("POST", "/members", a_person(**change))
    assert status == 422
    assert problem["code"] == code
    assert "4111" not in str(problem)
    assert not Member.objects.exists()


def test_a_key_without_the_permission_is_refused(world: World) -> None:
    reader = Till(WHOLE_GROUP, "members.view_member")
    member = a_member()
    assert reader.call("POST", "/members", a_person())[0] == 403
    assert reader.call("PATCH", f"/members/{member.id}", {"language": "en"})[0] == 403
    assert reader.call("GET", f"/members/{member.id}")[0] == 200


def test_a_merged_record_is_answered_by_its_survivor(till: Till, world: World) -> None:
    survivor, merged = a_member(), a_member(phone="13912345678", mall_id=world.lakeside.id)
    services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
    services.note_presence([(survivor.id, world.lakeside_bakery.id, survivor.joined_at)])
    search = {"kind": "phone", "value": "13912345678"}
    assert till.call("POST", "/members/search", search)[1]["id"] == str(survivor.id)


def test_nothing_personal_reaches_the_logs(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        _status, made = till.call("POST", "/members", a_person())
        till.call("POST", "/members/search", {"kind": "phone", "value": "13912345678"})
        till.call("PATCH", f"/members/{made['id']}", {"profile": {"name": "Zebediah"}})
        till.call("POST", "/members", a_person())
    logged = " ".join(
        f"{record.getMessage()} {record.__dict__}"
        for record in caplog.records
        if record.name != "django.db.backends"
    )
    for trace in ("Ann Baker", "Zebediah", "12345678", "1234 5678"):
        assert trace not in logged
