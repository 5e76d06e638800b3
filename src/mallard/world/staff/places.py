"""Scopes as people write them: the group, or codes of malls, tenants and stores."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Manager

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.world.malls.models import Mall, Store, Tenant
from mallard.world.staff.errors import PlaceUnknown, ScopeEmpty

_ROWS: dict[str, Manager[Any]] = {
    "mall": Mall.objects,
    "tenant": Tenant.objects,
    "store": Store.objects,
}


def scope_of_codes(
    *,
    is_group: bool = False,
    malls: Collection[str] = (),
    tenants: Collection[str] = (),
    stores: Collection[str] = (),
) -> Scope:
    """The scope that these codes name. Raises `PlaceUnknown` and, for nothing, `ScopeEmpty`."""
    if is_group:
        return WHOLE_GROUP
    scope = Scope(
        mall_ids=_ids("mall", malls),
        tenant_ids=_ids("tenant", tenants),
        store_ids=_ids("store", stores),
    )
    if scope == Scope():
        raise ScopeEmpty()
    return scope


def _ids(kind: str, codes: Collection[str]) -> frozenset[UUID]:
    found = dict(_ROWS[kind].filter(code__in=codes).values_list("code", "id"))
    for code in codes:
        if code not in found:
            raise PlaceUnknown(kind=kind, code=code)
    return frozenset(found.values())


def parse_scope(words: Collection[str]) -> Scope:
    """The scope of words such as ``group``, ``mall:LAKE``, ``store:LAKE-BAKERY``.

    Raises `PlaceUnknown` and `ScopeEmpty`.
    """
    codes: dict[str, list[str]] = {"mall": [], "tenant": [], "store": []}
    for word in words:
        kind, _colon, code = word.partition(":")
        if word == "group":
            return WHOLE_GROUP
        if kind not in codes or not code:
            raise PlaceUnknown(kind=kind, code=code)
        codes[kind].append(code)
    return scope_of_codes(malls=codes["mall"], tenants=codes["tenant"], stores=codes["store"])
