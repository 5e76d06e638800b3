"""Reads about members' ways in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from mallard.kernel.clock import now
from mallard.world.members.inputs import MemberRef
from mallard.world.members.models import Member
from mallard.world.members.queries import find_by_identities, records_of, survivors_of
from mallard.world.memberweb.models import MemberSession
from mallard.world.memberweb.rules import digest


def member_known_by(refs: Sequence[MemberRef]) -> UUID | None:
    """The open member whom the first of ``refs`` that fits anybody names, merges followed."""
    found = find_by_identities(refs)
    first = next((found[ref] for ref in refs if ref in found), None)
    if first is None:
        return None
    return survivors_of([first.member_id]).get(first.member_id)


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is behind a request: the session and the member as they are now."""

    session: MemberSession
    member: Member


def presence_of(token: str) -> Presence | None:
    """Who came in with this token; None when it is unknown, over, or its membership is not open.

    A record that was merged since opens the one it was merged into. One statement, three more
    after a merge.
    """
    if not token:
        return None
    session = (
        MemberSession.objects.select_related("member__enrolled_mall")
        .filter(token_hash=digest(token), ended_at=None, expires_at__gt=now())
        .first()
    )
    if session is None:
        return None
    member = session.member
    if member.merged_into_id is not None:
        survivor = survivors_of([member.id]).get(member.id)
        if survivor is None:
            return None
        member = Member.objects.select_related("enrolled_mall").get(pk=survivor)
    return Presence(session, member) if member.is_open else None


def live_sessions(member_id: UUID) -> QuerySet[MemberSession]:
    """The browsers in which the member is signed in, last used first; those that a record merged
    into theirs had opened are theirs, too."""
    records = records_of([member_id]).get(member_id, (member_id,))
    return MemberSession.objects.filter(member__in=records, ended_at=None, expires_at__gt=now())
