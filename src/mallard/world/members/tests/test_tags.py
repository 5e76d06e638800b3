"""Tags: whose they are, who sees them and puts them on, and what becomes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, Scope
from mallard.kernel.audit.models import Entry
from mallard.world.malls.tests.factories import MallFactory, StoreFactory
from mallard.world.members import services
from mallard.world.members.errors import (
    TagInvalid,
    TagNotFound,
    TagNotYours,
    TagRetired,
    TagUnknown,
)
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.models import MemberTag, Tag, TagChange
from mallard.world.members.permissions import EDIT_TAG, TAG_MEMBER, VIEW_MEMBER
from mallard.world.members.portraits import portrait
from mallard.world.members.showing import cards
from mallard.world.members.tagging import counts_of, usable_tags, visible_tags
from mallard.world.members.tests.factories import SYSTEM, a_member, a_phone, an_actor
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.services import create_api_key
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


def a_tag(code: str = "vip", **values: Any) -> Tag:
    return services.make_tag(code, actor=SYSTEM, **{"name_en": code.title(), **values})


def somebody(role: str, scope: Scope = WHOLE_GROUP) -> Actor:
    return actor_for_user(a_staff_user(role, scope=scope))


def an_api_key(scope: Scope, *permissions: str) -> str:
    return create_api_key(name="Till", scope=scope, permissions=permissions, actor=SYSTEM).plain


def tags_of(member: Any) -> set[str]:
    return set(MemberTag.objects.filter(member=member).values_list("tag__code", flat=True))


class TestWhoSees:
    def test_a_tag_for_its_owners_is_nobody_elses(self) -> None:
        a_tag("watch", owner_role="service_agent", seen_by="owner", put_by="owner")
        member = a_member(tags=("watch",))
        agent, marketer = somebody("service_agent"), somebody("marketer")
        assert [tag.code for tag in visible_tags(agent)] == ["watch"]
        assert not visible_tags(marketer).exists()
        assert cards([member], marketer)[member.id].tags == ()
        assert portrait(member, marketer).tags == ()
        assert [one.tag.code for one in portrait(member, agent).tags] == ["watch"]
        with pytest.raises(TagUnknown):
            services.untag_member(member.id, "watch", actor=marketer)
        assert tags_of(member) == {"watch"}

    def test_what_everybody_sees_may_be_put_on_by_its_owners_alone(self) -> None:
        a_tag("gold", owner_role="crm_manager", put_by="owner")
        member, marketer = a_member(), somebody("marketer")
        assert visible_tags(marketer).exists()
        assert not usable_tags(marketer).exists()
        with pytest.raises(TagUnknown):
            services.tag_members([member.id], "gold", actor=marketer)
        assert tags_of(member) == set()
        services.tag_members([member.id], "gold", actor=somebody("crm_manager"))
        assert tags_of(member) == {"gold"}

    def test_a_tag_of_one_mall_is_for_its_staff(self) -> None:
        here, there = MallFactory(), MallFactory()
        a_tag("lake", mall_id=here.id)
        at_home = an_actor(TAG_MEMBER, scope=Scope(mall_ids=frozenset({here.id})))
        abroad = an_actor(TAG_MEMBER, scope=Scope(mall_ids=frozenset({there.id})))
        store = an_actor(TAG_MEMBER, scope=Scope(store_ids=frozenset({StoreFactory(mall=here).id})))
        assert visible_tags(at_home).exists()
        assert visible_tags(store).exists()
        assert not visible_tags(abroad).exists()

    def test_a_machine_sees_what_is_for_everybody(self) -> None:
        a_tag("open")
        a_tag("watch", owner_role="service_agent", seen_by="owner", put_by="owner")
        key = an_api_key(WHOLE_GROUP, VIEW_MEMBER)
        answer = Client().get("/api/v1/tags", headers={"Authorization": f"Bearer {key}"})
        assert [tag["code"] for tag in answer.json()] == ["open"]

    def test_counts_are_of_the_members_one_may_know_of(self) -> None:
        here, there = MallFactory(), MallFactory()
        tag = a_tag()
        for mall in (here, here, there):
            a_member(mall_id=mall.id, tags=("vip",))
        local = an_actor(VIEW_MEMBER, scope=Scope(mall_ids=frozenset({here.id})))
        assert counts_of([tag.pk], local) == {tag.pk: 2}
        assert counts_of([tag.pk], SYSTEM) == {tag.pk: 3}


class TestWhoChanges:
    def test_only_the_owner_changes_a_tag(self) -> None:
        a_tag("watch", owner_role="service_agent")
        manager = an_actor(EDIT_TAG)
        with pytest.raises(TagNotYours):
            services.change_tag("watch", name_en="Other", actor=manager)
        with pytest.raises(TagNotYours):
            services.retire_tag("watch", actor=manager)
        assert Tag.objects.get().name_en == "Watch"
        assert Tag.objects.get().retired_at is None

    def test_the_staff_of_a_mall_make_tags_of_their_mall(self) -> None:
        mall, other = MallFactory(), MallFactory()
        local = an_actor(EDIT_TAG, scope=Scope(mall_ids=frozenset({mall.id})))
        for mall_id in (None, other.id):
            with pytest.raises(TagInvalid):
                services.make_tag("x", name_en="X", mall_id=mall_id, actor=local)
        assert not Tag.objects.exists()
        services.make_tag("x", name_en="X", mall_id=mall.id, actor=local)
        a_tag("everybodys")
        with pytest.raises(TagNotYours):
            services.change_tag("everybodys", name_en="Mine", actor=local)

    @pytest.mark.parametrize(
        "values",
        [{"name_en": "", "name_zh": ""}, {"seen_by": "owner", "put_by": "owner"},
         {"owner_role": "marketer", "seen_by": "owner", "put_by": "everybody"}],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, values: dict[str, Any]) -> None:
        with pytest.raises(TagInvalid):
            a_tag("odd", **values)
        assert not Tag.objects.exists()

    @pytest.mark.parametrize(
        "values", [{"seen_by": "owner"}, {"put_by": "owner"}, {"merged_into_id": None}]
    )
    def test_the_database_refuses_it_too(self, values: dict[str, Any]) -> None:
        tag = a_tag()
        if "merged_into_id" in values:
            values = {"merged_into_id": a_tag("other").pk}  # merged, and not retired
        with pytest.raises(IntegrityError), transaction.atomic():
            Tag.objects.filter(pk=tag.pk).update(**values)

    def test_a_code_is_taken_once(self) -> None:
        a_tag()
        with pytest.raises(TagInvalid) as refusal:
            a_tag()
        assert "code" in refusal.value.fields


class TestLife:
    def test_a_retired_tag_stays_on_members_and_is_put_on_nobody(self) -> None:
        a_tag()
        member, other = a_member(tags=("vip",)), a_member()
        services.retire_tag("vip", actor=SYSTEM)
        with pytest.raises(TagRetired):
            services.tag_member(other.id, "vip", actor=SYSTEM)
        assert tags_of(member) == {"vip"}
        assert tags_of(other) == set()
        services.untag_member(member.id, "vip", actor=SYSTEM)
        assert tags_of(member) == set()
        services.restore_tag("vip", actor=SYSTEM)
        services.tag_member(other.id, "vip", actor=SYSTEM)
        assert tags_of(other) == {"vip"}

    def test_merging_keeps_everybody_and_the_old_code_goes_on_working(self) -> None:
        a_tag("vip")
        a_tag("v-i-p")
        both, one, late = a_member(tags=("vip", "v-i-p")), a_member(tags=("v-i-p",)), a_member()
        since = MemberTag.objects.get(member=one).tagged_at
        assert services.merge_tags("v-i-p", into_code="vip", actor=SYSTEM) == 1
        assert tags_of(both) == tags_of(one) == {"vip"}
        assert MemberTag.objects.get(member=one).tagged_at == since
        services.tag_member(late.id, "v-i-p", actor=SYSTEM)
        assert tags_of(late) == {"vip"}
        with pytest.raises(TagRetired):
            services.restore_tag("v-i-p", actor=SYSTEM)
        with pytest.raises(TagRetired):
            services.merge_tags("vip", into_code="v-i-p", actor=SYSTEM)
        with pytest.raises(TagInvalid):
            services.merge_tags("vip", into_code="vip", actor=SYSTEM)
        with pytest.raises(TagNotFound):
            services.merge_tags("vip", into_code="nothing", actor=SYSTEM)

    def test_who_put_it_on_and_took_it_off_is_remembered(self) -> None:
        a_tag()
        member, agent = a_member(), somebody("service_agent")
        services.tag_member(member.id, "vip", actor=agent)
        services.tag_member(member.id, "vip", actor=agent)
        services.untag_member(member.id, "vip", actor=SYSTEM)
        told = [(c.is_on, c.changed_by_id, c.changed_by_label) for c in TagChange.objects.all()]
        assert told == [(False, None, "tests"), (True, agent.id, "")]
        services.erase_member(member.id, actor=SYSTEM)
        assert not TagChange.objects.exists()

    def test_a_batch_is_all_or_nothing(self) -> None:
        a_tag()
        wrong = Enrolment(identities=(IdentityInput("phone", a_phone()),), tags=("nothing",))
        right = Enrolment(identities=(IdentityInput("phone", a_phone()),), tags=("vip",))
        with pytest.raises(TagUnknown):
            services.enrol_members([right, wrong], actor=SYSTEM)
        assert not MemberTag.objects.exists()


class TestPages:
    @pytest.fixture
    def manager(self, client: Client) -> Client:
        client.force_login(a_staff_user("crm_manager"))
        return client

    def test_a_tag_is_made_shown_and_counted(self, manager: Client) -> None:
        values = {
            "code": "vip", "name_zh": "贵宾", "colour": "accent", "owner": "role:crm_manager",
            "seen_by": "everybody", "put_by": "owner", "mall": "", "description": "Spends much",
        }  # fmt: skip
        assert manager.post(reverse("members:new_tag"), values).status_code == 302
        tag = Tag.objects.get()
        assert (tag.colour, tag.owner_role, tag.put_by) == ("accent", "crm_manager", "owner")
        services.tag_member(a_member().id, "vip", actor=SYSTEM)
        page = manager.get(reverse("members:tags")).content.decode()
        assert "贵宾" in page
        assert f'<a href="{reverse("members:list")}?tag=vip"><span class="num">1</span></a>' in page
        assert "Spends much" in manager.get(reverse("members:tag", args=["vip"])).content.decode()

    def test_what_is_wrong_is_said_beside_the_field(self, manager: Client) -> None:
        values = {"code": "vip", "name_en": "VIP", "colour": "accent", "seen_by": "owner",
                  "put_by": "owner"}  # fmt: skip
        answer = manager.post(reverse("members:new_tag"), values)
        assert answer.status_code == 422
        assert "owner" in answer.context["form"].errors
        assert not Tag.objects.exists()

    def test_a_tag_is_retired_brought_back_and_merged(self, manager: Client) -> None:
        a_tag("vip")
        a_tag("old")
        member = a_member(tags=("old",))
        address = reverse("members:retire_tag", args=["old"])
        manager.post(address)
        assert Tag.objects.get(code="old").retired_at is not None
        manager.post(address)
        assert Tag.objects.get(code="old").retired_at is None
        manager.post(reverse("members:merge_tag", args=["old"]), {"into": "vip"})
        assert tags_of(member) == {"vip"}
        assert Entry.objects.filter(action="members.tags_merged").exists()

    def test_the_timeline_tells_who_did_it(self, manager: Client) -> None:
        a_tag()
        member = a_member()
        services.tag_member(member.id, "vip", actor=somebody("service_agent"))
        page = manager.get(reverse("members:timeline", args=[member.id])).content.decode()
        assert "Tagged: Vip" in page or "打上标签：Vip" in page


class TestApi:
    def test_a_tag_is_put_on_members_within_the_scope_once(self) -> None:
        here, there = MallFactory(), MallFactory()
        a_tag()
        mine, other = a_member(mall_id=here.id), a_member(mall_id=there.id)
        scope = Scope(mall_ids=frozenset({here.id}))
        key = an_api_key(scope, VIEW_MEMBER, TAG_MEMBER)

        def send(path: str, name: str) -> Any:
            headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": name}
            body = json.dumps({"member_ids": [str(mine.id), str(other.id)]})
            return Client().post(path, body, content_type="application/json", headers=headers)

        for _again in range(2):
            assert send("/api/v1/tags/vip/members", "a").json() == {"changed": [str(mine.id)]}
        assert tags_of(other) == set()
        assert send("/api/v1/tags/none/members", "b").status_code == 422
        removed = send("/api/v1/tags/vip/members/remove", "c")
        assert removed.json() == {"changed": [str(mine.id)]}
        assert tags_of(mine) == set()
