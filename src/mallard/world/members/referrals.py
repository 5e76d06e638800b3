"""Reads of who brought whom (老带新)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.clock import now
from mallard.world.members.inputs import MemberRef
from mallard.world.members.models import Member, ReferralCode, Relation, RelationKind
from mallard.world.members.queries import find_by_identities, records_of
from mallard.world.members.rules import NUMBER_KIND
from mallard.world.members.settings import REFERRAL_DAYS


@dataclass(frozen=True, slots=True)
class Edge:
    """``referrer_id`` brought ``friend_id``, as the records stand (merging moves nothing)."""

    id: UUID
    referrer_id: UUID
    friend_id: UUID
    since: dt.datetime
    source: str
    ended_at: dt.datetime | None


def referral_edges(
    *, since: dt.datetime | None = None, member_ids: Collection[UUID] | None = None
) -> list[Edge]:
    """Who brought whom, oldest first: from a moment on, or where one of these records takes part.

    Ended ones are among them. For jobs that look for patterns: not scoped.
    """
    rows = Relation.objects.filter(kind=RelationKind.REFERRAL).order_by("since", "id")
    if since is not None:
        rows = rows.filter(since__gte=since)
    if member_ids is not None:
        ids = list(member_ids)
        rows = rows.filter(from_member__in=ids) | rows.filter(to_member__in=ids)
    columns = ("id", "from_member_id", "to_member_id", "since", "source", "ended_at")
    return [Edge(*row) for row in rows.values_list(*columns)]


def referrals_of(member_id: UUID) -> list[Relation]:
    """The members whom this person brought, by any of their records; newest first."""
    records = records_of([member_id]).get(member_id, (member_id,))
    rows = Relation.objects.filter(
        kind=RelationKind.REFERRAL, from_member__in=records, ended_at=None
    )
    return list(rows.select_related("to_member"))


def referrer_of(member_id: UUID) -> Relation | None:
    """Who brought this person, by any of their records."""
    records = records_of([member_id]).get(member_id, (member_id,))
    rows = Relation.objects.filter(kind=RelationKind.REFERRAL, to_member__in=records, ended_at=None)
    return rows.select_related("from_member").order_by("since").first()


def may_still_say(member: Member, at: dt.datetime | None = None) -> bool:
    """Whether the time in which a member says who brought them is not over."""
    return (at or now()) <= member.joined_at + dt.timedelta(days=REFERRAL_DAYS.value)


def members_behind(words: Collection[str]) -> dict[str, UUID]:
    """The record behind each referral code or member number; unknown ones are left out."""
    codes = {word: word.strip().upper() for word in words}
    by_code = dict(
        ReferralCode.objects.filter(code__in=set(codes.values())).values_list("code", "member_id")
    )
    found = {word: by_code[code] for word, code in codes.items() if code in by_code}
    refs = {word: MemberRef(NUMBER_KIND, word) for word in words if word not in found}
    numbers = find_by_identities(list(refs.values()))
    return found | {word: numbers[ref].member_id for word, ref in refs.items() if ref in numbers}
