"""Memberships end, open again, are forgotten and merged, for the systems that keep them.

On screen, erasing and merging ask for a fresh proof of who it is. A key has none to give: so these
routes need a permission of their own besides, which no role but the administrator's holds, and
erasing has the member's number said once more.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.world.members import services
from mallard.world.members.errors import NumberDiffers
from mallard.world.members.permissions import (
    CLOSE_MEMBER,
    ERASE_BY_KEY,
    ERASE_MEMBER,
    MERGE_BY_KEY,
    MERGE_MEMBER,
)
from mallard.world.members.queries import visible_member

router = Router(tags=["members"])


class MembershipOut(Schema):
    id: UUID
    number: str
    status: str = Field(description="open, closed or erased")
    closed_at: dt.datetime | None
    merged_into_id: UUID | None = Field(description="The record that stands for this one.")


class ErasureIn(Body):
    number: Annotated[str, Field(min_length=1, max_length=20)] = Field(
        description="The member's number, once more: what is erased does not come back."
    )


class ErasedOut(Schema):
    ids: list[UUID] = Field(description="The member and every record that was merged into theirs.")


class MergeIn(Body):
    merged_id: UUID = Field(description="The record that the member in the address stands for.")


def _membership(member_id: UUID, actor: Actor) -> MembershipOut:
    member = visible_member(actor, member_id)
    return MembershipOut(
        id=member.id,
        number=member.number,
        status=member.status,
        closed_at=member.closed_at,
        merged_into_id=member.merged_into_id,
    )


@router.post("/members/{member_id}/close", response=MembershipOut, summary="Close a membership")
@requires(CLOSE_MEMBER)
@idempotent()
def close_member(request: HttpRequest, member_id: UUID) -> MembershipOut:
    """The membership ends: its identities no longer find it and are free for somebody else.
    Nothing is forgotten. 409 for one that is closed, erased or merged."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    services.close_member(member.id, actor=actor)
    return _membership(member.id, actor)


@router.post(
    "/members/{member_id}/reopen", response=MembershipOut, summary="Open a membership again"
)
@requires(CLOSE_MEMBER)
@idempotent()
def reopen_member(request: HttpRequest, member_id: UUID) -> MembershipOut:
    """With the identities that it was closed with; 409 when one of them is somebody else's by
    now. One that is open stays as it is."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    services.reopen_member(member.id, actor=actor)
    return _membership(member.id, actor)


@router.post(
    "/members/{member_id}/erase",
    response=ErasedOut,
    summary="Erase a member's personal data",
    openapi_extra=examples(en={"number": "M00000422"}, zh={"number": "M00000422"}),
)
@requires(ERASE_BY_KEY)
@idempotent()
def erase_member(request: HttpRequest, member_id: UUID, body: ErasureIn) -> ErasedOut:
    """For good, with every record merged into theirs; receipts and points stay without a person.
    Takes `members.erase_member`, too. Again changes nothing. 409 for a merged record: erase the
    one that stands for it, or undo the merge first."""
    actor = actor_of(request)
    actor.require(ERASE_MEMBER)
    member = visible_member(actor, member_id)
    if body.number.strip().upper() != member.number:
        raise NumberDiffers(fields={"number": NumberDiffers.message})
    return ErasedOut(ids=services.erase_member(member.id, actor=actor))


@router.post(
    "/members/{member_id}/merge",
    response=MembershipOut,
    summary="Merge a record into a member",
    openapi_extra=examples(
        en={"merged_id": "01a20000-0000-7000-8000-000000000001"},
        zh={"merged_id": "01a20000-0000-7000-8000-000000000001"},
    ),
)
@requires(MERGE_BY_KEY)
@idempotent()
def merge_members(request: HttpRequest, member_id: UUID, body: MergeIn) -> MembershipOut:
    """The member stands for the other record from now on; nothing moves. Answers the merged
    record. Takes `members.merge_member`, too. Again changes nothing. 409 unless both are open and
    stand for themselves."""
    actor = actor_of(request)
    actor.require(MERGE_MEMBER)
    survivor = visible_member(actor, member_id)
    merged = visible_member(actor, body.merged_id)
    services.merge_members(survivor.id, merged_id=merged.id, actor=actor)
    return _membership(merged.id, actor)


@router.post("/members/{member_id}/unmerge", response=MembershipOut, summary="Undo a merge")
@requires(MERGE_BY_KEY)
@idempotent()
def unmerge_member(request: HttpRequest, member_id: UUID) -> MembershipOut:
    """The merged record in the address stands for itself again. Takes `members.merge_member`,
    too. One that is not merged stays as it is."""
    actor = actor_of(request)
    actor.require(MERGE_MEMBER)
    member = visible_member(actor, member_id)
    services.unmerge_member(member.id, actor=actor)
    return _membership(member.id, actor)
