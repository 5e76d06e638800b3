"""What loyalty listens to: who joined, whose profile changed, who bought or brought back."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import system
from mallard.kernel.outbox.events import Envelope, consumer
from mallard.value.loyalty.services import (
    grant_for_joining,
    grant_for_profiles,
    mark_tiers,
    settle_referrals,
)
from mallard.value.sales.events import ReceiptMet, ReceiptNamed, ReceiptRecorded, ReturnRecorded
from mallard.world.members.events import (
    MemberChanged,
    MemberEnrolled,
    MembersMerged,
    MemberUnmerged,
    ReferralEnded,
    ReferralGiven,
)

ACTOR = system("loyalty")


@consumer(name="loyalty.granting", events=(MemberEnrolled, MemberChanged), batch_size=1_000)
def grant(envelopes: list[Envelope]) -> None:
    """Give what rules promise for joining and for a completed profile; each is given once."""
    joined = {one.subject_id for one in envelopes if one.name == MemberEnrolled.name}
    if joined:
        grant_for_joining(joined, actor=ACTOR)
    grant_for_profiles({one.subject_id for one in envelopes}, actor=ACTOR)


_ABOUT_FRIENDS = (ReferralGiven, ReferralEnded, MembersMerged, MemberUnmerged)


@consumer(
    name="loyalty.referrals",
    events=(ReceiptRecorded, ReturnRecorded, *_ABOUT_FRIENDS),
    batch_size=1_000,
)
def reward_referrals(envelopes: list[Envelope]) -> None:
    """What a friend bought or brought back may give or take points of who brought them."""
    people = {one.name for one in _ABOUT_FRIENDS}
    members = {one.subject_id for one in envelopes if one.name in people}
    for one in envelopes:
        if one.name not in people and one.payload.get("member_id"):
            members.add(UUID(str(one.payload["member_id"])))
        if one.payload.get("survivor_id"):
            members.add(UUID(str(one.payload["survivor_id"])))
    if members:
        settle_referrals(members, actor=ACTOR)


@consumer(
    name="loyalty.tiers",
    events=(
        ReceiptRecorded,
        ReceiptNamed,
        ReceiptMet,
        ReturnRecorded,
        MembersMerged,
        MemberUnmerged,
    ),
    batch_size=1_000,
)
def watch_tiers(envelopes: list[Envelope]) -> None:
    """Whoever bought or brought back, or is one person with another since, may be in another
    tier."""
    people = {MembersMerged.name, MemberUnmerged.name}
    members = {one.subject_id for one in envelopes if one.name in people}
    said = [one.payload.get(key) for one in envelopes for key in ("member_id", "survivor_id")]
    mark_tiers(members | {UUID(str(each)) for each in said if each})
