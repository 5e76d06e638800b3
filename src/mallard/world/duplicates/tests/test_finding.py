"""Duplicates are found, decided, remembered."""

from __future__ import annotations

import random

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import Scope
from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.kernel.outbox.dispatcher import deliver_to
from mallard.kernel.settings.services import change_setting
from mallard.world.duplicates import services
from mallard.world.duplicates.errors import DecidedAlready
from mallard.world.duplicates.models import DuplicatePair, PairStatus
from mallard.world.duplicates.settings import MERGE_FROM
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.models import Member
from mallard.world.members.services import (
    enrol_members,
    erase_member,
    merge_members,
    remove_identity,
    unmerge_member,
)
from mallard.world.members.tests.factories import SYSTEM, a_member, a_phone
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
BORN = {"birth_date": "1988-03-09", "gender": "male"}


def twins() -> tuple[Member, Member, DuplicatePair]:
    """One person with two records, found."""
    one, other = a_member(name="王小明", profile=BORN), a_member(name="王小明", profile=BORN)
    assert services.find_pairs(actor=SYSTEM) == 1
    return one, other, DuplicatePair.objects.get()


class TestFinding:
    def test_same_name_and_birthday(self) -> None:
        one, other, pair = twins()
        assert {pair.first_id, pair.second_id} == {one.pk, other.pk}
        assert pair.permille > 990
        assert "王" not in str(pair.evidence)

    def test_traditional_and_simplified_names_are_one(self) -> None:
        a_member(name="歐陽雪瑩", profile=BORN)
        a_member(name="欧阳雪莹", profile=BORN)
        assert services.find_pairs(actor=SYSTEM) == 1

    def test_who_is_known_by_what_another_was_known_by(self) -> None:
        phone = a_phone()
        former = a_member(name="王小明", phone=phone)
        identity = former.identities.get(kind="phone")
        remove_identity(identity.pk, member_id=former.pk, actor=SYSTEM)
        a_member(name="王小明", phone=phone)
        assert services.find_pairs(actor=SYSTEM) == 1
        assert DuplicatePair.objects.get().evidence[0]["code"] == "former_identity"

    def test_strangers_with_one_name_are_not_proposed(self) -> None:
        for day in range(1, 9):
            a_member(name="王伟", profile={"birth_date": f"19{60 + day}-0{day}-11"})
        assert services.find_pairs(actor=SYSTEM) == 0

    def test_merged_and_erased_members_are_not_compared(self) -> None:
        one, other, _pair = twins()
        merge_members(one.pk, merged_id=other.pk, actor=SYSTEM)
        assert services.find_pairs(actor=SYSTEM) == 0
        assert not DuplicatePair.objects.exists()

    def test_most_planted_duplicates_are_found_and_hardly_anything_else(self) -> None:
        chance = random.Random(7)
        surnames, given = "王李张刘陈杨黄赵吴周", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超"
        enrolments, planted = [], []

        def person() -> dict[str, str]:
            year, month, day = (
                chance.randint(1950, 2005),
                chance.randint(1, 12),
                chance.randint(1, 28),
            )
            return {
                "name": chance.choice(surnames) + "".join(chance.choices(given, k=2)),
                "gender": chance.choice(["male", "female"]),
                "birth_date": f"{year}-{month:02}-{day:02}",
            }

        for number in range(1_500):
            first = person()
            enrolments.append(first)
            if number % 15 == 0:
                second = dict(first)
                if number % 45 == 15:
                    second.pop("gender")
                if number % 45 == 30:
                    letters = list(second["name"])
                    letters[2] = chance.choice(given)
                    second["name"] = "".join(letters)
                planted.append((len(enrolments) - 1, len(enrolments)))
                enrolments.append(second)
        made = enrol_members(
            [
                Enrolment(profile=facts, identities=(IdentityInput("phone", a_phone()),))
                for facts in enrolments
            ],
            actor=SYSTEM,
        )
        true = {frozenset((made[a].id, made[b].id)) for a, b in planted}
        services.find_pairs(actor=SYSTEM)
        found = {
            frozenset(pair) for pair in DuplicatePair.objects.values_list("first_id", "second_id")
        }
        assert len(found & true) / len(true) >= 0.9
        assert len(found & true) / len(found) >= 0.95


