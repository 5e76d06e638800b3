"""Memberships end and merge over the API: through the same doors, and by keys that may."""

from __future__ import annotations

import pytest

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.secrets.models import WrappedKey
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.members import services
from mallard.world.members.models import Member, MembershipChange, MemberStatus
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.members.tests.test_api import Till

pytestmark = pytest.mark.django_db
ERASES = ("members.erase_member", "members.erase_by_key")
MERGES = ("members.merge_member", "members.merge_by_key")


def again(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


class TestClosing:
    def test_a_membership_is_closed_once_and_opened_again(self) -> None:
        till, member = Till(WHOLE_GROUP, "members.close_member"), a_member()
        path = f"/members/{member.id}"
        status, closed = till.call("POST", f"{path}/close", key="close-1")
        assert (status, closed["status"]) == (200, "closed")
        assert closed["closed_at"]
        assert till.call("POST", f"{path}/close", key="close-1") == (status, closed)
        refused = till.call("POST", f"{path}/close", key="close-2")
        assert (refused[0], refused[1]["code"]) == (409, "members.not_open")
        assert not member.identities.filter(closed_at=None).exists()
        status, opened = till.call("POST", f"{path}/reopen")
        assert (status, opened["status"], opened["closed_at"]) == (200, "open", None)
        assert member.identities.filter(closed_at=None).exists()
        changes = MembershipChange.objects.filter(member=member).values_list("kind", flat=True)
        assert sorted(changes) == ["closed", "reopened"]

    def test_a_phone_that_is_somebody_elses_by_now_keeps_it_closed(self) -> None:
        till, member = Till(WHOLE_GROUP, "members.close_member"), a_member(phone="13912345678")
        till.call("POST", f"/members/{member.id}/close")
        a_member(phone="13912345678")
        status, problem = till.call("POST", f"/members/{member.id}/reopen")
        assert (status, problem["code"]) == (409, "members.identity_taken")
        assert again(member).status == MemberStatus.CLOSED


class TestErasing:
    def test_the_number_is_said_once_more_and_all_records_go(self) -> None:
        till, member, merged = Till(WHOLE_GROUP, *ERASES), a_member(), a_member()
        services.merge_members(member.id, merged_id=merged.id, actor=SYSTEM)
        path = f"/members/{member.id}/erase"
        wrong = till.call("POST", path, {"number": merged.number})
        assert (wrong[0], wrong[1]["code"]) == (422, "members.number_differs")
        assert again(member).status == MemberStatus.OPEN
        body = {"number": member.number}
        status, erased = till.call("POST", path, body, key="erase-1")
        assert status == 200
        assert set(erased["ids"]) == {str(member.id), str(merged.id)}
        assert till.call("POST", path, body, key="erase-1") == (status, erased)
        assert not WrappedKey.objects.filter(pk__in=[member.pk, merged.pk]).exists()
        assert Entry.objects.filter(action="members.member_erased").count() == 1

    def test_a_merged_record_is_not_erased_alone(self) -> None:
        till, member, merged = Till(WHOLE_GROUP, *ERASES), a_member(), a_member()
        services.merge_members(member.id, merged_id=merged.id, actor=SYSTEM)
        status, problem = till.call(
            "POST", f"/members/{merged.id}/erase", {"number": merged.number}
        )
        assert (status, problem["code"]) == (409, "members.merged")
        assert WrappedKey.objects.filter(pk=merged.pk).exists()


class TestMerging:
    def test_merged_and_taken_apart_again(self) -> None:
        till, member, other = Till(WHOLE_GROUP, *MERGES), a_member(), a_member()
        body = {"merged_id": str(other.id)}
        first = till.call("POST", f"/members/{member.id}/merge", body, key="merge-1")
        assert first[0] == 200
        assert (first[1]["id"], first[1]["merged_into_id"]) == (str(other.id), str(member.id))
        assert till.call("POST", f"/members/{member.id}/merge", body, key="merge-1") == first
        circle = till.call("POST", f"/members/{other.id}/merge", {"merged_id": str(member.id)})
        assert circle[0] == 409
        status, apart = till.call("POST", f"/members/{other.id}/unmerge")
        assert (status, apart["merged_into_id"]) == (200, None)
        assert again(other).merged_into_id is None
        done = Entry.objects.filter(action__contains="merged").values_list("action", "actor_kind")
        assert set(done) == {("members.members_merged", "api"), ("members.member_unmerged", "api")}

    def test_a_member_is_not_merged_into_themself(self) -> None:
        till, member = Till(WHOLE_GROUP, *MERGES), a_member()
        body = {"merged_id": str(member.id)}
        status, problem = till.call("POST", f"/members/{member.id}/merge", body)
        assert (status, problem["code"]) == (409, "members.merge_impossible")


class TestWhoMay:
    @pytest.mark.parametrize("left_out", [*ERASES, *MERGES])
    def test_the_permission_of_the_screen_or_of_keys_alone_is_not_enough(
        self, left_out: str
    ) -> None:
        member, other = a_member(), a_member()
        held = [one for one in (*ERASES, *MERGES) if one != left_out]
        till = Till(WHOLE_GROUP, *held)
        if left_out in ERASES:
            answer = till.call("POST", f"/members/{member.id}/erase", {"number": member.number})
        else:
            body = {"merged_id": str(other.id)}
            answer = till.call("POST", f"/members/{member.id}/merge", body)
        assert answer[0] == 403
        assert again(member).status == MemberStatus.OPEN
        assert again(other).merged_into_id is None

    def test_another_malls_member_does_not_exist(self) -> None:
        world = a_mall_group()
        scope = Scope(mall_ids=frozenset([world.lakeside.id]))
        till = Till(scope, "members.close_member", *ERASES, *MERGES)
        own, other = a_member(mall_id=world.lakeside.id), a_member(mall_id=world.hillside.id)
        for act, body in (
            ("close", None), ("erase", {"number": other.number}), ("unmerge", None),
            ("merge", {"merged_id": str(own.id)}),
        ):  # fmt: skip
            assert till.call("POST", f"/members/{other.id}/{act}", body)[0] == 404
        body = {"merged_id": str(other.id)}
        assert till.call("POST", f"/members/{own.id}/merge", body)[0] == 404
        assert again(other).status == MemberStatus.OPEN
        assert again(own).merged_into_id is None
