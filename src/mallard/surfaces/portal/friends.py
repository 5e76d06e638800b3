"""Bringing friends, in the member's words: what it gives, and how far each friend is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.clock import now
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.queries import programme
from mallard.value.loyalty.rules import Kind
from mallard.value.loyalty.sentences import names_for, sentence
from mallard.value.loyalty.services.referring import rewarded_points
from mallard.world.members.referrals import referrals_of


@dataclass(frozen=True, slots=True)
class Friend:
    """A friend whom the member brought: since when, and the points it gave so far. Who it is and
    what they bought is the friend's own business."""

    since: dt.datetime
    points: int


def friends_of(member_id: UUID) -> list[Friend]:
    """Newest first."""
    rows = referrals_of(member_id)
    points = rewarded_points([row.pk for row in rows])
    return [Friend(row.since, points.get(row.pk, 0)) for row in rows]


def promise() -> list[str]:
    """What the rules in force now give for a friend, in the reader's language."""
    try:
        facts = programme()
    except NoProgramme:
        return []
    rules = facts.book.given_without_receipt(Kind.REFERRAL, now())
    names = names_for(rules)
    return [sentence(rule, names, facts.currency) for rule in rules]
