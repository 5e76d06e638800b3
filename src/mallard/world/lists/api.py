"""Lists for apps and partners: authenticate, check, call, return."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.world.lists import services
from mallard.world.lists.models import ChangeSource
from mallard.world.lists.permissions import EDIT_LIST, VIEW_LIST
from mallard.world.lists.queries import counts_of, members_of, visible_list, visible_lists

MAX_AT_ONCE = 1_000

router = Router(tags=["lists"])


class ListOut(Schema):
    id: UUID
    name: str
    notes: str
    members: int = Field(description="Of those within the key's scope.")
    is_closed: bool
    created_at: dt.datetime


class ListIn(Body):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    notes: Annotated[str, Field(max_length=500)] = ""
    is_shared: bool = Field(True, description="Whether all who may see lists see it.")


class ListedOut(Schema):
    id: UUID
    number: str
    joined_at: dt.datetime


class MembersIn(Body):
    member_ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_AT_ONCE)]


class ChangedOut(Schema):
    changed: list[UUID] = Field(description="The members for whom something changed.")


class MadeOut(Schema):
    id: UUID


@router.get("/lists", response=Page[ListOut], summary="List lists")
@requires(VIEW_LIST)
def list_lists(request: HttpRequest, page: PageParameters) -> Page[ListOut]:
    """The lists that the key may know of: shared ones, and those that keys made."""
    actor = actor_of(request)
    found = paginate(
        visible_lists(actor), order=["id"], cursor=page.cursor, limit=page.limit, name="lists"
    )
    counts = counts_of(found.rows, actor)
    items = [
        ListOut(
            id=one.pk,
            name=one.name,
            notes=one.notes,
            members=counts[one.pk],
            is_closed=one.closed_at is not None,
            created_at=one.created_at,
        )
        for one in found.rows
    ]
    return Page[ListOut](items=items, next_cursor=found.next_cursor)


@router.post(
    "/lists",
    response={201: MadeOut},
    summary="Make a list",
    openapi_extra=examples(
        en={"name": "Spring tasting", "notes": "Signed up in the app"},
        zh={"name": "春季品鉴会", "notes": "在小程序报名"},
    ),
)
@requires(EDIT_LIST)
@idempotent()
def make_list(request: HttpRequest, body: ListIn) -> Status[MadeOut]:
    """An empty list with a name."""
    made = services.make_list(
        body.name, notes=body.notes, is_shared=body.is_shared, actor=actor_of(request)
    )
    return Status(201, MadeOut(id=made.pk))


@router.get("/lists/{list_id}/members", response=Page[ListedOut], summary="Members on a list")
@requires(VIEW_LIST)
def list_members(request: HttpRequest, list_id: UUID, page: PageParameters) -> Page[ListedOut]:
    """The members within the key's scope, by id; merged ones by their survivor."""
    actor = actor_of(request)
    rows = members_of(visible_list(actor, list_id), actor)
    found = paginate(
        rows, order=["id"], cursor=page.cursor, limit=page.limit, name=f"list {list_id}"
    )
    items = [ListedOut(id=m.pk, number=m.number, joined_at=m.joined_at) for m in found.rows]
    return Page[ListedOut](items=items, next_cursor=found.next_cursor)


_EXAMPLE = {"member_ids": ["0197f3c2-7b1e-7c3a-9d53-2f9a0c1e4b7d"]}


@router.post(
    "/lists/{list_id}/members",
    response=ChangedOut,
    summary="Put members on a list",
    openapi_extra=examples(en=_EXAMPLE, zh=_EXAMPLE),
)
@requires(EDIT_LIST)
@idempotent()
def add_members(request: HttpRequest, list_id: UUID, body: MembersIn) -> ChangedOut:
    """Whoever is on it already, was erased, or is outside the key's scope, is passed over."""
    changed = services.add_members(
        list_id, body.member_ids, source=ChangeSource.API, actor=actor_of(request)
    )
    return ChangedOut(changed=changed)


@router.post(
    "/lists/{list_id}/members/remove",
    response=ChangedOut,
    summary="Take members off a list",
    openapi_extra=examples(en=_EXAMPLE, zh=_EXAMPLE),
)
@requires(EDIT_LIST)
@idempotent()
def remove_members(request: HttpRequest, list_id: UUID, body: MembersIn) -> ChangedOut:
    """Whoever is not on it is passed over."""
    changed = services.remove_members(
        list_id, body.member_ids, source=ChangeSource.API, actor=actor_of(request)
    )
    return ChangedOut(changed=changed)