class TestDeciding:
    def test_a_merge_can_be_undone_and_is_remembered(self) -> None:
        one, other, pair = twins()
        services.merge_pair(pair.pk, survivor_id=one.pk, actor=SYSTEM)
        other.refresh_from_db()
        assert other.merged_into_id == one.pk
        with pytest.raises(DecidedAlready):
            services.tell_apart(pair.pk, actor=SYSTEM)
        unmerge_member(other.pk, actor=SYSTEM)
        services.note_unmerged({(other.pk, one.pk)}, actor=SYSTEM)
        pair.refresh_from_db()
        assert pair.status == PairStatus.DIFFERENT
        services.find_pairs(actor=SYSTEM)
        pair.refresh_from_db()
        assert pair.status == PairStatus.DIFFERENT

    def test_a_merge_past_the_list_settles_the_pair(self) -> None:
        one, other, pair = twins()
        merge_members(one.pk, merged_id=other.pk, actor=SYSTEM)
        services.note_merged({(other.pk, one.pk)}, actor=SYSTEM)
        pair.refresh_from_db()
        assert pair.status == PairStatus.MERGED
        services.find_pairs(actor=SYSTEM)
        assert DuplicatePair.objects.get() == pair

    def test_an_undone_merge_of_no_known_pair_is_not_done_again_by_itself(self) -> None:
        one, other, pair = twins()
        pair.delete()
        merge_members(one.pk, merged_id=other.pk, actor=SYSTEM)
        unmerge_member(other.pk, actor=SYSTEM)
        services.note_unmerged({(other.pk, one.pk)}, actor=SYSTEM)
        change_setting(MERGE_FROM.code, value=99, actor=SYSTEM)
        services.find_pairs(actor=SYSTEM)
        other.refresh_from_db()
        assert other.merged_into_id is None
        assert DuplicatePair.objects.get().status == PairStatus.DIFFERENT

    def test_merged_again_before_the_undoing_was_heard(self) -> None:
        one, other, pair = twins()
        services.merge_pair(pair.pk, survivor_id=one.pk, actor=SYSTEM)
        unmerge_member(other.pk, actor=SYSTEM)
        merge_members(one.pk, merged_id=other.pk, actor=SYSTEM)
        services.note_unmerged({(other.pk, one.pk)}, actor=SYSTEM)
        pair.refresh_from_db()
        assert pair.status == PairStatus.MERGED

    def test_merged_again_before_the_undoing_of_no_known_pair_was_heard(self) -> None:
        one, other, pair = twins()
        pair.delete()
        merge_members(one.pk, merged_id=other.pk, actor=SYSTEM)
        services.note_unmerged({(other.pk, one.pk)}, actor=SYSTEM)
        assert DuplicatePair.objects.get().status == PairStatus.MERGED

    def test_who_was_told_apart_is_not_proposed_again(self) -> None:
        _one, _other, pair = twins()
        services.tell_apart(pair.pk, actor=SYSTEM)
        services.find_pairs(actor=SYSTEM)
        pair.refresh_from_db()
        assert pair.status == PairStatus.DIFFERENT
        services.reconsider(pair.pk, actor=SYSTEM)
        pair.refresh_from_db()
        assert pair.status == PairStatus.OPEN

    def test_nothing_is_merged_by_itself_unless_it_is_wanted(self) -> None:
        one, other, pair = twins()
        other.refresh_from_db()
        assert other.merged_into_id is None
        change_setting(MERGE_FROM.code, value=99, actor=SYSTEM)
        services.find_pairs(actor=SYSTEM)
        other.refresh_from_db()
        pair.refresh_from_db()
        assert other.merged_into_id == one.pk  # the older record stands for both
        assert (pair.status, pair.is_automatic) == (PairStatus.MERGED, True)

    def test_an_erasure_takes_the_evidence_along(self) -> None:
        one, _other, pair = twins()
        erase_member(one.pk, actor=SYSTEM)
        services.drop_evidence({one.pk}, actor=SYSTEM)
        pair.refresh_from_db()
        assert (pair.status, pair.evidence) == (PairStatus.GONE, [])


class TestScreens:
    @pytest.fixture
    def manager(self, client: Client) -> Client:
        client.force_login(a_staff_user("crm_manager"))
        return client

    def test_from_the_list_to_a_decision(self, manager: Client) -> None:
        one, other, pair = twins()
        listed = manager.get(reverse("duplicates:list")).content.decode()
        assert one.number in listed
        page = reverse("duplicates:pair", args=[pair.pk])
        shown = manager.get(page).content.decode()
        assert "Same date of birth" in shown
        assert "王小明" in shown
        answer = manager.post(
            reverse("duplicates:merge", args=[pair.pk]), {"survivor": str(other.pk)}
        )
        assert answer.status_code == 302
        one.refresh_from_db()
        assert one.merged_into_id == other.pk
        assert manager.get(page).status_code == 200
        bad = manager.post(reverse("duplicates:merge", args=[pair.pk]), {"survivor": "x"})
        assert bad.status_code == 422

    def test_telling_apart_and_looking_again(self, manager: Client) -> None:
        _one, _other, pair = twins()
        manager.post(reverse("duplicates:different", args=[pair.pk]))
        assert DuplicatePair.objects.get().status == PairStatus.DIFFERENT
        manager.post(reverse("duplicates:reconsider", args=[pair.pk]))
        assert DuplicatePair.objects.get().status == PairStatus.OPEN
        assert manager.post(reverse("duplicates:search")).status_code == 302

    def test_a_mall_sees_pairs_of_its_own_members_only(self, client: Client) -> None:
        world = a_mall_group()
        lakeside = Scope(mall_ids=frozenset([world.lakeside.id]))
        client.force_login(a_staff_user("crm_manager", scope=lakeside))
        a_member(name="王小明", profile=BORN, mall_id=world.lakeside.id)
        a_member(name="王小明", profile=BORN, mall_id=world.hillside.id)
        services.find_pairs(actor=SYSTEM)
        page = reverse("duplicates:pair", args=[DuplicatePair.objects.get().pk])
        assert client.get(page).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_undone_merge_is_heard() -> None:
    one, other, pair = twins()
    services.merge_pair(pair.pk, survivor_id=one.pk, actor=SYSTEM)
    unmerge_member(other.pk, actor=SYSTEM)
    wait_for_older_transactions()
    deliver_to("duplicates.unmerging")
    pair.refresh_from_db()
    assert pair.status == PairStatus.DIFFERENT


@pytest.mark.django_db(transaction=True)
def test_a_merge_past_the_list_is_heard() -> None:
    one, other, pair = twins()
    merge_members(one.pk, merged_id=other.pk, actor=SYSTEM)
    wait_for_older_transactions()
    deliver_to("duplicates.merging")
    pair.refresh_from_db()
    assert pair.status == PairStatus.MERGED
