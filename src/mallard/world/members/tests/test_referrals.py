"""Who brought whom: said once, in time, never oneself, never in a circle."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.clock import now
from mallard.world.malls.tests.factories import MallFactory
from mallard.world.members import services
from mallard.world.members.errors import ReferralRefused, ReferrerUnknown
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.models import Member, ReferralCode, Relation
from mallard.world.members.permissions import CHANGE_MEMBER, VIEW_MEMBER
from mallard.world.members.referrals import referral_edges, referrals_of, referrer_of
from mallard.world.members.tests.factories import SYSTEM, a_member, a_phone
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


def bring(friend: Member, words: str) -> Relation:
    return services.refer_member(friend.id, words, source="desk", actor=SYSTEM)


def brought(friend: Member) -> Any:
    found = referrer_of(friend.id)
    return found.from_member_id if found else None


class TestSaying:
    def test_a_code_or_a_number_names_who_brought_a_friend(self) -> None:
        referrer, one, two = a_member(), a_member(), a_member()
        code = services.referral_code_of(referrer.id)
        assert services.referral_code_of(referrer.id) == code
        bring(one, f" {code.lower()} ")
        bring(two, referrer.number)
        assert {row.to_member_id for row in referrals_of(referrer.id)} == {one.id, two.id}
        assert [edge.friend_id for edge in referral_edges()] == [one.id, two.id]

    def test_again_is_the_same_and_another_is_refused(self) -> None:
        referrer, other, friend = a_member(), a_member(), a_member()
        assert bring(friend, referrer.number) == bring(friend, referrer.number)
        with pytest.raises(ReferralRefused):
            bring(friend, other.number)
        assert brought(friend) == referrer.id

    def test_nobody_brings_themself_under_any_record(self) -> None:
        survivor, merged = a_member(), a_member()
        with pytest.raises(ReferralRefused):
            bring(survivor, survivor.number)
        services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
        with pytest.raises(ReferralRefused):
            bring(survivor, merged.number)
        assert not Relation.objects.exists()

    def test_no_circle_of_any_length(self) -> None:
        one, two, three = a_member(), a_member(), a_member()
        bring(two, one.number)
        bring(three, two.number)
        with pytest.raises(ReferralRefused):
            bring(one, three.number)
        with pytest.raises(ReferralRefused):
            bring(one, two.number)
        assert brought(one) is None

    def test_no_circle_through_a_merged_record(self) -> None:
        one, two, other = a_member(), a_member(), a_member()
        bring(two, other.number)
        services.merge_members(one.id, merged_id=other.id, actor=SYSTEM)
        with pytest.raises(ReferralRefused):
            bring(one, two.number)

    def test_too_late_is_refused(self) -> None:
        referrer = a_member()
        old = a_member(joined_at=now() - dt.timedelta(days=31))
        young = a_member(joined_at=now() - dt.timedelta(days=29))
        with pytest.raises(ReferralRefused):
            bring(old, referrer.number)
        bring(young, referrer.number)
        assert (brought(old), brought(young)) == (None, referrer.id)

    def test_an_unknown_code_and_an_erased_member_bring_nobody(self) -> None:
        gone, friend = a_member(), a_member()
        code = services.referral_code_of(gone.id)
        services.erase_member(gone.id, actor=SYSTEM)
        for words in ("ABCDEFGH", code, gone.number):
            with pytest.raises(ReferrerUnknown):
                bring(friend, words)
        assert not ReferralCode.objects.exists()
        assert not Relation.objects.exists()

    def test_a_mistake_is_ended_and_said_anew(self) -> None:
        referrer, other, friend = a_member(), a_member(), a_member()
        bring(friend, referrer.number)
        services.end_referral(friend.id, actor=SYSTEM)
        services.end_referral(friend.id, actor=SYSTEM)
        assert brought(friend) is None
        bring(friend, other.number)
        assert brought(friend) == other.id
        assert Relation.objects.count() == 2

    def test_the_database_refuses_a_second_one_and_oneself(self) -> None:
        referrer, friend = a_member(), a_member()
        bring(friend, referrer.number)
        for from_member, to_member in ((a_member(), friend), (referrer, referrer)):
            with pytest.raises(IntegrityError), transaction.atomic():
                Relation.objects.create(
                    kind="referral", from_member=from_member, to_member=to_member, source="api"
                )


class TestEnrolment:
    def test_a_friend_is_named_when_joining(self) -> None:
        referrer = a_member()
        friend = a_member(referrer=services.referral_code_of(referrer.id))
        assert brought(friend) == referrer.id

    def test_an_unknown_code_enrols_nobody(self) -> None:
        wanted = Enrolment(identities=(IdentityInput("phone", a_phone()),), referrer="NOBODY22")
        with pytest.raises(ReferrerUnknown):
            services.enrol_member(wanted, actor=SYSTEM)
        assert not Member.objects.exists()

    def test_at_the_desk(self, client: Client) -> None:
        client.force_login(a_staff_user("crm_manager"))
        referrer = a_member()
        values = {
            "phone": a_phone(), "language": "en", "programme": "on", "place": "",
            "referrer": "wrong", "name": "Ann",
        }  # fmt: skip
        answer = client.post(reverse("members:enrol"), values)
        assert "referrer" in answer.context["form"].errors
        answer = client.post(reverse("members:enrol"), values | {"referrer": referrer.number})
        assert answer.status_code == 302
        assert [row.source for row in referrals_of(referrer.id)] == ["desk"]


class TestPage:
    def test_named_and_ended_on_the_members_page(self, client: Client) -> None:
        client.force_login(a_staff_user("crm_manager"))
        referrer, friend = a_member(), a_member()
        address = reverse("members:detail", args=[friend.id])
        client.post(reverse("members:referrer", args=[friend.id]), {"referrer": referrer.number})
        assert referrer.number in client.get(address).content.decode()
        other = reverse("members:detail", args=[referrer.id])
        assert friend.number in client.get(other).content.decode()
        client.post(reverse("members:end_referral", args=[friend.id]))
        assert brought(friend) is None

    def test_a_friend_of_another_mall_is_not_named(self, client: Client) -> None:
        here, there = MallFactory(), MallFactory()
        friend, referrer = a_member(mall_id=here.id), a_member(mall_id=there.id)
        bring(friend, referrer.number)
        scope = Scope(mall_ids=frozenset({here.id}))
        client.force_login(a_staff_user("crm_manager", scope=scope))
        page = client.get(reverse("members:detail", args=[friend.id])).content.decode()
        assert referrer.number not in page
        assert str(referrer.id) not in page


def test_the_api_names_and_lists() -> None:
    referrer, friend = a_member(), a_member()
    permissions = [VIEW_MEMBER, CHANGE_MEMBER]
    key = create_api_key(name="App", scope=WHOLE_GROUP, permissions=permissions, actor=SYSTEM)
    headers = {"Authorization": f"Bearer {key.plain}", "Idempotency-Key": "a"}
    path = f"/api/v1/members/{friend.id}/referrer"
    body = json.dumps({"referrer": referrer.number})
    for _again in range(2):
        answer = Client().post(path, body, content_type="application/json", headers=headers)
        assert answer.status_code == 204
    told = Client().get(f"/api/v1/members/{referrer.id}/referrals", headers=headers).json()
    assert [one["number"] for one in told["friends"]] == [friend.number]
