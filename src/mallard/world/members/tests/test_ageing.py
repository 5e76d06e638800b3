"""Memberships that nobody uses end, and former members are forgotten, when settings say so."""

from __future__ import annotations

import datetime as dt

import pytest

from mallard.kernel.access.actor import system
from mallard.kernel.audit.models import Entry
from mallard.kernel.clock import now
from mallard.kernel.settings.services import change_setting
from mallard.world.malls.models import Store
from mallard.world.malls.tests.factories import StoreFactory
from mallard.world.members import services
from mallard.world.members.jobs import end_and_forget_memberships
from mallard.world.members.models import Member, MemberPresence
from mallard.world.members.settings import CLOSED_DAYS, INACTIVE_DAYS
from mallard.world.members.tests.factories import SYSTEM, a_member

pytestmark = pytest.mark.django_db
KEEPER = system("retention")


def ago(days: int) -> dt.datetime:
    return now() - dt.timedelta(days=days)


def closed(days: int) -> Member:
    member = a_member()
    services.close_member(member.id, actor=SYSTEM)
    Member.objects.filter(pk=member.id).update(closed_at=ago(days))
    return member


def of_old(store: Store | None = None, *, seen: int = 0) -> Member:
    member = a_member()
    Member.objects.filter(pk=member.id).update(joined_at=ago(900))
    if store is not None:
        MemberPresence.objects.update_or_create(
            member=member, store=store, defaults={"first_at": ago(800), "last_at": ago(seen)}
        )
    return member


def status(member: Member) -> str:
    member.refresh_from_db()
    return member.status


def test_who_left_long_ago_is_erased_and_nobody_else() -> None:
    long_ago, lately, here = closed(1_096), closed(1_094), a_member()
    end_and_forget_memberships()
    assert [status(one) for one in (long_ago, lately, here)] == ["erased", "closed", "open"]
    entry = Entry.objects.get(action="members.member_erased")
    assert (entry.subject_id, entry.actor_label) == (long_ago.id, "retention")
    end_and_forget_memberships()
    assert Entry.objects.filter(action="members.member_erased").count() == 1


def test_records_merged_into_a_former_member_go_with_them() -> None:
    survivor, merged = a_member(), a_member()
    services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
    services.close_member(survivor.id, actor=SYSTEM)
    Member.objects.filter(pk=survivor.id).update(closed_at=ago(2_000))
    assert services.erase_long_closed(actor=KEEPER) == [survivor.id]
    assert [status(survivor), status(merged)] == ["erased", "erased"]


def test_nought_erases_and_closes_nobody() -> None:
    change_setting(CLOSED_DAYS.code, value=0, actor=SYSTEM)
    former, quiet = closed(9_999), of_old()
    end_and_forget_memberships()
    assert (status(former), status(quiet)) == ("closed", "open")


def test_a_membership_without_a_visit_is_closed_and_can_be_reopened() -> None:
    change_setting(INACTIVE_DAYS.code, value=400, actor=SYSTEM)
    store = StoreFactory()
    never, long_ago = of_old(), of_old(store, seen=401)
    lately, new = of_old(store, seen=399), a_member()
    end_and_forget_memberships()
    people = (never, long_ago, lately, new)
    assert [status(one) for one in people] == ["closed", "closed", "open", "open"]
    services.reopen_member(never.id, actor=SYSTEM)
    assert status(never) == "open"


def test_a_visit_on_a_merged_record_keeps_the_membership() -> None:
    change_setting(INACTIVE_DAYS.code, value=400, actor=SYSTEM)
    survivor, merged = of_old(), of_old(StoreFactory(), seen=10)
    services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
    assert services.close_long_inactive(actor=KEEPER) == []
    assert status(survivor) == "open"
