"""Tags for apps and partners: which there are, putting them on members and taking them off."""

from __future__ import annotations

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
from mallard.world.members.permissions import TAG_MEMBER, VIEW_MEMBER
from mallard.world.members.queries import visible_members
from mallard.world.members.tagging import counts_of, visible_tags

MAX_AT_ONCE = 1_000

router = Router(tags=["members"])


class TagOut(Schema):
    code: str
    name_en: str
    name_zh: str
    description: str
    colour: str
    is_retired: bool
    merged_into: str | None = Field(description="The code of the tag that stands for it now.")
    members: int = Field(description="On how many members within the key's scope.")


class MembersIn(Body):
    member_ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_AT_ONCE)]


class ChangedOut(Schema):
    changed: list[UUID] = Field(description="The members for whom something changed.")


@router.get("/tags", response=list[TagOut], summary="List tags")
@requires(VIEW_MEMBER)
def list_tags(request: HttpRequest) -> list[TagOut]:
    """The tags that the key may know of, retired ones included; at most 1,000."""
    actor = actor_of(request)
    tags = list(visible_tags(actor).select_related("merged_into")[:MAX_AT_ONCE])
    counts = counts_of([tag.pk for tag in tags], actor)
    return [
        TagOut(
            code=tag.code,
            name_en=tag.name_en,
            name_zh=tag.name_zh,
            description=tag.description,
            colour=tag.colour,
            is_retired=tag.retired_at is not None,
            merged_into=tag.merged_into.code if tag.merged_into else None,
            members=counts.get(tag.pk, 0),
        )
        for tag in tags
    ]


_EXAMPLE = {"member_ids": ["0197f3c2-7b1e-7c3a-9d53-2f9a0c1e4b7d"]}


@router.post(
    "/tags/{tag_code}/members",
    response=ChangedOut,
    summary="Put a tag on members",
    openapi_extra=examples(en=_EXAMPLE, zh=_EXAMPLE),
)
@requires(TAG_MEMBER)
@idempotent()
def tag_members(request: HttpRequest, tag_code: str, body: MembersIn) -> ChangedOut:
    """Whoever has it already, is not open, or is outside the key's scope, is passed over."""
    actor = actor_of(request)
    ids = _visible(body, actor)
    return ChangedOut(changed=services.tag_members(ids, tag_code, actor=actor))


@router.post(
    "/tags/{tag_code}/members/remove",
    response=ChangedOut,
    summary="Take a tag off members",
    openapi_extra=examples(en=_EXAMPLE, zh=_EXAMPLE),
)
@requires(TAG_MEMBER)
@idempotent()
def untag_members(request: HttpRequest, tag_code: str, body: MembersIn) -> ChangedOut:
    """Whoever does not have it is passed over."""
    actor = actor_of(request)
    ids = _visible(body, actor)
    return ChangedOut(changed=services.untag_members(ids, tag_code, actor=actor))


def _visible(body: MembersIn, actor: Actor) -> list[UUID]:
    rows = visible_members(actor).filter(pk__in=body.member_ids)
    return list(rows.values_list("pk", flat=True))
