"""Custom fields: made on a screen, at once in forms, lists, pages, imports and the API."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import ActorKind, Scope
from mallard.kernel.access.permissions import declared_permissions
from mallard.world.members import services
from mallard.world.members.errors import (
    FieldInvalid,
    FieldNotFound,
    FieldValueInvalid,
    FieldValueTaken,
    PaymentCardRefused,
)
from mallard.world.members.fields import clean
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.models import CustomField, FieldValue, Member
from mallard.world.members.permissions import VIEW_MEMBER, VIEW_NAME
from mallard.world.members.portraits import portrait
from mallard.world.members.tests.factories import SYSTEM, a_member, a_phone, an_actor
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
SIZES = [{"code": "s", "en": "Small", "zh": "小"}, {"code": "l", "en": "Large", "zh": "大"}]


def a_field(code: str = "hobby", type: str = "text", **more: Any) -> CustomField:  # noqa: A002
    values = {"name_en": code.title(), **more}
    return services.save_field(code, is_new=True, type=type, actor=SYSTEM, **values)


def shown_to(member: Member, *permissions: str) -> dict[str, str]:
    actor = an_actor(VIEW_MEMBER, *permissions)
    return {one.field.code: one.value for one in portrait(member, actor).custom}


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    return client


class TestValues:
    @pytest.mark.parametrize(
        ("type_", "more", "given", "kept"),
        [
            ("text", {}, "  Sea  fishing ", ("Sea fishing",)),
            ("number", {}, "１,200", ("1200",)),
            ("money", {"currency": "CNY"}, "12.50", ("1250",)),
            ("date", {}, "2026-02-28", ("2026-02-28",)),
            ("choice", {"options": SIZES}, "大", ("l",)),
            ("many", {"options": SIZES}, "Large、small", ("s", "l")),
            ("yes_no", {}, "否", ("no",)),
            ("text", {}, " ", ()),
        ],
    )
    def test_each_type_has_one_spelling(
        self, type_: str, more: dict[str, Any], given: str, kept: tuple[str, ...]
    ) -> None:
        assert clean(a_field(type=type_, **more), given) == kept

    @pytest.mark.parametrize(
        ("type_", "more", "given"),
        [
            ("text", {"maximum": 3}, "four"),
            ("text", {}, "x" * 201),
            ("number", {"minimum": 1}, "0"),
            ("number", {}, "1.5"),
            ("number", {}, "1e400"),
            ("number", {}, "NaN"),
            ("money", {"currency": "JPY"}, "0.5"),
            ("date", {}, "2026-02-30"),
            ("choice", {"options": SIZES}, "medium"),
            ("choice", {"options": SIZES}, ["s", "l"]),
            ("yes_no", {}, "perhaps"),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, type_: str, more: dict[str, Any], given: Any
    ) -> None:
        with pytest.raises(FieldValueInvalid):
            clean(a_field(type=type_, **more), given)

    def test_bank_card_numbers_never_enter(self) -> None:
        with pytest.raises(PaymentCardRefused):
            clean(a_field(), "pays with 4111 1111 1111 1111")


class TestKeeping:
    def test_a_personal_value_is_sealed_and_goes_with_the_member(self) -> None:
        a_field("allergy", is_personal=True, audience="names")
        member = a_member()
        services.set_field_values(member.pk, {"allergy": "hazelnuts"}, actor=SYSTEM)
        row = FieldValue.objects.get()
        assert row.values == []
        assert b"hazelnuts" not in bytes(row.values_sealed or b"")
        assert shown_to(member) == {}
        assert shown_to(member, VIEW_NAME) == {"allergy": "hazelnuts"}
        services.erase_member(member.pk, actor=SYSTEM)
        assert not FieldValue.objects.exists()

    def test_a_unique_value_belongs_to_one_even_when_it_is_sealed(self) -> None:
        a_field("staff_no", is_unique=True, is_personal=True, audience="names")
        one, other = a_member(), a_member()
        services.set_field_values(one.pk, {"staff_no": "A-7"}, actor=SYSTEM)
        with pytest.raises(FieldValueTaken):
            services.set_field_values(other.pk, {"staff_no": "a-7"}, actor=SYSTEM)
        services.set_field_values(one.pk, {"staff_no": ""}, actor=SYSTEM)
        assert services.set_field_values(other.pk, {"staff_no": "A-7"}, actor=SYSTEM)
        assert FieldValue.objects.get().member_id == other.pk

    def test_a_field_that_one_may_not_see_cannot_be_changed(self) -> None:
        a_field("score", "number", audience="confidential")
        member = a_member()
        with pytest.raises(FieldNotFound):
            services.set_field_values(member.pk, {"score": "3"}, actor=an_actor(VIEW_NAME))
        assert not FieldValue.objects.exists()

    def test_required_is_asked_of_staff_and_never_of_a_till(self) -> None:
        a_field("source", is_required=True)
        enrolment = Enrolment(identities=(IdentityInput("phone", a_phone()),))
        with pytest.raises(FieldValueInvalid):
            services.enrol_member(enrolment, actor=an_actor(VIEW_MEMBER))
        assert services.enrol_member(enrolment, actor=SYSTEM)

    def test_what_a_field_holds_is_settled(self) -> None:
        a_field("size", "many", options=SIZES)
        member = a_member()
        services.set_field_values(member.pk, {"size": ["l"]}, actor=SYSTEM)
        for change in ({"type": "text"}, {"options": [SIZES[0], {**SIZES[0], "code": "m"}]}):
            with pytest.raises(FieldInvalid):
                services.save_field("size", is_new=False, actor=SYSTEM, **change)
        services.retire_field("size", actor=SYSTEM)
        assert portrait(member, SYSTEM).custom == ()
        services.retire_field("size", actor=SYSTEM)
        assert [one.value for one in portrait(member, SYSTEM).custom] == ["Large"]

    @pytest.mark.parametrize(
        "values",
        [
            {"type": "choice"},
            {"type": "money"},
            {"type": "text", "is_personal": True},
            {"type": "date", "is_unique": True},
        ],
    )
    def test_a_field_that_makes_no_sense_is_refused(self, values: dict[str, Any]) -> None:
        with pytest.raises(FieldInvalid):
            services.save_field("x", is_new=True, name_en="X", actor=SYSTEM, **values)
        assert not CustomField.objects.exists()


class TestScreens:
    def test_a_field_made_on_a_screen_is_at_once_everywhere(self, manager: Client) -> None:
        answer = manager.post(
            reverse("members:new_field"),
            {
                "code": "size", "name_en": "Shirt size", "name_zh": "衣服尺码", "type": "choice",
                "options": "s = Small = 小\nl = Large = 大", "audience": "everybody", "order": "5",
            },
        )  # fmt: skip
        assert answer.status_code == 302, answer.content.decode()
        member, other = a_member(name="王小明"), a_member()
        edit = reverse("members:edit", args=[member.pk])
        assert "Shirt size" in manager.get(edit).content.decode()
        answer = manager.post(edit, {"name": "王小明", "language": "en", "custom_size": "l"})
        assert answer.status_code == 302
        page = manager.get(reverse("members:detail", args=[member.pk])).content.decode()
        assert "Shirt size" in page
        assert "Large" in page
        listed = manager.get(reverse("members:list"), {"custom_size": "l"}).content.decode()
        assert member.number in listed
        assert other.number not in listed
        listed = manager.get(reverse("members:list"), {"custom_size": "x"})
        assert listed.status_code == 200
        assert "Shirt size" in manager.get(reverse("members:enrol")).content.decode()

    def test_mistakes_stand_beside_the_field(self, manager: Client) -> None:
        a_field("score", "number", maximum=5)
        member = a_member()
        edit = reverse("members:edit", args=[member.pk])
        answer = manager.post(edit, {"name": "新名", "language": "en", "custom_score": "6"})
        assert answer.status_code == 422
        assert "At most 5." in answer.content.decode()
        assert shown_to(member) == {}
        answer = manager.post(reverse("members:new_field"), {"code": "score", "type": "text"})
        assert answer.status_code == 422

    def test_a_field_is_changed_and_retired(self, manager: Client) -> None:
        a_field("score", "number")
        page = reverse("members:field", args=["score"])
        assert manager.get(page).status_code == 200
        data = {"name_en": "Points of style", "audience": "everybody", "order": "1", "options": ""}
        assert manager.post(page, data).status_code == 302
        assert CustomField.objects.get().name_en == "Points of style"
        manager.post(reverse("members:retire_field", args=["score"]))
        assert CustomField.objects.get().retired_at is not None
        listed = manager.get(reverse("members:fields")).content.decode()
        assert "Number" in listed
        assert "partial" not in listed
        assert manager.get(reverse("members:field", args=["none"])).status_code == 404

    def test_the_api_reads_and_writes_them(self, client: Client) -> None:
        a_field("size", "many", options=SIZES)
        codes = tuple(permission.code for permission in declared_permissions())
        key = create_api_key(
            name="t", scope=Scope(is_group=True), permissions=codes, expires_at=None, actor=SYSTEM
        ).plain

        def send(method: str, path: str, body: Any, number: int) -> Any:
            return client.generic(
                method,
                f"/api/v1{path}",
                json.dumps(body),
                content_type="application/json",
                headers={"Authorization": f"Bearer {key}", "Idempotency-Key": f"key-{number:08}"},
            )

        made = send(
            "POST", "/members",
            {"identities": [{"kind": "phone", "value": a_phone()}], "custom": {"size": ["l", "s"]}},
            1,
        )  # fmt: skip
        assert made.status_code == 201, made.content
        member = made.json()["id"]
        shown = send("GET", f"/members/{member}", None, 2).json()
        assert shown["custom"] == {"size": "Small, Large"}
        changed = send("PATCH", f"/members/{member}", {"custom": {"size": ""}}, 3)
        assert changed.json()["custom"] == {}
        assert send("PATCH", f"/members/{member}", {"custom": {"no": "x"}}, 4).status_code == 404
        assert send("PATCH", f"/members/{member}", {"custom": {"size": "x"}}, 5).status_code == 422


class TestRoles:
    """A field for some roles: those who hold none of them do not see that it is there."""

    def test_seen_and_changed_by_these_roles_alone(self, client: Client) -> None:
        a_field("bike", roles=["service_agent"])
        member = a_member()
        services.set_field_values(member.id, {"bike": "Giant"}, actor=SYSTEM)
        page = reverse("members:detail", args=[member.id])
        for role, sees in (("service_agent", True), ("crm_manager", False), ("director", False)):
            client.force_login(a_staff_user(role))
            assert ("Giant" in client.get(page).content.decode()) is sees, role
        client.force_login(a_staff_user("administrator"))
        assert "Giant" in client.get(page).content.decode()
        client.force_login(a_staff_user("crm_manager"))
        assert "custom_bike" not in client.get(reverse("members:enrol")).content.decode()

    def test_a_key_needs_the_right_to_every_field(self) -> None:
        a_field("bike", roles=["service_agent"])
        member = a_member()
        services.set_field_values(member.id, {"bike": "Giant"}, actor=SYSTEM)
        assert shown_by_key(member) == {}
        assert shown_by_key(member, "members.view_every_field") == {"bike": "Giant"}

    def test_an_unknown_role_is_refused_and_changes_are_told(self, manager: Client) -> None:
        with pytest.raises(FieldInvalid):
            a_field("bike", roles=["king"])
        a_field("bike")
        edit = reverse("members:field", args=["bike"])
        form = {"name_en": "Bike", "audience": "everybody", "order": 100, "roles": ["analyst"]}
        assert manager.post(edit, form).status_code == 302
        assert CustomField.objects.get().roles == ["analyst"]
        assert "Analyst" in manager.get(reverse("members:fields")).content.decode()


def shown_by_key(member: Member, *permissions: str) -> dict[str, str]:
    actor = replace(an_actor(VIEW_MEMBER, *permissions), kind=ActorKind.API)
    return {one.field.code: one.value for one in portrait(member, actor).custom}
