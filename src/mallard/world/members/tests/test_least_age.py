"""Nobody younger than the least age becomes a member, whichever door they come by."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, ActorKind
from mallard.kernel.ids import uuid7
from mallard.kernel.settings.permissions import CHANGE_SETTING
from mallard.kernel.settings.services import change_setting
from mallard.world.members.errors import MemberTooYoung
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.models import Identity, Member
from mallard.world.members.services import change_member, enrol_members
from mallard.world.members.tests.factories import SYSTEM, a_member, a_phone
from mallard.world.staff.services import create_api_key

pytestmark = pytest.mark.django_db

OPERATOR = Actor(ActorKind.STAFF, uuid7(), "op", frozenset({CHANGE_SETTING}), WHOLE_GROUP)
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _today(frozen_clock: Any) -> None:
    frozen_clock.set(NOON)


def joining(birth_date: str) -> Enrolment:
    return Enrolment(
        profile={"name": "王小明", "birth_date": birth_date},
        identities=(IdentityInput("phone", a_phone()),),
    )


@pytest.mark.parametrize("birth_date", ["2012-03-02", "2020-06-01", "2026-03-01"])
def test_a_child_is_refused_and_the_whole_batch_with_it(birth_date: str) -> None:
    with pytest.raises(MemberTooYoung) as refusal:
        enrol_members([joining("1990-05-21"), joining(birth_date)], actor=SYSTEM)
    assert refusal.value.fields.keys() == {"birth_date"}
    assert not Member.objects.exists()
    assert not Identity.objects.exists()


@pytest.mark.parametrize("birth_date", ["2012-03-01", "2012-02-29", "1990-05-21"])
def test_from_the_fourteenth_birthday_on_somebody_may_join(birth_date: str) -> None:
    assert len(enrol_members([joining(birth_date)], actor=SYSTEM)) == 1


def test_a_member_is_not_made_a_child() -> None:
    member = a_member(profile={"birth_date": "1990-05-21"})
    sealed = bytes(member.profile_sealed or b"")
    with pytest.raises(MemberTooYoung):
        change_member(member.id, profile={"birth_date": "2015-05-21"}, actor=SYSTEM)
    assert bytes(Member.objects.get(pk=member.id).profile_sealed or b"") == sealed


def test_a_child_from_before_can_be_corrected_otherwise(frozen_clock: Any) -> None:
    change_setting("members.least_age", value=0, actor=OPERATOR)
    member = a_member(profile={"birth_date": "2015-05-21"})
    change_setting("members.least_age", value=14, actor=OPERATOR)
    told = {"birth_date": "2015-05-21", "occupation": "Pupil"}
    assert change_member(member.id, profile=told, actor=SYSTEM) == ("occupation",)
    assert change_member(member.id, profile={"birth_date": ""}, actor=SYSTEM) == ("birth_date",)


def test_a_till_hears_which_field_is_at_fault() -> None:
    made = create_api_key(
        name="app", scope=WHOLE_GROUP, permissions=("members.enrol_member",), actor=SYSTEM
    )
    body = {
        "profile": {"birth_date": "2015-05-21"},
        "identities": [{"kind": "phone", "value": a_phone()}],
    }
    answer = Client(headers={"Authorization": f"Bearer {made.plain}"}).post(
        "/api/v1/members", json.dumps(body), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "members.too_young")
    assert [one["field"] for one in answer.json()["errors"]] == ["birth_date"]
    assert not Member.objects.exists()
