"""The form begins with what the page shows; what is saved is undone by nothing but the hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.audit.queries import history_of
from mallard.kernel.secrets.services import open_keys
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members import services
from mallard.world.members.errors import FieldNotFound, ProfileInvalid
from mallard.world.members.models import FieldValue, Identity, Member
from mallard.world.members.permissions import VIEW_MEMBER, VIEW_NAME
from mallard.world.members.portraits import Portrait, portrait
from mallard.world.members.profile import open_profile
from mallard.world.members.queries import search_members
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor, two_records
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
SEES = an_actor(VIEW_MEMBER, VIEW_NAME)
SIZES = [{"code": code, "en": code.upper(), "zh": code.upper()} for code in ("s", "m", "l")]


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    return client


@pytest.fixture
def pair(world: World) -> tuple[Member, Member]:
    """A survivor, and merged into them a record that knows more."""
    services.save_field("hobby", is_new=True, type="text", name_en="Hobby", actor=SYSTEM)
    services.save_field(
        "sizes", is_new=True, type="many", options=SIZES, name_en="Sizes", actor=SYSTEM
    )
    survivor, merged = two_records(world.lakeside.id, gender="female")
    services.set_field_values(merged.id, {"hobby": "Sailing", "sizes": ["s", "l"]}, actor=SYSTEM)
    services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
    return Member.objects.get(pk=survivor.pk), Member.objects.get(pk=merged.pk)


def own(member: Member) -> dict[str, str]:
    """What this record says of the profile, whatever the others say."""
    row = Member.objects.get(pk=member.pk)
    facts = open_profile(row.profile_sealed, open_keys([row.pk])[row.pk])
    return {code: fact.value for code, fact in facts.items()}


def own_custom(member: Member) -> dict[str, list[str]]:
    rows = FieldValue.objects.filter(member=member).select_related("field")
    return {row.field.code: list(row.values) for row in rows}


def seen(member: Member) -> Portrait:
    return portrait(Member.objects.get(pk=member.pk), SEES)


def edit(member: Member) -> str:
    return reverse("members:edit", args=[member.pk])


def filled(desk: Client, member: Member) -> dict[str, Any]:
    """What a browser sends when nobody touches the form."""
    form = desk.get(edit(member)).context["form"]
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        sent[bound.html_name] = value if isinstance(value, list) else value or ""
        if bound.field.show_hidden_initial:
            sent[bound.html_initial_name] = sent[bound.html_name]
    return sent


BEFORE = {"name": "Lin Mei", "occupation": "Teacher"}
BELOW = {
    "name": "Lin May", "occupation": "Painter", "birth_date": "1990-05-21", "gender": "female",
}  # fmt: skip
CUSTOM_BELOW = {"hobby": ["Sailing"], "sizes": ["s", "l"]}


class TestWhatTheFormShows:
    def test_it_begins_with_what_the_page_shows(
        self, desk: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        answer = desk.get(edit(survivor))
        form = answer.context["form"]
        shown = {name: form[name].value() for name in ("name", "occupation", "birth_date")}
        assert shown == {"name": "Lin Mei", "occupation": "Teacher", "birth_date": "1990-05-21"}
        assert form["custom_hobby"].value() == "Sailing"
        assert form["custom_sizes"].value() == ["s", "l"]
        assert merged.number in form["birth_date"].help_text
        assert merged.number in form["custom_hobby"].help_text
        assert "Another record says Painter" in form["occupation"].help_text
        assert "Another record" not in form["income_band"].help_text
        assert "the fields show what counts" in answer.content.decode()

    def test_a_member_with_one_record_is_told_nothing_of_others(self, desk: Client) -> None:
        answer = desk.get(edit(a_member(profile={"gender": "female"})))
        assert "record" not in answer.context["form"]["gender"].help_text
        assert "the fields show what counts" not in answer.content.decode()


class TestSaving:
    def test_merge_edit_unmerge_gives_each_their_facts_back(
        self, desk: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        sent = filled(desk, survivor) | {"birth_date": "1991-06-22", "custom_hobby": "Chess"}
        assert desk.post(edit(survivor), sent).status_code == 302
        shown = seen(survivor)
        leading = {one.code: one.value[:10] for one in shown.facts if one.is_leading}
        assert leading["birth_date"] == "1991-06-22"
        assert [one.value for one in shown.custom if one.is_leading] == ["Chess", "S, L"]
        # Gender and sizes were shown, not touched: nothing of them was written here.
        assert own(survivor) == BEFORE | {"birth_date": "1991-06-22"}
        assert own_custom(survivor) == {"hobby": ["Chess"]}
        services.unmerge_member(merged.id, actor=SYSTEM)
        assert own(survivor) == BEFORE | {"birth_date": "1991-06-22"}
        assert (own(merged), own_custom(merged)) == (BELOW, CUSTOM_BELOW)
        kinds = {
            one.pk: sorted(Identity.objects.filter(member=one).values_list("kind", flat=True))
            for one in pair
        }
        assert kinds == {survivor.pk: ["phone"], merged.pk: ["email", "phone"]}
        assert [one.code for one in seen(merged).facts] == [
            "gender", "birth_date", "occupation",
        ]  # fmt: skip

    def test_what_nobody_touched_writes_nothing(
        self, desk: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        told = len(history_of("member", survivor.id)) + len(history_of("member", merged.id))
        assert desk.post(edit(survivor), filled(desk, survivor)).status_code == 302
        assert (own(survivor), own_custom(survivor)) == (BEFORE, {})
        assert (own(merged), own_custom(merged)) == (BELOW, CUSTOM_BELOW)
        after = len(history_of("member", survivor.id)) + len(history_of("member", merged.id))
        assert after == told

    def test_records_taken_apart_while_the_form_was_open_stay_apart(
        self, desk: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        sent = filled(desk, survivor) | {"occupation": "Baker"}
        services.unmerge_member(merged.id, actor=SYSTEM)
        assert desk.post(edit(survivor), sent).status_code == 302
        assert own(survivor) == {"name": "Lin Mei", "occupation": "Baker"}
        assert own_custom(survivor) == {}

    def test_somebody_elses_change_meanwhile_is_not_written_over(
        self, desk: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, _merged = pair
        sent = filled(desk, survivor) | {"gender": "male"}
        services.change_member(survivor.id, profile={"occupation": "Judge"}, actor=SYSTEM)
        assert desk.post(edit(survivor), sent).status_code == 302
        assert own(survivor) == {"name": "Lin Mei", "occupation": "Judge", "gender": "male"}

    def test_an_emptied_field_is_forgotten_on_every_record(
        self, desk: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        empty = {"occupation": "", "birth_date": "", "custom_hobby": "", "custom_sizes": []}
        sent = filled(desk, survivor) | empty
        assert desk.post(edit(survivor), sent).status_code == 302
        shown = seen(survivor)
        assert {one.code for one in shown.facts} == {"name", "gender"}
        assert shown.custom == ()
        services.unmerge_member(merged.id, actor=SYSTEM)
        assert own(merged) == {"name": "Lin May", "gender": "female"}
        assert own_custom(merged) == {}
        changes = [
            one.before for one in history_of("member", merged.id)
            if one.action == "members.member_changed" and one.subject_id == merged.id
            and "birth_date" in (one.before or {})
        ]  # fmt: skip
        assert changes == [{"occupation": "Painter", "birth_date": "1990-05-21"}]

    def test_a_name_that_is_emptied_finds_nobody_any_more(
        self, pair: tuple[Member, Member]
    ) -> None:
        survivor, _merged = pair
        rows = Member.objects.all()
        assert search_members(rows, "Lin May").exists()
        services.change_person(survivor.id, profile={"name": ""}, custom={}, actor=SYSTEM)
        assert not search_members(rows, "Lin").exists()

    def test_a_refusal_changes_no_record(self, pair: tuple[Member, Member]) -> None:
        survivor, merged = pair
        with pytest.raises(ProfileInvalid):
            services.change_person(
                survivor.id, profile={"occupation": "", "gender": "x"}, custom={}, actor=SYSTEM
            )
        with pytest.raises(FieldNotFound):
            services.change_person(
                survivor.id, profile={"occupation": ""}, custom={"shoe": "43"}, actor=SYSTEM
            )
        assert (own(survivor), own(merged)) == (BEFORE, BELOW)

    def test_a_field_that_one_may_not_see_stays_below(self, pair: tuple[Member, Member]) -> None:
        survivor, merged = pair
        services.save_field(
            "income", is_new=True, type="text", name_en="Income", is_personal=True,
            audience="confidential", actor=SYSTEM,
        )  # fmt: skip
        services.unmerge_member(merged.id, actor=SYSTEM)
        services.set_field_values(merged.id, {"income": "High"}, actor=SYSTEM)
        services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
        with pytest.raises(FieldNotFound):
            services.change_person(survivor.id, profile={}, custom={"income": ""}, actor=SEES)
        services.change_person(survivor.id, profile={}, custom={"hobby": ""}, actor=SEES)
        assert FieldValue.objects.filter(member=merged, field__code="income").exists()
