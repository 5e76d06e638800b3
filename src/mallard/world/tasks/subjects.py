"""What a task can be about: owners say what their rows are called and where they are shown.

Apps register at start-up; this app itself speaks for those below it. What the reader may not see
is left out of the answer, so that no link leads to a closed door.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.secrets.services import open_keys
from mallard.world.catalog.models import Product
from mallard.world.catalog.permissions import VIEW_PRODUCT
from mallard.world.malls.permissions import VIEW_LEASE, VIEW_MALL, VIEW_STORE, VIEW_TENANT
from mallard.world.malls.queries import leases_in, malls_in, stores_in, tenants_in
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.profile import open_profile
from mallard.world.members.queries import visible_members
from mallard.world.members.showing import shown_name

SubjectRef = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Subject:
    """A row as a task names it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row belongs, as far as it belongs somewhere."""

    member_id: UUID | None = None
    store_id: UUID | None = None
    mall_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of row. ``find`` answers for many ids at once, with those that the actor may see;
    ``place`` says where a new task about such a row belongs."""

    code: str
    name: str | Promise
    permission: str
    find: Callable[[Collection[UUID], Actor], Mapping[UUID, Subject]]
    place: Callable[[UUID], Place] = lambda _id: Place()


_kinds: dict[str, SubjectKind] = {}


def register_subject(kind: SubjectKind) -> None:
    """Make a kind of row known; registering the same code again replaces it."""
    _kinds[kind.code] = kind


def subject_kind(code: str) -> SubjectKind | None:
    return _kinds.get(code)


def subjects_for(refs: Iterable[SubjectRef], actor: Actor) -> dict[SubjectRef, Subject]:
    """The subjects that ``actor`` may see, one question per kind of row."""
    wanted: dict[str, set[UUID]] = {}
    for code, id_ in refs:
        wanted.setdefault(code, set()).add(id_)
    found: dict[SubjectRef, Subject] = {}
    for code, ids in wanted.items():
        kind = _kinds.get(code)
        if kind is not None and actor.may(kind.permission):
            found.update({(code, id_): one for id_, one in kind.find(ids, actor).items()})
    return found


def _members(ids: Collection[UUID], actor: Actor) -> dict[UUID, Subject]:
    members = list(visible_members(actor).filter(pk__in=ids))
    keys = open_keys([member.id for member in members])
    found = {}
    for member in members:
        name = shown_name(open_profile(member.profile_sealed, keys.get(member.id)), actor)
        label = name or gettext("Member %(number)s") % {"number": member.number}
        found[member.id] = Subject(label, reverse("members:detail", args=[member.id]))
    return found


def _named(
    rows: Callable[[Any], Any], url_name: str
) -> Callable[[Collection[UUID], Actor], dict[UUID, Subject]]:
    def find(ids: Collection[UUID], actor: Actor) -> dict[UUID, Subject]:
        return {
            row.pk: Subject(row.name, reverse(url_name, args=[row.pk]))
            for row in rows(actor.scope).filter(pk__in=ids)
        }

    return find


def _leases(ids: Collection[UUID], actor: Actor) -> dict[UUID, Subject]:
    rows = leases_in(actor.scope).filter(pk__in=ids).select_related("tenant", "unit")
    return {
        row.pk: Subject(
            f"{row.tenant.name} · {row.unit.code}", reverse("malls:lease", args=[row.pk])
        )
        for row in rows
    }


def register() -> None:
    """The rows of the apps below this one."""
    for kind in (
        SubjectKind(
            "member", _("Member"), VIEW_MEMBER, _members, lambda id_: Place(member_id=id_)
        ),
        SubjectKind(
            "store", _("Store"), VIEW_STORE, _named(stores_in, "malls:store"),
            lambda id_: Place(store_id=id_),
        ),
        SubjectKind(
            "mall", _("Mall"), VIEW_MALL, _named(malls_in, "malls:mall"),
            lambda id_: Place(mall_id=id_),
        ),
        SubjectKind("tenant", _("Tenant"), VIEW_TENANT, _named(tenants_in, "malls:tenant")),
        SubjectKind("lease", _("Lease"), VIEW_LEASE, _leases),
        SubjectKind(
            "product", _("Product"), VIEW_PRODUCT,
            _named(lambda _scope: Product.objects.all(), "catalog:product"),
        ),
    ):  # fmt: skip
        register_subject(kind)
