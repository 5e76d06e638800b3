"""Two records of one person: a pointer, set and cleared. Nothing moves."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.outbox.services import announce
from mallard.world.members.errors import (
    MemberMerged,
    MemberNotFound,
    MemberNotOpen,
    MergeImpossible,
)
from mallard.world.members.events import MembersMerged, MemberUnmerged
from mallard.world.members.locks import lock_members
from mallard.world.members.models import Member
from mallard.world.members.models import MembershipChangeKind as Kind
from mallard.world.members.rules import MAX_MERGE_DEPTH
from mallard.world.members.services.history import remember
from mallard.world.members.services.subject import locked_member


@atomic_retrying
def merge_members(survivor_id: UUID, *, merged_id: UUID, actor: Actor) -> None:
    """Let ``survivor_id`` stand for ``merged_id`` from now on. Again changes nothing.

    Points, receipts and identities stay where they are; readers follow the pointer. Both must be
    open, and the survivor not merged itself, so that no circle can arise. Raises
    `MergeImpossible`, `MemberNotOpen`, `MemberMerged`, `MemberNotFound`.
    """
    if survivor_id == merged_id:
        raise MergeImpossible()
    members = {member.id: member for member in lock_members([survivor_id, merged_id])}
    if len(members) < 2:
        raise MemberNotFound()
    survivor, merged = members[survivor_id], members[merged_id]
    if merged.merged_into_id == survivor.id:
        return
    for member in (survivor, merged):
        if not member.is_open:
            raise MemberNotOpen(number=member.number)
        if member.merged_into_id is not None:
            raise MemberMerged(number=member.number)
    if _depth_below(merged.id) + 1 > MAX_MERGE_DEPTH:
        raise MergeImpossible()
    merged.merged_into = survivor
    merged.save(update_fields=["merged_into"])
    record(
        actor,
        "members.members_merged",
        "member",
        merged.id,
        after={"merged_into": survivor.id},
        ids=[merged.id, survivor.id],
    )
    remember(Kind.MERGED, [merged.id], survivor_id=survivor.id, actor=actor)
    announce([MembersMerged(subject_id=merged.id, survivor_id=survivor.id)], actor=actor)


@atomic_retrying
def unmerge_member(member_id: UUID, *, actor: Actor) -> None:
    """Let a merged record stand for itself again. One that is not merged stays as it is."""
    member = locked_member(member_id)
    survivor_id = member.merged_into_id
    if survivor_id is None:
        return
    member.merged_into = None
    member.save(update_fields=["merged_into"])
    record(
        actor,
        "members.member_unmerged",
        "member",
        member.id,
        before={"merged_into": survivor_id},
        ids=[member.id, survivor_id],
    )
    remember(Kind.UNMERGED, [member.id], survivor_id=survivor_id, actor=actor)
    announce([MemberUnmerged(subject_id=member.id, survivor_id=survivor_id)], actor=actor)


def _depth_below(member_id: UUID) -> int:
    """How many steps lead from ``member_id`` down to the record merged deepest below."""
    depth, newest = 0, [member_id]
    while depth <= MAX_MERGE_DEPTH and (
        newest := list(Member.objects.filter(merged_into__in=newest).values_list("id", flat=True))
    ):
        depth += 1
    return depth
