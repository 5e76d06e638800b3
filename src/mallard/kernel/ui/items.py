"""The kinds of rows that have a page of their own: what one is called, for lists of recent things.

An app registers from ``AppConfig.ready``; whoever keeps which rows somebody opened keeps only kind
and id, and asks here when it is read: with the reader's permission and scope at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.finding import Hit

Ref = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class ItemKind:
    """A kind of row. ``url_name`` is its page, ``argument`` the part of the address that is the
    row's id. ``find`` answers for many ids at once, in a fixed number of questions, with those
    that the actor may see; what was erased is left out."""

    code: str
    icon: str
    permission: str
    url_name: str
    argument: str
    find: Callable[[Collection[UUID], Actor], Mapping[UUID, Hit]]


_kinds: dict[str, ItemKind] = {}


def register(kind: ItemKind) -> None:
    """Make a kind of row known; registering the same code again replaces it."""
    _kinds[kind.code] = kind


def registered_kinds() -> tuple[ItemKind, ...]:
    return tuple(_kinds.values())


def kind_of_page(view_name: str) -> ItemKind | None:
    """The kind whose page has this URL name."""
    return next((kind for kind in _kinds.values() if kind.url_name == view_name), None)


def hits_for(refs: Iterable[Ref], actor: Actor) -> dict[Ref, Hit]:
    """What these rows are called and where they are, as far as ``actor`` may see them."""
    wanted: dict[str, set[UUID]] = {}
    for code, id_ in refs:
        wanted.setdefault(code, set()).add(id_)
    found: dict[Ref, Hit] = {}
    for code, ids in wanted.items():
        kind = _kinds.get(code)
        if kind is not None and actor.may(kind.permission):
            for id_, hit in kind.find(ids, actor).items():
                found[code, id_] = Hit(hit.label, hit.url, hit.detail, hit.icon or kind.icon)
    return found
