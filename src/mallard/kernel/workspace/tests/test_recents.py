"""What somebody opened lately: whose it is, what is kept of it, and what it costs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mallard.kernel.access.actor import Scope, system
from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.workspace.models import RecentItem
from mallard.kernel.workspace.queries import recent_hits
from mallard.kernel.workspace.services import recents as services
from mallard.world.malls.tests.factories import StoreFactory
from mallard.world.members.services import erase_member
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor
from mallard.world.staff.models import RoleAssignment, StaffUser
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> StaffUser:
    return a_staff_user("crm_manager")


@pytest.fixture
def reader(client: Client, user: StaffUser) -> Client:
    client.force_login(user)
    return client


def labels(user: StaffUser) -> list[str]:
    fresh = StaffUser.objects.get(pk=user.pk)
    return [str(hit.label) for hit in recent_hits(actor_for_user(fresh), 10)]


def test_what_was_opened_comes_back_the_latest_first(reader: Client, user: StaffUser) -> None:
    store, member = StoreFactory(name_en="Bread & More"), a_member(name="李丽丽")
    for address in (
        f"/members/{member.id}/", f"/malls/stores/{store.id}/", f"/members/{member.id}/",
    ):  # fmt: skip
        assert reader.get(address).status_code == 200
    assert labels(user) == ["李丽丽", store.name]
    assert "李丽丽" in reader.get("/search/palette").content.decode()
    assert "李丽丽" in reader.get("/workspace/recent/").content.decode()
    menu = reader.get("/workspace/recent/", headers={"HX-Target": "recent-menu"})
    assert "李丽丽" in menu.content.decode()
    assert "<html" not in menu.content.decode()
    assert "李丽丽" not in str(list(RecentItem.objects.values()))


def test_nobody_sees_what_somebody_else_opened(reader: Client, user: StaffUser) -> None:
    reader.get(f"/members/{a_member().id}/")
    assert labels(a_staff_user("crm_manager")) == []
    assert len(labels(user)) == 1


def test_what_cannot_be_seen_any_more_is_not_named(reader: Client, user: StaffUser) -> None:
    member = a_member(name="李丽丽")
    reader.get(f"/members/{member.id}/")
    RoleAssignment.objects.filter(user=user).delete()
    assert labels(user) == []
    hill = Scope(store_ids=frozenset([StoreFactory().id]))
    blind = an_actor("members.view_member", "members.view_name", scope=hill)
    services.note_opened("member", member.id, actor=blind)
    assert recent_hits(blind, 10) == []


def test_the_name_is_masked_for_whom_it_is_masked(reader: Client, user: StaffUser) -> None:
    member = a_member(name="李丽丽")
    clerk = an_actor("members.view_member")
    services.note_opened("member", member.id, actor=clerk)
    [hit] = recent_hits(clerk, 10)
    assert "李丽丽" not in str(hit.label)


def test_an_erased_member_disappears(reader: Client, user: StaffUser) -> None:
    member = a_member()
    reader.get(f"/members/{member.id}/")
    assert RecentItem.objects.count() == 1
    erase_member(member.id, actor=SYSTEM)
    assert not RecentItem.objects.exists()
    # Its page still opens, with nothing personal in it: it is not named here again.
    reader.get(f"/members/{member.id}/")
    assert labels(user) == []


def test_lists_refusals_and_parts_are_not_noted(reader: Client) -> None:
    reader.get("/members/")
    assert reader.get(f"/members/{uuid7()}/").status_code == 404
    reader.get(f"/members/{a_member().id}/", headers={"HX-Request": "true"})
    assert not RecentItem.objects.exists()


def test_only_the_latest_are_kept(user: StaffUser) -> None:
    actor, other = actor_for_user(user), an_actor()
    ids = [uuid7() for _number in range(services.KEEP_ITEMS + 5)]
    services.note_opened("member", ids[0], actor=other)
    for item_id in ids:
        services.note_opened("member", item_id, actor=actor)
    kept = RecentItem.objects.filter(actor_id=user.pk).order_by("opened_at")
    assert [row.item_id for row in kept] == ids[-services.KEEP_ITEMS :]
    services.note_opened("member", ids[-3], actor=actor)
    assert kept.count() == services.KEEP_ITEMS
    assert RecentItem.objects.filter(actor_id=other.id).count() == 1


def test_opening_a_page_writes_one_statement(reader: Client, user: StaffUser) -> None:
    store = StoreFactory()
    reader.get(f"/malls/stores/{store.id}/")
    with CaptureQueriesContext(connection) as context:
        services.note_opened("store", store.id, actor=actor_for_user(user))
    written = [one["sql"] for one in context if "workspace_recent_item" in one["sql"]]
    assert len(written) <= 1


def test_reading_costs_the_same_for_two_and_for_twenty(reader: Client, user: StaffUser) -> None:
    actor = actor_for_user(user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as context:
            recent_hits(actor, 30)
        return len(context)

    for _number in range(2):
        services.note_opened("member", a_member().id, actor=actor)
    few = cost()
    for _number in range(18):
        services.note_opened("member", a_member().id, actor=actor)
    assert cost() == few


def test_all_of_it_is_forgotten_when_one_asks(reader: Client, user: StaffUser) -> None:
    reader.get(f"/members/{a_member().id}/")
    services.note_opened("member", uuid7(), actor=an_actor())
    assert reader.post("/workspace/recent/clear").status_code == 302
    assert not RecentItem.objects.filter(actor_id=user.pk).exists()
    assert RecentItem.objects.count() == 1


def test_old_ones_go_after_a_quarter(user: StaffUser) -> None:
    old, young = uuid7(), uuid7()
    for item_id in (old, young):
        services.note_opened("member", item_id, actor=actor_for_user(user))
    before = now() - dt.timedelta(days=services.KEEP_DAYS + 1)
    RecentItem.objects.filter(item_id=old).update(opened_at=before)
    assert services.remove_old_recents() == 1
    assert [row.item_id for row in RecentItem.objects.all()] == [young]
    assert services.remove_old_recents() == 0


def test_jobs_open_nothing() -> None:
    assert recent_hits(system("tests"), 5) == []
