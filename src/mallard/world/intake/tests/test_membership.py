"""Files change the joined day and the home of known members; undoing gives them back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from mallard.kernel.access.actor import Actor, ActorKind, Scope
from mallard.kernel.access.permissions import declared_permissions
from mallard.kernel.ids import uuid7
from mallard.world.intake import services
from mallard.world.intake.models import ImportStatus, MemberImport, RowAction
from mallard.world.intake.planning import Places, Seen, plan_rows
from mallard.world.intake.services.running import _said
from mallard.world.intake.showing import ShownRows
from mallard.world.intake.tests.factories import (
    OPERATOR,
    a_file,
    checked,
    codes_of,
    imported,
    phone_of,
    received,
    rows_of,
)
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.models import Member
from mallard.world.members.services import note_presence
from mallard.world.members.tests.factories import a_member

pytestmark = pytest.mark.django_db
HEADER = ("手机号", "入会日期", "门店编码", "商场编码")


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def member(world: World) -> Member:
    at = dt.datetime(2025, 3, 4, 10, 30, 15, tzinfo=dt.UTC)
    return a_member(mall_id=world.lakeside.id, joined_at=at)


def row_for(member: Member, joined: str = "", store: str = "", mall: str = "") -> bytes:
    return a_file((phone_of(member), joined, store, mall), header=HEADER)


def told(found: MemberImport) -> list[tuple[str, str, str]]:
    with translation.override("en"):
        (row,) = ShownRows.of(found.rows.all(), found)
        changes: list[tuple[str, str, str]] = row.changes  # type: ignore[attr-defined]
        return changes


def undone(found: MemberImport) -> MemberImport:
    services.start_undo(found.pk, actor=OPERATOR)
    services.undo_import(found.pk)
    found.refresh_from_db()
    return found


def test_a_dry_run_says_old_and_new_and_changes_nothing(world: World, member: Member) -> None:
    store = world.hillside_bakery
    found = checked(row_for(member, "2024-12-31", store.code))
    assert rows_of(found)[2].action == RowAction.CHANGE
    assert told(found) == [
        ("Joined", "4 Mar 2025", "31 Dec 2024"),
        ("Enrolled at: store code", "", f"{store.name_en} ({store.code})"),
        ("Enrolled at: mall code", f"{world.lakeside.name_en} ({world.lakeside.code})", ""),
    ]
    same = Member.objects.get(pk=member.pk)
    assert (same.joined_at, same.enrolled_mall_id) == (member.joined_at, world.lakeside.id)


def test_taking_in_and_undoing_gives_back_exactly_what_there_was(
    world: World, member: Member
) -> None:
    found = imported(row_for(member, "2024-12-31", world.hillside_bakery.code))
    changed = Member.objects.get(pk=member.pk)
    zone = next(iter(Places(found, OPERATOR).malls.values())).zone
    assert changed.joined_at == dt.datetime(2024, 12, 31, tzinfo=zone)
    assert changed.enrolled_store_id == world.hillside_bakery.id
    assert changed.enrolled_mall_id is None
    assert changed.language == member.language
    assert undone(found).status == ImportStatus.UNDONE
    back = Member.objects.get(pk=member.pk)
    assert back.joined_at == member.joined_at
    assert (back.enrolled_store_id, back.enrolled_mall_id) == (None, world.lakeside.id)
    assert back.profile_sealed is not None


def test_the_same_again_and_the_mall_of_ones_store_change_nothing(
    world: World, member: Member
) -> None:
    imported(row_for(member, "2024-12-31", world.lakeside_bakery.code))
    again = imported(row_for(member, "2024-12-31", world.lakeside_bakery.code))
    assert rows_of(again)[2].action == RowAction.UNCHANGED
    its_mall = imported(row_for(member, "", "", world.lakeside.code))
    assert rows_of(its_mall)[2].action == RowAction.UNCHANGED
    kept = Member.objects.get(pk=member.pk)
    assert kept.enrolled_store_id == world.lakeside_bakery.id


def test_nobody_joined_after_they_bought(world: World, member: Member) -> None:
    at = dt.datetime(2025, 4, 1, tzinfo=dt.UTC)
    note_presence([(member.id, world.lakeside_bakery.id, at)])
    found = imported(row_for(member, "2025-06-01"))
    assert codes_of(rows_of(found)[2]) == ["bought_before"]
    assert Member.objects.get(pk=member.pk).joined_at == member.joined_at
    assert imported(row_for(member, "2025-04-01")).counts == {"change": 1}


def test_undoing_waits_where_the_home_was_changed_again(world: World, member: Member) -> None:
    found = imported(row_for(member, "", world.lakeside_bakery.code))
    imported(row_for(member, "", world.hillside_bakery.code))
    assert undone(found).status == ImportStatus.DONE
    assert [blocker["kind"] for blocker in found.blockers] == ["changes"]
    kept = Member.objects.get(pk=member.pk)
    assert kept.enrolled_store_id == world.hillside_bakery.id


def test_a_mall_takes_no_member_away_from_another(world: World) -> None:
    theirs = a_member(mall_id=world.hillside.id)
    note_presence([(theirs.id, world.lakeside_bakery.id, theirs.joined_at)])
    everything = frozenset(permission.code for permission in declared_permissions())
    here = Scope(mall_ids=frozenset([world.lakeside.id]))
    actor = Actor(ActorKind.STAFF, uuid7(), "lakeside", everything, here)
    found = received(row_for(theirs, "", world.lakeside_bakery.code))
    rows = list(_said(found, dt.date(2026, 1, 1)))
    (plan,) = plan_rows(rows, places=Places(found, actor), seen=Seen())
    assert plan.action == RowAction.REFUSED
    assert [problem.code for problem in plan.problems] == ["home_elsewhere"]
    own = a_member(mall_id=world.lakeside.id)
    rows = list(_said(received(row_for(own, "", world.lakeside_bakery.code)), dt.date(2026, 1, 1)))
    (plan,) = plan_rows(rows, places=Places(found, actor), seen=Seen())
    assert plan.action == RowAction.CHANGE
