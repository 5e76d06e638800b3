"""Friends bring friends: a code to give away, and who brought whom."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.utils.functional import Promise

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, retry_when_raced
from mallard.kernel.outbox.services import announce
from mallard.world.members.errors import MemberErased, ReferralRefused, ReferrerUnknown
from mallard.world.members.events import ReferralEnded, ReferralGiven
from mallard.world.members.locks import lock_members, lock_referrals
from mallard.world.members.models import (
    Member,
    MemberStatus,
    ReferralCode,
    Relation,
    RelationKind,
    RelationSource,
)
from mallard.world.members.queries import records_of
from mallard.world.members.referrals import may_still_say, members_behind
from mallard.world.members.services.subject import locked_member, locked_open_member
from mallard.world.members.settings import REFERRAL_DAYS

# No letters and digits that are taken for one another when they are read out.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 8
_LONGEST_CHAIN = 100_000

retry_when_raced("members_brought_by_one", "members_referralcode_code_key")


@atomic_retrying
def referral_code_of(member_id: UUID) -> str:
    """The code that an open member gives to friends; made when it is first asked for.

    Raises `MemberNotOpen`, `MemberMerged`.
    """
    member = locked_open_member(member_id)
    code, _is_new = ReferralCode.objects.get_or_create(
        member=member, defaults={"code": "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))}
    )
    return code.code


@atomic_retrying
def refer_member(friend_id: UUID, referrer: str, *, source: str, actor: Actor) -> Relation:
    """Record that whoever has this referral code or member number brought an open member.

    Again gives the same. Raises `ReferrerUnknown`, `ReferralRefused` (oneself, a circle, known
    already, too late), `MemberNotOpen`, `MemberMerged`.
    """
    referrer_id = members_behind([referrer]).get(referrer)
    # The relation refers to both: locked one after the other, in either order, they would deadlock.
    lock_members({friend_id} | ({referrer_id} if referrer_id else set()))
    friend = locked_open_member(friend_id)
    if referrer_id is None:
        raise ReferrerUnknown(fields={"referrer": ReferrerUnknown.message})
    own = records_of([friend.pk]).get(friend.pk, (friend.pk,))
    theirs = records_of([referrer_id]).get(referrer_id, (referrer_id,))
    known = Relation.objects.filter(
        kind=RelationKind.REFERRAL, to_member__in=own, ended_at=None
    ).first()
    if known is not None and known.from_member_id in theirs:
        return known
    if known is not None:
        raise _refused(ReferralRefused.taken)
    if not may_still_say(friend):
        raise _refused(str(ReferralRefused.too_late) % {"days": REFERRAL_DAYS.value})
    _refuse_oneself_and_circles(own, theirs)
    return _write({friend.pk: referrer_id}, source=source, actor=actor)[0]


def _refused(sentence: str | Promise) -> ReferralRefused:
    return ReferralRefused(fields={"referrer": sentence})


def _refuse_oneself_and_circles(own: tuple[UUID, ...], referrer: tuple[UUID, ...]) -> None:
    """Go up from the referrer: nobody on the way may be the friend. One at a time, so that two
    who name each other at the same moment cannot both be believed."""
    if set(own) & set(referrer):
        raise _refused(ReferralRefused.oneself)
    lock_referrals()
    level, seen = set(referrer), set(referrer)
    while level and len(seen) < _LONGEST_CHAIN:
        upper = set(
            Relation.objects.filter(
                kind=RelationKind.REFERRAL, to_member__in=level, ended_at=None
            ).values_list("from_member", flat=True)
        )
        level = {one for records in records_of(upper).values() for one in records} - seen
        if level & set(own):
            raise _refused(ReferralRefused.circle)
        seen |= level


@atomic_retrying
def refer_enrolled(referrers: Mapping[UUID, str], *, source: str, actor: Actor) -> None:
    """Record who brought members that were enrolled just now: nobody can have been brought by
    them yet, so no circle can arise. Raises `ReferrerUnknown`."""
    found = members_behind(set(referrers.values()))
    wanted = {}
    for member_id, words in referrers.items():
        if words not in found:
            raise ReferrerUnknown(fields={"referrer": ReferrerUnknown.message})
        wanted[member_id] = found[words]
    _write(wanted, source=source, actor=actor)


def _write(wanted: Mapping[UUID, UUID], *, source: str, actor: Actor) -> list[Relation]:
    at = now()
    gone = MemberStatus.ERASED
    erased = Member.objects.filter(pk__in=set(wanted.values()), status=gone).first()
    if erased is not None:
        raise MemberErased(number=erased.number)
    rows = Relation.objects.bulk_create(
        Relation(
            kind=RelationKind.REFERRAL, from_member_id=referrer, to_member_id=friend, since=at,
            source=source, recorded_by_label=actor.label[:200],
        )
        for friend, referrer in wanted.items()
    )  # fmt: skip
    for row in rows:
        record(
            actor, "members.referral_given", "member", row.to_member_id,
            after={"referrer_id": row.from_member_id, "source": source},
        )  # fmt: skip
    announce(
        [
            ReferralGiven(subject_id=row.to_member_id, referrer_id=row.from_member_id)
            for row in rows
        ],
        actor=actor,
    )
    return rows


@atomic_retrying
def end_referral(friend_id: UUID, *, actor: Actor) -> None:
    """Say that a member was not brought by anybody after all: a mistake, or found to be made up.
    What was given for it is taken back by whoever listens. Again changes nothing."""
    friend = locked_member(friend_id)
    records = records_of([friend.pk]).get(friend.pk, (friend.pk,))
    rows = Relation.objects.filter(kind=RelationKind.REFERRAL, to_member__in=records, ended_at=None)
    for row in rows:
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        record(
            actor, "members.referral_ended", "member", row.to_member_id,
            before={"referrer_id": row.from_member_id},
        )  # fmt: skip
        event = ReferralEnded(subject_id=row.to_member_id, referrer_id=row.from_member_id)
        announce([event], actor=actor)


def source_of(actor: Actor) -> str:
    """Where somebody says it, when the caller does not."""
    found = {
        ActorKind.STAFF: RelationSource.DESK,
        ActorKind.API: RelationSource.API,
        ActorKind.MEMBER: RelationSource.PORTAL,
    }
    return found.get(actor.kind, RelationSource.IMPORT).value
