"""A row that names two known members: refused, or both become one; and undone again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.errors import Forbidden
from mallard.kernel.secrets.services import open_keys
from mallard.world.intake import services
from mallard.world.intake.models import ImportStatus, RowAction
from mallard.world.intake.permissions import IMPORT_MEMBERS
from mallard.world.intake.showing import result_lines
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
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import Member
from mallard.world.members.profile import open_profile
from mallard.world.members.services import close_member
from mallard.world.members.tests.factories import a_member, a_phone, an_actor
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
MAIL = "o@example.cn"


@pytest.fixture
def pair() -> tuple[Member, Member]:
    """Who joined first, by phone, and who later, by mail."""
    later = a_member(name="王二", identities=(IdentityInput("email", MAIL),))
    first = a_member(name="王一")
    Member.objects.filter(pk=first.pk).update(joined_at=later.joined_at - dt.timedelta(days=9))
    return first, later


def row(first: Member, name: str = "王大明") -> tuple[str, ...]:
    return (name, phone_of(first), "女", "", MAIL, "", "")


def survivor_of(member: Member) -> Member | None:
    member.refresh_from_db()
    return member.merged_into


def name_of(member: Member) -> str:
    member.refresh_from_db()
    key = open_keys([member.pk]).get(member.pk)
    return open_profile(member.profile_sealed, key)["name"].value


def test_a_dry_run_says_whom_it_would_merge_and_merges_nobody(
    pair: tuple[Member, Member], client: Client
) -> None:
    first, later = pair
    found = checked(a_file(row(first)), is_merging=True)
    assert found.counts == {"merge": 1}
    assert rows_of(found)[2].member_id == first.pk
    assert survivor_of(later) is None
    assert first.number in b"".join(result_lines(found)).decode("utf-8-sig")
    client.force_login(a_staff_user("crm_manager"))
    page = client.get(reverse("intake:detail", args=[found.pk])).content.decode()
    assert "Would merge" in page
    assert later.number in page


def test_the_oldest_membership_stands_for_both_and_takes_the_values(
    pair: tuple[Member, Member],
) -> None:
    first, later = pair
    found = imported(a_file(row(first)), is_merging=True)
    assert found.counts == {"merge": 1}
    assert survivor_of(later) == first
    assert name_of(first) == "王大明"
    again = imported(a_file(row(first)), is_merging=True)
    assert again.counts == {"unchanged": 1}


def test_undone_both_stand_alone_with_their_values(pair: tuple[Member, Member]) -> None:
    first, later = pair
    found = imported(a_file(row(first)), is_merging=True)
    services.start_undo(found.pk, actor=OPERATOR)
    services.undo_import(found.pk)
    found.refresh_from_db()
    assert found.status == ImportStatus.UNDONE
    assert survivor_of(later) is None
    assert (name_of(first), name_of(later)) == ("王一", "王二")


def test_a_later_row_that_names_either_is_a_repetition(pair: tuple[Member, Member]) -> None:
    first, _later = pair
    other = ("王三", a_phone(), "", "", MAIL, "", "")
    found = imported(a_file(row(first), other), is_merging=True)
    assert rows_of(found)[2].action == RowAction.MERGE
    assert codes_of(rows_of(found)[3]) == ["repeated"]


def test_not_asked_for_or_closed_it_is_refused_and_says_why(pair: tuple[Member, Member]) -> None:
    first, later = pair
    assert codes_of(rows_of(checked(a_file(row(first))))[2]) == ["two_members"]
    close_member(later.pk, actor=OPERATOR)
    found = checked(a_file(row(first)), is_merging=True)
    assert found.counts.get("merge") is None
    assert survivor_of(later) is None


def test_only_who_may_merge_members_may_ask_for_it(client: Client) -> None:
    with pytest.raises(Forbidden):
        received(a_file(), actor=an_actor(IMPORT_MEMBERS), is_merging=True)
    client.force_login(a_staff_user("crm_manager"))
    assert 'name="is_merging"' in client.get(reverse("intake:new")).content.decode()
