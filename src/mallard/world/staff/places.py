"""Scopes as people write and read them: the group, or malls, tenants and stores by code or name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Manager, QuerySet
from django.utils.translation import gettext

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.bilingual import name_order, named
from mallard.world.malls.models import Mall, Store, Tenant
from mallard.world.malls.queries import stores_in
from mallard.world.staff import queries
from mallard.world.staff.errors import PlaceUnknown, ScopeEmpty
from mallard.world.staff.models import InvitedRole, RoleAssignment

OPTIONS = 20
_BETWEEN = " · "

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


def place_options(scope: Scope, text: str = "") -> list[str]:
    """Places within ``scope`` that match ``text``, as a picker offers them: a name that people
    know and the code that `find_place` reads. Malls first; at most `OPTIONS`."""
    whole = gettext("Whole group")
    options = []
    if scope.is_group and text.casefold() in whole.casefold():
        options.append(f"{whole}{_BETWEEN}group")
    for kind, rows in _places_within(scope).items():
        wanted = rows.filter(named(text)) if text else rows
        found = wanted.order_by(*name_order(), "code")[: OPTIONS - len(options)]
        options += [f"{row.name}{_BETWEEN}{kind}:{row.code}" for row in found]
    return options


def _places_within(scope: Scope) -> dict[str, QuerySet[Any]]:
    """What an actor with ``scope`` can give to others, by kind."""
    if scope.is_group:
        return {kind: rows.all() for kind, rows in _ROWS.items()}
    return {
        "mall": Mall.objects.filter(pk__in=scope.mall_ids),
        "tenant": Tenant.objects.filter(pk__in=scope.tenant_ids),
        "store": stores_in(scope),
    }


def find_place(text: str, *, within: Scope) -> Scope:
    """The place that somebody picked or typed: an option of `place_options`, a code such as
    ``mall:LAKE``, or a name that only one place has. Raises `PlaceUnknown`."""
    word = text.rpartition(_BETWEEN.strip())[2].strip()
    if word == "group" or word.partition(":")[0] in _ROWS:
        return parse_scope([word])
    wanted = text.strip().casefold()
    same = [
        option
        for option in place_options(within, text.strip())
        if option.rpartition(_BETWEEN)[0].casefold() == wanted
    ]
    if len(same) != 1:
        raise PlaceUnknown(kind=gettext("place"), code=text.strip())
    return parse_scope([same[0].rpartition(_BETWEEN)[2]])


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role as people read it: what it is called, where it holds, since when."""

    id: UUID
    code: str
    name: str
    places: str
    granted_at: dt.datetime | None
    withdrawn_at: dt.datetime | None


def held_roles(grants: Sequence[RoleAssignment | InvitedRole]) -> list[HeldRole]:
    """``grants`` in words. A handful of queries, however many there are."""
    catalogue = queries.role_catalogue()
    names = place_names([grant.scope for grant in grants])
    return [
        HeldRole(
            grant.id,
            grant.role,
            str(catalogue[grant.role].name) if grant.role in catalogue else grant.role,
            scope_in_words(grant.scope, names),
            getattr(grant, "granted_at", None),
            getattr(grant, "withdrawn_at", None),
        )
        for grant in grants
    ]


def place_names(scopes: Sequence[Scope]) -> dict[UUID, str]:
    """The names of all places in ``scopes``: three queries."""
    wanted = {
        "mall": frozenset[UUID]().union(*(scope.mall_ids for scope in scopes)),
        "tenant": frozenset[UUID]().union(*(scope.tenant_ids for scope in scopes)),
        "store": frozenset[UUID]().union(*(scope.store_ids for scope in scopes)),
    }
    return {
        row.pk: row.name
        for kind, ids in wanted.items()
        if ids
        for row in _ROWS[kind].filter(pk__in=ids)
    }


def scope_in_words(scope: Scope, names: Mapping[UUID, str]) -> str:
    """``scope`` as a list of names; ``names`` come from `place_names`."""
    if scope.is_group:
        return gettext("Whole group")
    ids = [*scope.mall_ids, *scope.tenant_ids, *scope.store_ids]
    return gettext(", ").join(sorted(names.get(id_, str(id_)) for id_ in ids))
