"""A membership changes, closes, opens again, and is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import IntegrityError

from mallard.kernel.access.actor import Actor, system
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.outbox.services import announce
from mallard.kernel.secrets.services import destroy_data_keys
from mallard.kernel.workspace.services.recents import drop_items
from mallard.world.members.errors import IdentityTaken, MemberMerged
from mallard.world.members.events import (
    MemberChanged,
    MemberClosed,
    MemberErased,
    MemberReopened,
)
from mallard.world.members.guarding import is_child
from mallard.world.members.locks import lock_members
from mallard.world.members.models import (
    Child,
    FieldValue,
    GuardianConsent,
    Identity,
    Member,
    MemberSearch,
    MembershipChangeKind,
    MemberStatus,
    MemberTag,
    Note,
    ReferralCode,
    TagChange,
)
from mallard.world.members.profile import changed_profile, open_profile, seal_profile
from mallard.world.members.queries import records_under
from mallard.world.members.services.history import remember
from mallard.world.members.services.searching import copy_search_rows
from mallard.world.members.services.subject import (
    data_key_of,
    locked_member,
    locked_open_member,
    origin_of,
)


@atomic_retrying
def change_member(
    member_id: UUID,
    *,
    profile: Mapping[str, str] | None = None,
    language: str | None = None,
    actor: Actor,
) -> tuple[str, ...]:
    """Change profile facts (an empty value forgets one) and the language of an open member.

    Facts that stay as they are keep their origin. Returns the codes of what changed; before and
    after are in the audit log, sealed. Raises `ProfileInvalid`, `PaymentCardRefused`. Only this
    record is looked at; `change_person` asks what the records merged into it say, too.
    """
    member = locked_open_member(member_id)
    return change_locked(member, profile=profile, language=language, actor=actor)


def change_locked(
    member: Member,
    *,
    profile: Mapping[str, str] | None = None,
    language: str | None = None,
    actor: Actor,
) -> tuple[str, ...]:
    """As `change_member`, of a record that is locked and may be merged into another."""
    key = data_key_of(member)
    known = open_profile(member.profile_sealed, key)
    facts = changed_profile(
        known,
        profile or {},
        origin=origin_of(actor),
        at=now(),
        is_child="birth_date" in (profile or {}) and is_child(member.pk),
    )
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for code in known.keys() | facts.keys():
        old, new = known.get(code), facts.get(code)
        if old != new:
            before[code] = old.value if old else ""
            after[code] = new.value if new else ""
    if language is not None and language != member.language:
        before["language"], after["language"] = member.language, language
        member.language = language
    if not after:
        return ()
    member.profile_sealed = seal_profile(facts, key)
    member.save(update_fields=["profile_sealed", "language"])
    copy_search_rows({member.id: facts})
    record(
        actor,
        "members.member_changed",
        "member",
        member.id,
        before=before,
        after=after,
        personal_of=member.id,
        data_key=key,
    )
    changed = tuple(sorted(after))
    announce([MemberChanged(subject_id=member.id, fields=changed)], actor=actor)
    return changed


@atomic_retrying
def close_member(member_id: UUID, *, actor: Actor) -> None:
    """End a membership: its identities no longer find it and are free for somebody else.

    Nothing is forgotten; `reopen_member` undoes it. Raises `MemberNotOpen`, `MemberMerged`.
    """
    member = locked_open_member(member_id)
    member.status, member.closed_at = MemberStatus.CLOSED, now()
    member.save(update_fields=["status", "closed_at"])
    Identity.objects.filter(member=member, closed_at=None).update(closed_at=member.closed_at)
    record(actor, "members.member_closed", "member", member.id)
    remember(MembershipChangeKind.CLOSED, [member.id], actor=actor)
    announce([MemberClosed(subject_id=member.id)], actor=actor)


@atomic_retrying
def reopen_member(member_id: UUID, *, actor: Actor) -> None:
    """Open a closed membership again, with the identities that it was closed with.

    Raises `IdentityTaken` when one of them belongs to somebody else by now. An open one stays.
    """
    member = locked_member(member_id)
    if member.is_open:
        return
    try:
        Identity.objects.filter(member=member, closed_at=member.closed_at).update(closed_at=None)
    except IntegrityError as error:
        raise IdentityTaken(kind="") from error
    member.status, member.closed_at = MemberStatus.OPEN, None
    member.save(update_fields=["status", "closed_at"])
    record(actor, "members.member_reopened", "member", member.id)
    remember(MembershipChangeKind.REOPENED, [member.id], actor=actor)
    announce([MemberReopened(subject_id=member.id)], actor=actor)


def locked_cluster(member_id: UUID) -> list[Member]:
    """The member and everybody merged into them, locked. Asked again under the locks: somebody may
    have been merged into them while we waited, and would be left behind."""
    locked: dict[UUID, Member] = {}
    while not (cluster := _cluster(member_id)) <= locked.keys():
        locked |= {member.id: member for member in lock_members(cluster)}
        if member_id not in locked:
            return []
    return [locked[id_] for id_ in sorted(cluster)]


def _cluster(member_id: UUID) -> set[UUID]:
    return set(records_under([member_id]).get(member_id, (member_id,)))


@atomic_retrying
def erase_member(member_id: UUID, *, actor: Actor) -> list[UUID]:
    """Forget a person for good, with every record merged into theirs; returns those members' ids.

    Data keys are destroyed (and entered in the register of erasures), so sealed copies anywhere
    become noise; search row, notes and tags are deleted, identities lose value and indexes. A
    pseudonymous row with number and dates stays for the ledger. A second time changes nothing.
    Raises `MemberMerged`: erase the survivor, or unmerge first.
    """
    members = locked_cluster(member_id)
    subject = next((member for member in members if member.id == member_id), None)
    if subject is None:
        locked_member(member_id)  # raises: there is no such member
        return []
    if subject.status == MemberStatus.ERASED:
        return [member.id for member in members]
    if subject.merged_into_id is not None:
        raise MemberMerged(number=subject.number)
    ids = [member.id for member in members]
    destroy_data_keys(ids, actor=actor)
    forget(ids)
    record(actor, "members.member_erased", "member", member_id, ids=ids)
    remember(MembershipChangeKind.ERASED, ids, actor=actor)
    announce([MemberErased(subject_id=id_) for id_ in ids], actor=actor)
    return ids


def forget(ids: Collection[UUID]) -> None:
    """Delete and empty what tells who these members were; their keys are gone already."""
    at = now()
    MemberSearch.objects.filter(member__in=ids).delete()
    MemberTag.objects.filter(member__in=ids).delete()
    TagChange.objects.filter(member__in=ids).delete()
    ReferralCode.objects.filter(member__in=ids).delete()
    FieldValue.objects.filter(member__in=ids).delete()
    Note.objects.filter(member__in=ids).delete()
    Child.objects.filter(member__in=ids).delete()
    GuardianConsent.objects.filter(member__in=ids).update(told_sealed=None)
    drop_items("member", ids)
    theirs = Identity.objects.filter(member__in=ids)
    theirs.filter(closed_at=None).update(
        closed_at=at, value_sealed=None, blind_full=None, blind_last_four=None
    )
    theirs.update(value_sealed=None, blind_full=None, blind_last_four=None)
    erased = Member.objects.filter(pk__in=ids)
    erased.filter(closed_at=None).update(
        status=MemberStatus.ERASED, closed_at=at, profile_sealed=None
    )
    erased.update(status=MemberStatus.ERASED, profile_sealed=None)


def erase_again(ids: Collection[UUID]) -> None:
    """Erase these subjects in a database that a restore took back to before their erasure.

    Part of `kernel.secrets.erasures.replay`, which has destroyed their keys: it names every record
    of a cluster itself, and whoever is no member here is passed over.
    """
    there = list(Member.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    forget(there)
    actor = system("replay of erasures")
    for id_ in there:
        record(actor, "members.member_erased", "member", id_, ids=[id_])
    remember(MembershipChangeKind.ERASED, there, actor=actor)
    announce([MemberErased(subject_id=id_) for id_ in there], actor=actor)
