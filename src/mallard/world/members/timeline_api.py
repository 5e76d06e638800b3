"""The timeline of a member, for apps and partners: what their permissions show on the page."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.http.paging import MAX_CURSOR_LENGTH, CursorInvalid, Page
from mallard.world.members.errors import TimelineKindUnknown
from mallard.world.members.panels import MemberInView
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.queries import records_of, visible_member
from mallard.world.members.timelines import PAGE, choices_for, place_from, timeline_of

router = Router(tags=["members"])
MAX_ENTRIES = 100


class TimelineQuery(Schema):
    kind: str = Field(
        "",
        max_length=40,
        description="Only this kind, such as `sales`, `points` or `consents`; all without it.",
    )
    cursor: str | None = Field(None, max_length=MAX_CURSOR_LENGTH)
    limit: int = Field(PAGE, ge=1, le=MAX_ENTRIES)


class HappenedOut(Schema):
    at: dt.datetime
    kind: str
    title: str = Field(description="What happened, in the language that the request asks for.")
    detail: str
    is_generated: bool = Field(description="Made by a generator, for a demo.")


@router.get(
    "/members/{member_id}/timeline", response=Page[HappenedOut], summary="What happened, by time"
)
@requires(VIEW_MEMBER)
def read_timeline(
    request: HttpRequest, member_id: UUID, page: Annotated[TimelineQuery, Query()]
) -> Page[HappenedOut]:
    """Newest first, of this record and those merged into it: joining, consents, receipts, points,
    tiers, redemptions, tasks, notes and more, each for who may see it."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    if page.kind and page.kind not in choices_for(actor):
        raise TimelineKindUnknown(fields={"kind": TimelineKindUnknown.message})
    try:
        before = place_from(page.cursor) if page.cursor else None
    except NotFound:
        raise CursorInvalid() from None
    records = records_of([member.id]).get(member.id, (member.id,))
    found = timeline_of(
        MemberInView(member, records, actor), kind=page.kind, before=before, limit=page.limit
    )
    items = [
        HappenedOut(
            at=one.at,
            kind=kind,
            title=str(one.title),
            detail=str(one.detail),
            is_generated=one.is_generated,
        )
        for one, kind in zip(found.entries, found.kinds, strict=True)
    ]
    return Page[HappenedOut](items=items, next_cursor=found.older or None)
