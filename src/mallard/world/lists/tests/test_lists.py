"""Lists: whose they are, who is on them for whom, and that each change can be undone."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, Scope
from mallard.kernel.ids import uuid7
from mallard.world.lists import services
from mallard.world.lists.errors import (
    ChangeNotUndoable,
    FileUnsuitable,
    ListClosed,
    ListInvalid,
    ListNotFound,
    ListNotYours,
)
from mallard.world.lists.filing import add_from_file
from mallard.world.lists.models import ListChange, ListEntry, MemberList
from mallard.world.lists.permissions import EDIT_LIST, VIEW_LIST
from mallard.world.lists.queries import counts_of, members_of, visible_lists
from mallard.world.malls.tests.factories import MallFactory
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.services import erase_member, merge_members, unmerge_member
from mallard.world.members.tests.factories import SYSTEM, a_member, a_phone
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


def somebody(role: str = "crm_manager", scope: Scope = WHOLE_GROUP) -> Actor:
    return actor_for_user(a_staff_user(role, scope=scope))


def a_list(owner: Actor, name: str = "Tasting", **values: Any) -> MemberList:
    return services.make_list(name, actor=owner, **values)


def on(found: MemberList) -> set[UUID]:
    return set(ListEntry.objects.filter(list=found).values_list("member_id", flat=True))


def add(found: MemberList, *ids: UUID, actor: Actor, source: str = "record") -> list[UUID]:
    return services.add_members(found.pk, ids, source=source, actor=actor)


class TestWhoSees:
    def test_a_list_is_its_owners_until_it_is_shared(self) -> None:
        owner, colleague = somebody(), somebody("marketer")
        found = a_list(owner)
        assert not visible_lists(colleague).exists()
        with pytest.raises(ListNotFound):
            add(found, a_member().id, actor=colleague)
        services.change_list(found.pk, is_shared=True, shared_roles=["marketer"], actor=owner)
        assert visible_lists(colleague).get() == found
        assert not visible_lists(somebody("service_agent")).exists()
        with pytest.raises(ListNotYours):
            add(found, a_member().id, actor=colleague)
        assert on(found) == set()
        services.change_list(found.pk, is_filled_by_all=True, actor=owner)
        member = a_member()
        add(found, member.id, actor=colleague)
        assert on(found) == {member.id}
        with pytest.raises(ListNotYours):
            services.close_list(found.pk, actor=colleague)

    def test_roles_and_malls_must_both_fit(self) -> None:
        here, there = MallFactory(), MallFactory()
        found = a_list(
            somebody(), is_shared=True, shared_roles=["service_agent"], shared_malls=[here.id]
        )
        at_home = Scope(mall_ids=frozenset({here.id}))
        abroad = Scope(mall_ids=frozenset({there.id}))
        assert visible_lists(somebody("service_agent", at_home)).get() == found
        assert not visible_lists(somebody("service_agent", abroad)).exists()
        assert not visible_lists(somebody("marketer", at_home)).exists()

    def test_one_sees_and_counts_only_the_members_of_ones_malls(self) -> None:
        here, there = MallFactory(), MallFactory()
        mine, other = a_member(mall_id=here.id), a_member(mall_id=there.id)
        owner = somebody()
        found = a_list(owner, is_shared=True, is_filled_by_all=True)
        add(found, mine.id, other.id, actor=owner)
        local = somebody("crm_manager", Scope(mall_ids=frozenset({here.id})))
        assert [m.id for m in members_of(found, local)] == [mine.id]
        assert counts_of([found], local) == {found.pk: 1}
        assert counts_of([found], owner) == {found.pk: 2}
        assert services.remove_members(found.pk, [other.id], source="record", actor=local) == []
        assert on(found) == {mine.id, other.id}

    def test_whoever_one_may_not_know_of_is_not_put_on(self) -> None:
        here, there = MallFactory(), MallFactory()
        local = somebody("crm_manager", Scope(mall_ids=frozenset({here.id})))
        found = a_list(local)
        assert add(found, a_member(mall_id=there.id).id, uuid7(), actor=local) == []
        assert on(found) == set()


class TestChanges:
    def test_twice_is_once_and_only_what_is_new_is_a_change(self) -> None:
        owner = somebody()
        found, one, two = a_list(owner), a_member(), a_member()
        assert add(found, one.id, actor=owner) == [one.id]
        assert add(found, one.id, two.id, actor=owner) == [two.id]
        assert [change.member_ids for change in found.changes.all()] == [[two.id], [one.id]]

    def test_a_change_is_undone_once(self) -> None:
        owner = somebody()
        found, one, two = a_list(owner), a_member(), a_member()
        add(found, one.id, actor=owner)
        add(found, two.id, actor=owner)
        change = found.changes.get(member_ids=[one.id])
        assert services.undo_change(change.pk, list_id=found.pk, actor=owner) == 1
        assert on(found) == {two.id}
        with pytest.raises(ChangeNotUndoable):
            services.undo_change(change.pk, list_id=found.pk, actor=owner)
        services.remove_members(found.pk, [two.id], source="record", actor=owner)
        removal = found.changes.get(kind="removed", source="record")
        services.undo_change(removal.pk, list_id=found.pk, actor=owner)
        assert on(found) == {two.id}

    def test_a_selection_that_arrives_in_pieces_is_one_change(self) -> None:
        owner = somebody()
        found, members = a_list(owner), [a_member() for _ in range(3)]
        for member in members:
            add(found, member.id, actor=owner, source="selection")
        change = found.changes.get()
        assert set(change.member_ids) == {member.id for member in members}

    def test_a_closed_list_stays_as_it_is(self) -> None:
        owner = somebody()
        found = a_list(owner)
        services.close_list(found.pk, actor=owner)
        with pytest.raises(ListClosed):
            add(found, a_member().id, actor=owner)
        assert on(found) == set()
        again = a_list(owner)
        with pytest.raises(ListInvalid):
            services.reopen_list(found.pk, actor=owner)
        services.close_list(again.pk, actor=owner)
        services.reopen_list(found.pk, actor=owner)
        assert MemberList.objects.get(pk=found.pk).closed_at is None

    @pytest.mark.parametrize(
        ("name", "values", "field"),
        [
            (" ", {}, "name"),
            ("Tasting", {}, "name"),
            ("Other", {"notes": "4111 1111 1111 1111"}, "notes"),
            ("Other", {"is_shared": True, "shared_roles": ["nobody"]}, "shared_roles"),
            ("Other", {"is_shared": True, "shared_malls": [uuid7()]}, "shared_malls"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, name: str, values: dict[str, Any], field: str
    ) -> None:
        owner = somebody()
        a_list(owner)
        with pytest.raises(ListInvalid) as refusal:
            a_list(owner, name, **values)
        assert field in refusal.value.fields
        assert MemberList.objects.count() == 1


class TestMembersWhoChange:
    def test_who_was_merged_is_there_once_and_comes_back(self) -> None:
        owner = somebody()
        found, survivor, merged = a_list(owner), a_member(), a_member()
        add(found, survivor.id, merged.id, actor=owner)
        merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
        assert [m.id for m in members_of(found, owner)] == [survivor.id]
        assert counts_of([found], owner) == {found.pk: 1}
        assert add(found, merged.id, actor=owner) == []
        unmerge_member(merged.id, actor=SYSTEM)
        assert counts_of([found], owner) == {found.pk: 2}

    def test_a_merged_record_alone_stands_for_its_survivor(self) -> None:
        owner = somebody()
        found, survivor, merged = a_list(owner), a_member(), a_member()
        add(found, merged.id, actor=owner)
        merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
        assert [m.id for m in members_of(found, owner)] == [survivor.id]
        gone = services.remove_members(found.pk, [survivor.id], source="record", actor=owner)
        assert gone == [survivor.id]
        assert on(found) == set()

    def test_an_erased_member_leaves_every_list(self) -> None:
        owner = somebody()
        found, gone, stays = a_list(owner), a_member(), a_member()
        add(found, gone.id, stays.id, actor=owner)
        erase_member(gone.id, actor=SYSTEM)
        assert [m.id for m in members_of(found, owner)] == [stays.id]
        services.drop_erased([gone.id])
        assert on(found) == {stays.id}
        assert ListChange.objects.get().member_ids == [stays.id]
        assert add(found, gone.id, actor=owner) == []


class TestFiles:
    def test_rows_find_members_and_say_what_they_did_not_find(self) -> None:
        owner, phone = somebody(), a_phone()
        one, two, known = a_member(phone=phone), a_member(), a_member()
        found = a_list(owner)
        add(found, known.id, actor=owner)
        content = (
            f"手机号,会员号,备注\n{phone},,a\n,{two.number},b\n,{known.number},c\n"
            f"13700000000,,d\n{phone},{two.number},e\nhello,,f\n"
        )
        result = add_from_file(found.pk, content.encode(), actor=owner)
        assert on(found) == {one.id, two.id, known.id}
        assert (result.added, result.known) == (2, 1)
        assert (result.unknown, result.several, result.unreadable) == ([5], [6], [7])

    def test_a_file_finds_nobody_whom_one_may_not_know_of(self) -> None:
        here, there = MallFactory(), MallFactory()
        local = somebody("crm_manager", Scope(mall_ids=frozenset({here.id})))
        other = a_member(mall_id=there.id)
        found = a_list(local)
        content = f"number\n{other.number}\n"
        result = add_from_file(found.pk, content.encode(), actor=local)
        assert (result.added, result.unknown) == (0, [2])
        assert on(found) == set()

    def test_a_file_that_names_nobody_is_refused(self) -> None:
        owner = somebody()
        found = a_list(owner)
        with pytest.raises(FileUnsuitable):
            add_from_file(found.pk, b"colour\nred\n", actor=owner)


class TestPages:
    @pytest.fixture
    def user(self) -> StaffUser:
        return a_staff_user("crm_manager")

    @pytest.fixture
    def manager(self, client: Client, user: StaffUser) -> Client:
        client.force_login(user)
        return client

    def test_a_list_is_made_filled_from_a_file_and_undone(self, manager: Client) -> None:
        values = {"name": "Tasting", "is_shared": "on", "shared_roles": ["marketer"]}
        manager.post(reverse("lists:new"), values)
        found = MemberList.objects.get()
        assert found.shared_roles == ["marketer"]
        member = a_member()
        file = SimpleUploadedFile("a.csv", f"number\n{member.number}\n".encode())
        answer = manager.post(reverse("lists:file", args=[found.pk]), {"file": file})
        assert answer.context["result"].added == 1
        page = manager.get(reverse("members:list"), {"list": str(found.pk)}).content.decode()
        assert member.number in page
        change = found.changes.get()
        manager.post(reverse("lists:undo", args=[found.pk, change.pk]))
        assert on(found) == set()
        page = manager.get(reverse("members:list"), {"list": str(found.pk)}).content.decode()
        assert member.number not in page

    def test_an_unsuitable_file_says_why_beside_the_field(self, manager: Client) -> None:
        manager.post(reverse("lists:new"), {"name": "Tasting"})
        found = MemberList.objects.get()
        file = SimpleUploadedFile("a.csv", b"colour\nred\n")
        answer = manager.post(reverse("lists:file", args=[found.pk]), {"file": file})
        assert answer.status_code == 422
        assert "file" in answer.context["form"].errors

    def test_the_members_page_shows_lists_and_the_timeline(
        self, manager: Client, user: StaffUser
    ) -> None:
        owner = actor_for_user(user)
        found, member = a_list(owner, "Evening guests"), a_member()
        add(found, member.id, actor=owner)
        page = manager.get(reverse("members:detail", args=[member.id])).content.decode()
        assert page.count("Evening guests") >= 2
        manager.post(reverse("lists:remove", args=[found.pk, member.id]))
        assert on(found) == set()

    def test_a_list_that_is_not_shared_filters_nothing_and_tells_nothing(
        self, manager: Client
    ) -> None:
        found, member = a_list(somebody(), "Secret guests"), a_member()
        add(found, member.id, actor=SYSTEM)
        page = manager.get(reverse("members:detail", args=[member.id])).content.decode()
        assert "Secret guests" not in page
        answer = manager.get(reverse("members:list"), {"list": str(found.pk)}).content.decode()
        assert "Secret guests" not in answer
        assert manager.get(reverse("lists:detail", args=[found.pk])).status_code == 404


def test_the_api_makes_fills_and_reads_a_list() -> None:
    permissions = [VIEW_LIST, EDIT_LIST, VIEW_MEMBER]
    key = create_api_key(name="App", scope=WHOLE_GROUP, permissions=permissions, actor=SYSTEM)

    def send(path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {key.plain}", "Idempotency-Key": path or "make"}
        return Client().post(
            f"/api/v1/lists{path}", json.dumps(body), content_type="application/json",
            headers=headers,
        )  # fmt: skip

    made = send("", {"name": "App"}).json()["id"]
    member = a_member()
    ids = {"member_ids": [str(member.id)]}
    assert send(f"/{made}/members", ids).json() == {"changed": [str(member.id)]}
    headers = {"Authorization": f"Bearer {key.plain}"}
    read = Client().get(f"/api/v1/lists/{made}/members", headers=headers).json()
    assert [one["number"] for one in read["items"]] == [member.number]
    assert Client().get("/api/v1/lists", headers=headers).json()["items"][0]["members"] == 1
    assert send(f"/{made}/members/remove", ids).json() == {"changed": [str(member.id)]}
