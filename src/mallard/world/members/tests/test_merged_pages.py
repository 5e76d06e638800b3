"""A person whose records were merged is shown whole, each thing with the record it stands on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.clock import now
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members import services
from mallard.world.members.errors import IdentityNotFound
from mallard.world.members.inputs import ConsentInput
from mallard.world.members.models import Consent, FieldValue, Identity, Member, MemberTag, Note
from mallard.world.members.permissions import VIEW_MEMBER, VIEW_NAME
from mallard.world.members.portraits import portrait
from mallard.world.members.queries import last_visits, records_under
from mallard.world.members.showing import cards, clear_identities, clear_names
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor, two_records
from mallard.world.members.tests.test_api import Till
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
SEES = an_actor(VIEW_MEMBER, VIEW_NAME)


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def pair(world: World) -> tuple[Member, Member]:
    """A survivor and the record merged into them; each knows something."""
    services.make_tag("vip", name_en="Very important", actor=SYSTEM)
    services.save_field("hobby", is_new=True, type="text", name_en="Hobby", actor=SYSTEM)
    survivor, merged = two_records(world.lakeside.id)
    services.tag_member(merged.id, "vip", actor=SYSTEM)
    services.set_field_values(merged.id, {"hobby": "Sailing"}, actor=SYSTEM)
    services.write_note(merged.id, "Likes the window seat", actor=SYSTEM)
    services.record_consents(
        merged.id, [ConsentInput("marketing", is_granted=False, proof="Form 77")], actor=SYSTEM
    )
    services.note_presence([(merged.id, world.lakeside_bakery.id, AT)])
    services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
    return Member.objects.get(pk=survivor.pk), Member.objects.get(pk=merged.pk)


def identity_of(member: Member, kind: str) -> Identity:
    return Identity.objects.get(member=member, kind=kind, closed_at=None)


class TestPortrait:
    def test_it_gathers_and_says_from_which_record(self, pair: tuple[Member, Member]) -> None:
        survivor, merged = pair
        shown = portrait(survivor, SEES)
        assert shown.name == "Lin Mei"
        facts = [(one.code, one.value.split(" ")[0], one.number, one.is_leading)
                 for one in shown.facts]  # fmt: skip
        assert facts == [
            ("name", "Lin", merged.number, False),
            ("birth_date", "1990-05-21", merged.number, True),
            ("occupation", "Teacher", "", True),
            ("occupation", "Painter", merged.number, False),
        ]
        kinds = [(one.kind, one.number) for one in shown.identities]
        assert kinds == [("phone", ""), ("email", merged.number), ("phone", merged.number)]
        assert [(one.value, one.number) for one in shown.custom] == [("Sailing", merged.number)]
        assert [(one.tag.code, one.number) for one in shown.tags] == [("vip", merged.number)]
        assert [(one.body, one.number) for one in shown.notes] == [
            ("Likes the window seat", merged.number)
        ]

    def test_the_merged_record_shows_itself_alone(self, pair: tuple[Member, Member]) -> None:
        _survivor, merged = pair
        shown = portrait(merged, SEES)
        assert shown.name == "Lin May"
        assert all(not one.number for one in shown.facts)
        assert {one.kind for one in shown.identities} == {"phone", "email"}

    def test_after_unmerging_each_has_its_own_again(self, pair: tuple[Member, Member]) -> None:
        survivor, merged = pair
        services.unmerge_member(merged.id, actor=SYSTEM)
        shown = portrait(survivor, SEES)
        assert [one.code for one in shown.facts] == ["occupation"]
        assert (shown.tags, shown.notes, shown.custom) == ((), (), ())

    def test_a_tag_that_both_have_is_shown_once(self, pair: tuple[Member, Member]) -> None:
        survivor, _merged = pair
        services.tag_member(survivor.id, "vip", actor=SYSTEM)
        assert [one.number for one in portrait(survivor, SEES).tags] == [""]

    def test_what_was_forgotten_with_a_record_is_not_shown(
        self, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        services.unmerge_member(merged.id, actor=SYSTEM)
        services.erase_member(merged.id, actor=SYSTEM)
        Member.objects.filter(pk=merged.pk).update(merged_into=survivor)
        shown = portrait(survivor, SEES)
        assert [one.kind for one in shown.identities] == ["phone"]
        assert [one.code for one in shown.facts] == ["occupation"]

    def test_names_of_merged_records_are_masked_like_the_own(
        self, pair: tuple[Member, Member]
    ) -> None:
        facts = portrait(pair[0], an_actor(VIEW_MEMBER)).facts
        [name] = [one.value for one in facts if one.code == "name"]
        assert "May" not in name

    def test_records_deep_below_come_along_nearest_first(self) -> None:
        top, middle, bottom = a_member(), a_member(), a_member()
        services.merge_members(middle.id, merged_id=bottom.id, actor=SYSTEM)
        services.merge_members(top.id, merged_id=middle.id, actor=SYSTEM)
        under = records_under([top.id, middle.id])
        assert under[top.id] == (top.id, middle.id, bottom.id)
        assert under[middle.id] == (middle.id, bottom.id)

    def test_statements_do_not_grow_with_the_records(self, pair: tuple[Member, Member]) -> None:
        survivor, _merged = pair

        def counted() -> int:
            with CaptureQueriesContext(
                connection,
            ) as seen:
                portrait(survivor, SEES)
            return len(seen)

        one = counted()
        for _more in range(3):
            other = a_member()
            services.tag_member(other.id, "vip", actor=SYSTEM)
            services.merge_members(survivor.id, merged_id=other.id, actor=SYSTEM)
        assert counted() == one


class TestList:
    def test_a_row_covers_merged_records(self, pair: tuple[Member, Member]) -> None:
        survivor, _merged = pair
        card = cards([survivor], SEES)[survivor.id]
        assert [tag.code for tag in card.tags] == ["vip"]
        assert card.custom == {"hobby": "Sailing"}
        assert card.last_visit == AT
        assert len(card.identities) == 3
        assert last_visits([survivor.id], WHOLE_GROUP) == {survivor.id: AT}

    def test_members_of_one_page_do_not_borrow_from_each_other(self) -> None:
        told = a_member(name="Zhou Yan", profile={"occupation": "Painter"})
        silent = a_member(name="")
        shown = cards([told, silent], SEES)
        assert shown[silent.id].facts == {}
        assert shown[silent.id].name == ""
        assert shown[told.id].facts["occupation"].value == "Painter"

    def test_a_name_that_only_the_merged_record_knows_is_the_persons(self) -> None:
        nameless, named = a_member(name=""), a_member(name="Zhou Yan", phone="13912340000")
        services.merge_members(nameless.id, merged_id=named.id, actor=SYSTEM)
        assert cards([nameless], SEES)[nameless.id].name == "Zhou Yan"
        assert clear_names([nameless]) == {nameless.id: "Zhou Yan"}

    def test_the_identity_in_a_file_is_the_one_that_the_list_shows(
        self, pair: tuple[Member, Member]
    ) -> None:
        survivor, _merged = pair
        assert clear_identities([survivor]) == {survivor.id: "+8613800000001"}
        services.remove_identity(
            identity_of(survivor, "phone").id, member_id=survivor.id, actor=SYSTEM
        )
        assert clear_identities([survivor]) == {survivor.id: "may@example.com"}

    def test_the_filter_by_tag_finds_the_survivor(
        self, manager: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        a_member(name="Untagged")
        html = manager.get(reverse("members:list") + "?tag=vip").content.decode()
        assert survivor.number in html
        assert merged.number not in html
        assert "Untagged" not in html


class TestPage:
    def test_it_shows_everything_and_names_the_records(
        self, manager: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        html = manager.get(reverse("members:detail", args=[survivor.pk])).content.decode()
        for said in ("Sailing", "Very important", "Likes the window seat", "Painter"):
            assert said in html
        assert "Merged into this record:" in html
        assert reverse("members:detail", args=[merged.pk]) in html
        assert f"record {merged.number}" in html

    def test_a_record_that_one_may_not_open_is_named_without_a_link(
        self, client: Client, world: World
    ) -> None:
        here, there = a_member(mall_id=world.lakeside.id), a_member(mall_id=world.hillside.id)
        services.merge_members(here.id, merged_id=there.id, actor=SYSTEM)
        scope = Scope(mall_ids=frozenset([world.lakeside.id]))
        client.force_login(a_staff_user("crm_manager", scope=scope))
        html = client.get(reverse("members:detail", args=[here.pk])).content.decode()
        assert there.number in html
        assert reverse("members:detail", args=[there.pk]) not in html

    def test_consents_are_told_with_record_and_proof(
        self, manager: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        html = manager.get(reverse("members:consents", args=[survivor.pk])).content.decode()
        assert "Form 77" in html
        assert f"record {merged.number}" in html

    def test_a_merged_identity_is_revealed_and_the_entry_is_sealed_for_its_record(
        self, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        identity = identity_of(merged, "email")
        value = services.reveal_identity(
            identity.id, member_id=survivor.id, reason="asked at the desk", actor=SYSTEM
        )
        assert value == "may@example.com"
        entry = Entry.objects.get(action="members.identity_revealed")
        assert entry.personal_of == merged.id

    def test_a_merged_identity_is_taken_off_from_the_survivors_page(
        self, manager: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        identity = identity_of(merged, "email")
        manager.post(reverse("members:remove_identity", args=[survivor.pk, identity.pk]))
        identity.refresh_from_db()
        assert identity.closed_at is not None

    def test_nobody_elses_identity_is_reached_through_a_survivor(
        self, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        stranger = identity_of(a_member(), "phone")
        for member, identity in ((survivor, stranger), (merged, identity_of(survivor, "phone"))):
            with pytest.raises(IdentityNotFound):
                services.remove_identity(identity.id, member_id=member.id, actor=SYSTEM)
            with pytest.raises(IdentityNotFound):
                services.reveal_identity(
                    identity.id, member_id=member.id, reason="because", actor=SYSTEM
                )
        stranger.refresh_from_db()
        assert stranger.closed_at is None

    def test_tags_and_notes_of_merged_records_go_from_the_survivors_page(
        self, manager: Client, pair: tuple[Member, Member]
    ) -> None:
        survivor, merged = pair
        note = Note.objects.get(member=merged)
        manager.post(reverse("members:remove_note", args=[survivor.pk, note.pk]))
        manager.post(reverse("members:remove_tag", args=[survivor.pk, "vip"]))
        assert not Note.objects.filter(pk=note.pk).exists()
        assert not MemberTag.objects.filter(member=merged).exists()
        entry = Entry.objects.get(action="members.member_untagged")
        assert entry.subject_id == merged.id


def test_the_api_says_which_record_a_thing_stands_on(pair: tuple[Member, Member]) -> None:
    survivor, merged = pair
    till = Till(WHOLE_GROUP, "members.view_member", "members.view_name")
    status, found = till.call("POST", "/members/search", {"kind": "phone", "value": "13900000002"})
    assert status == 200
    assert found["id"] == str(survivor.id)
    assert found["merged_ids"] == [str(merged.id)]
    assert found["profile"]["occupation"]["value"] == "Teacher"
    assert found["profile"]["birth_date"]["member_id"] == str(merged.id)
    assert found["custom_facts"]["hobby"]["member_id"] == str(merged.id)
    assert found["custom_facts"]["hobby"]["origin"] == FieldValue.objects.get().origin
    holders = {one["member_id"] for one in found["identities"]}
    assert holders == {str(survivor.id), str(merged.id)}
    assert all(one["recorded_at"] <= now().isoformat() for one in found["identities"])
    _status, said = till.call("GET", f"/members/{survivor.id}/consents")
    assert [one["id"] for one in said] == [str(Consent.objects.get().id)]


def test_identities_and_custom_values_say_where_they_come_from(
    manager: Client, pair: tuple[Member, Member]
) -> None:
    survivor, _merged = pair
    shown = portrait(survivor, SYSTEM)
    html = manager.get(reverse("members:detail", args=[survivor.pk])).content.decode()
    for one in (*shown.identities, *shown.custom):
        assert one.at <= now()
        assert str(one.origin.label) in html
    assert html.count("Imported · ") >= len(shown.identities) + len(shown.custom)


def test_undoing_a_merge_asks_who_it_is_when_the_proof_is_old(
    frozen_clock, client: Client, pair: tuple[Member, Member]
) -> None:  # type: ignore[no-untyped-def]
    survivor, merged = pair
    user = a_staff_user("crm_manager", password="river-otter-lantern")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    address = reverse("members:unmerge", args=[merged.pk])
    frozen_clock.advance(minutes=16)
    asked = client.post(address)
    assert asked.status_code == 422
    assert b'name="proof"' in asked.content
    merged.refresh_from_db()
    assert merged.merged_into_id == survivor.id
    assert client.post(address, {"proof": "river-otter-lantern"}).status_code == 302
    merged.refresh_from_db()
    assert merged.merged_into_id is None
