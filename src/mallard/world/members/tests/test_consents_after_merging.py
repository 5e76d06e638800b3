"""A merge loses no refusal: of what one person said on several records the latest word counts."""

from __future__ import annotations

import datetime as dt

import pytest

from mallard.kernel.access.actor import Scope
from mallard.kernel.clock import now
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.members.inputs import ConsentInput
from mallard.world.members.models import Member, MemberPresence
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.queries import (
    current_consents,
    has_consent,
    refused_profiling,
    visible_members,
)
from mallard.world.members.services import merge_members, record_consents, unmerge_member
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def say(member: Member, purpose: str, *, is_granted: bool, days_ago: int) -> None:
    word = ConsentInput(
        purpose, is_granted=is_granted, occurred_at=now() - days_ago * DAY, source="desk"
    )
    record_consents(member.id, [word], actor=SYSTEM)


@pytest.fixture
def pair() -> tuple[Member, Member]:
    """The record that stands for both, and the one to be merged into it."""
    joined = now() - 100 * DAY
    return a_member(joined_at=joined), a_member(joined_at=joined)


@pytest.mark.parametrize(
    ("ours", "theirs", "allowed"),
    [
        ((True, 20), (False, 10), False),
        ((True, 10), (False, 20), True),
        ((False, 10), (True, 20), False),
        ((False, 20), (True, 10), True),
    ],
)
def test_the_latest_word_on_either_record_counts(
    pair: tuple[Member, Member], ours: tuple[bool, int], theirs: tuple[bool, int], allowed: bool
) -> None:
    member, other = pair
    for purpose in ("marketing", "profiling"):
        say(member, purpose, is_granted=ours[0], days_ago=ours[1])
        say(other, purpose, is_granted=theirs[0], days_ago=theirs[1])
    merge_members(member.id, merged_id=other.id, actor=SYSTEM)
    assert has_consent(member.id, "marketing", "sms") is allowed
    assert (member.id in refused_profiling([member.id])) is not allowed
    assert has_consent(other.id, "marketing", "sms") is allowed
    [said] = [one for one in current_consents([member.id])[member.id] if one.purpose == "marketing"]
    assert said.is_granted is allowed


def test_after_the_merge_is_undone_each_record_has_its_own_word(
    pair: tuple[Member, Member],
) -> None:
    member, other = pair
    say(member, "marketing", is_granted=True, days_ago=20)
    say(other, "marketing", is_granted=False, days_ago=10)
    merge_members(member.id, merged_id=other.id, actor=SYSTEM)
    unmerge_member(other.id, actor=SYSTEM)
    assert has_consent(member.id, "marketing", "sms")
    assert not has_consent(other.id, "marketing", "sms")


def test_a_chain_of_merges_keeps_the_refusal(pair: tuple[Member, Member]) -> None:
    member, other = pair
    third = a_member(joined_at=now() - 100 * DAY)
    say(member, "marketing", is_granted=True, days_ago=20)
    say(third, "marketing", is_granted=False, days_ago=5)
    merge_members(other.id, merged_id=third.id, actor=SYSTEM)
    merge_members(member.id, merged_id=other.id, actor=SYSTEM)
    assert not has_consent(member.id, "marketing", "sms")


@pytest.mark.parametrize(("refused_days_ago", "is_seen"), [(10, False), (30, True)])
def test_a_store_sees_nobody_who_refused_sharing_on_a_merged_record(
    pair: tuple[Member, Member], refused_days_ago: int, is_seen: bool
) -> None:
    member, other = pair
    store = a_mall_group().lakeside_bakery
    clerk = an_actor(VIEW_MEMBER, scope=Scope(store_ids=frozenset({store.pk})))
    MemberPresence.objects.create(
        member=other, store=store, first_at=now() - DAY, last_at=now() - DAY, receipts=1
    )
    say(member, "share_with_tenant", is_granted=True, days_ago=20)
    say(other, "share_with_tenant", is_granted=False, days_ago=refused_days_ago)
    merge_members(member.id, merged_id=other.id, actor=SYSTEM)
    assert visible_members(clerk).filter(pk=member.pk).exists() is is_seen
