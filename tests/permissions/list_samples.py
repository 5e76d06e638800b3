"""How the URLs of lists are called; see `samples.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.kernel.access.actor import system
from mallard.world.lists.models import ListChange, MemberList
from mallard.world.lists.services import add_members, make_list
from tests.permissions.places import GROUP_STAFF, Side, World
from tests.permissions.rows import ANY, Sample, always, member_ids

_NAME = "List of the matrix"


def _shared() -> MemberList:
    """A list that is shared with everybody, with the members of every side on it."""
    found = MemberList.objects.filter(name=_NAME).first()
    if found is None:
        found = make_list(_NAME, is_shared=True, is_filled_by_all=True, actor=system("matrix"))
    return found


def of_list(world: World, _side: Side) -> Mapping[str, Any]:
    found = _shared()
    ids = [side.member_id for side in world.sides.values()]
    add_members(found.pk, ids, source="api", actor=system("matrix"))
    return {"list_id": found.pk}


def of_change(world: World, side: Side) -> Mapping[str, Any]:
    path = of_list(world, side)
    change = ListChange.objects.filter(list=path["list_id"]).latest("changed_at")
    return {**path, "change_id": change.pk}


def of_listed(world: World, side: Side) -> Mapping[str, Any]:
    return {**of_list(world, side), "member_id": side.member_id}


# The owner's alone: the matrix's list belongs to a machine, so only administrators reach it.
_OWNERS = frozenset({"administrator"})

LISTS = {
    "/lists/": ANY,
    "/lists/new": ANY,
    "/lists/<uuid:list_id>/": Sample(path=of_list),
    "/lists/<uuid:list_id>/edit": Sample(path=of_list),
    "/lists/<uuid:list_id>/close": Sample(path=of_list, roles=_OWNERS, seen=GROUP_STAFF),
    "/lists/<uuid:list_id>/file": Sample(path=of_list),
    "/lists/<uuid:list_id>/changes/<uuid:change_id>/undo": Sample(path=of_change),
    "/lists/<uuid:list_id>/members/<uuid:member_id>/remove": Sample(path=of_listed),
    "GET /api/v1/lists": ANY,
    "POST /api/v1/lists": Sample(body=always(name="Another")),
    "GET /api/v1/lists/<list_id>/members": Sample(path=of_list),
    "POST /api/v1/lists/<list_id>/members": Sample(path=of_list, body=member_ids),
    "/api/v1/lists/<list_id>/members/remove": Sample(path=of_list, body=member_ids),
}
