"""What earned or spent points lives in higher apps; here they say how to call, show and link it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.world.members.queries import records_of


@dataclass(frozen=True, slots=True)
class SourceLink:
    """What a source is called and where it is shown; no ``url`` when the reader may not open it."""

    label: str | Promise
    url: str = ""


SourceResolver = Callable[[Collection[UUID], Actor], Mapping[UUID, SourceLink]]
"""Answers for many sources at once. What the actor may not know of is left out."""

_resolvers: dict[str, SourceResolver] = {}


def register_source(kind: str, resolver: SourceResolver) -> None:
    """Let the explorer show sources of this ``source_kind``; again replaces."""
    _resolvers[kind] = resolver


VisibleIds = Callable[[Actor], QuerySet[Any]]
"""The ids of all sources of a kind that the actor may know of, as a query of one column."""

_visible_ids: dict[str, VisibleIds] = {}


def register_visibility(kind: str, visible_ids: VisibleIds) -> None:
    """Say which sources of a kind an actor may know of; again replaces."""
    _visible_ids[kind] = visible_ids


def sources_seen_by(actor: Actor, *, path: str = "") -> Q | None:
    """The condition on rows with a source that keeps what the actor may know of; None: all.

    The group's staff see everything. Others see what their own stores' sales moved: a lot from
    elsewhere would tell a tenant or another mall where a member shops, and for how much. ``path``
    leads from the row to its transfer (`transfer__`). A member knows all that their own records
    did, and nothing else.
    """
    if actor.kind is ActorKind.MEMBER:
        own = records_of([actor.id]).get(actor.id, ()) if actor.id else ()
        return Q(**{f"{path}member_id__in": own})
    if actor.scope.is_group:
        return None
    condition = Q(pk__in=[])
    for kind, visible_ids in _visible_ids.items():
        condition |= Q(**{f"{path}source_kind": kind, f"{path}source_id__in": visible_ids(actor)})
    return condition


_reasons: dict[str, str | Promise] = {}


def register_reason(code: str, label: str | Promise) -> None:
    """Let screens call transfers of this ``reason`` by a name; again replaces."""
    _reasons[code] = label


def reason_label(code: str) -> str | Promise:
    """What a reason is called; reasons that people typed are shown as they typed them."""
    return _reasons.get(code, code)


def links_for(
    sources: Collection[tuple[str, UUID]], actor: Actor
) -> dict[tuple[str, UUID], SourceLink]:
    """Links of (kind, id) pairs: one call of a resolver for each kind."""
    by_kind: dict[str, set[UUID]] = {}
    for kind, source_id in sources:
        by_kind.setdefault(kind, set()).add(source_id)
    return {
        (kind, source_id): link
        for kind, ids in by_kind.items()
        if kind in _resolvers
        for source_id, link in _resolvers[kind](ids, actor).items()
    }
