"""How the URLs of what people keep of the console are called; see `samples.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.kernel.ids import uuid7
from mallard.kernel.ui.lists.opening import list_token
from mallard.world.members.permissions import TAG_MEMBER, VIEW_MEMBER
from mallard.world.staff.queries import role_permissions
from mallard.world.staff.roles import ROLES
from tests.permissions.places import NOBODYS_ROWS, STORE_ROWS, TAG, Side, World
from tests.permissions.rows import ANY, Sample, always, of_member


def of_view(world: World, _side: Side) -> Mapping[str, Any]:
    return {"view_id": world.view.id}


def the_stores(_world: World, _side: Side) -> Mapping[str, Any]:
    """A list that every role may open."""
    address = "/malls/stores/"
    return {"list": list_token("stores", address), "address": address}


def of_export(_world: World, _side: Side) -> Mapping[str, Any]:
    return {"export_id": uuid7()}


def tagging(_world: World, side: Side) -> Mapping[str, Any]:
    address = "/members/"
    return {
        "list": list_token("members", address), "address": address, "action": "members.tag",
        "row": str(of_member(_world, side)["member_id"]), "tag": TAG, "confirmed": "1",
    }  # fmt: skip


# A page for everybody, which asks for the permission of the act that is named.
TAGGING = frozenset(
    code for code, role in ROLES.items() if {TAG_MEMBER, VIEW_MEMBER} <= role_permissions(role)
)

WORKSPACE = {
    "/workspace/bell": ANY,
    "/workspace/bulk/new": Sample(
        body=tagging, seen=STORE_ROWS, roles=TAGGING, names_rows_in_body=True
    ),
    "/workspace/bulk/<uuid:run_id>": Sample(
        path=lambda _world, _side: {"run_id": uuid7()}, seen=NOBODYS_ROWS
    ),
    "/workspace/bulk/<uuid:run_id>/undo": Sample(
        path=lambda _world, _side: {"run_id": uuid7()}, seen=NOBODYS_ROWS
    ),
    "/workspace/recent/": ANY,
    "/workspace/recent/clear": ANY,
    "/workspace/exports/": ANY,
    "/workspace/exports/new": Sample(body=the_stores),
    "/workspace/exports/<uuid:export_id>/file": Sample(path=of_export, seen=NOBODYS_ROWS),
    "/workspace/exports/<uuid:export_id>/cancel": Sample(path=of_export, seen=NOBODYS_ROWS),
    "/workspace/notifications/": ANY,
    "/workspace/notifications/read": ANY,
    "/workspace/notifications/<uuid:notification_id>": Sample(
        path=lambda _world, _side: {"notification_id": uuid7()}, seen=NOBODYS_ROWS
    ),
    "/workspace/lists/<slug:list_key>/columns": Sample(path=always(list_key="stores")),
    "/workspace/views/new": Sample(query=the_stores, body=the_stores),
    "/workspace/views/<uuid:view_id>": Sample(path=of_view, seen=NOBODYS_ROWS),
    "/workspace/views/<uuid:view_id>/delete": Sample(path=of_view, seen=NOBODYS_ROWS),
}
