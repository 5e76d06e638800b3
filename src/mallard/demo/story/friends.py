"""Friends whom members brought, and the points for it: after a friend's first purchase that earns.

Most friends are households of the source that joined during the year; a few joined at its end and
have not bought yet, so that nothing was given for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Min

from mallard.demo.people import card_number
from mallard.demo.story.people import StoryMember, enrol
from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.loyalty.models import Assessment
from mallard.value.loyalty.services import settle_referrals
from mallard.world.members.models import Member, Relation, RelationSource
from mallard.world.members.queries import MemberRef, find_by_identities
from mallard.world.members.services import refer_member, referral_code_of

SAID_HOUR_LATER = timedelta(hours=3)
DECIDED_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Brought:
    """The household ``referrer`` brought the friend with this card; said so many days after the
    friend joined: on the member page with a referral code, at the desk with a member number."""

    referrer: int
    card: str
    days_after: int
    source: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A friend who joined on this day of the year and has not bought yet."""

    member: StoryMember
    day: int


NEWCOMERS = (
    Newcomer(StoryMember(13, "Nathan Frost", "male", date(1991, 3, 2), "en", "ES-SUP"), 349),
    Newcomer(StoryMember(14, "方若琳", "female", date(1994, 8, 21), "zh-hans", "ES-COF"), 356),
    Newcomer(StoryMember(15, "Ivy Lambert", "female", date(2001, 12, 5), "en", "WD-SUP"), 361),
)
PORTAL, DESK = RelationSource.PORTAL, RelationSource.DESK
BROUGHT = (
    Brought(1_445, card_number(2_094), 2, PORTAL),
    Brought(909, card_number(1_147), 0, DESK),
    Brought(198, card_number(750), 5, PORTAL),
    Brought(198, card_number(1_338), 1, PORTAL),
    Brought(909, card_number(1_572), 0, DESK),
    Brought(1_985, card_number(602), 9, PORTAL),
    Brought(198, card_number(200), 0, DESK),
    Brought(1_445, card_number(1_664), 0, DESK),
    Brought(2_097, card_number(1_679), 1, PORTAL),
    Brought(1_445, NEWCOMERS[0].member.card, 1, PORTAL),
    Brought(198, NEWCOMERS[1].member.card, 0, DESK),
    Brought(909, NEWCOMERS[2].member.card, 2, PORTAL),
)
"""In the order in which they joined."""


@atomic_retrying
def plant(*, weeks: int, actor: Actor) -> None:
    """Say who brought whom, and give what it earned, once: again changes nothing."""
    if Relation.objects.exists():
        return
    for newcomer in NEWCOMERS:
        enrol([newcomer.member], weeks=weeks, joined_on_day=newcomer.day, actor=actor)
    members = _members()
    for one in BROUGHT:
        referrer, friend = members.get(card_number(one.referrer)), members.get(one.card)
        if referrer is not None and friend is not None:  # a part of the year has fewer members
            _bring(one, referrer, friend, actor)


def _members() -> Mapping[str, Member]:
    cards = {card_number(one.referrer) for one in BROUGHT} | {one.card for one in BROUGHT}
    found = find_by_identities([MemberRef("card", card) for card in cards])
    rows = Member.objects.in_bulk([one.member_id for one in found.values()])
    return {ref.value: rows[one.member_id] for ref, one in found.items()}


def _bring(one: Brought, referrer: Member, friend: Member, actor: Actor) -> None:
    said_at = friend.joined_at + timedelta(days=one.days_after) + SAID_HOUR_LATER
    with clock.frozen(said_at):
        words = referral_code_of(referrer.pk) if one.source == PORTAL else referrer.number
        refer_member(friend.pk, words, source=one.source, actor=actor)
    bought_at = _first_purchase(friend.pk, since=friend.joined_at)
    if bought_at is not None:
        with clock.frozen(max(said_at, bought_at) + DECIDED_AFTER):
            settle_referrals([friend.pk], actor=actor)


def _first_purchase(member_id: UUID, *, since: datetime) -> datetime | None:
    """When the friend first bought something that earned."""
    earned = Assessment.objects.filter(
        member=member_id, reason="earned", receipt__occurred_at__gte=since
    )
    found: datetime | None = earned.aggregate(at=Min("receipt__occurred_at"))["at"]
    return found
