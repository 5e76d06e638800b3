"""What a person keeps of a list: columns, page size, views. Kept by whoever registers here.

The lists themselves know no table. Without a keeper, or for a reader without an account, a list
works all the same: its state is in the URL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from mallard.kernel.access.actor import Actor


@dataclass(frozen=True, slots=True)
class KeptView:
    """A saved view: ``query`` is the part of the address behind the question mark."""

    id: UUID
    name: str
    query: str
    is_shared: bool
    is_default: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What an actor keeps of one list; no columns and no size mean: as the list comes."""

    columns: tuple[str, ...] = ()
    size: int | None = None
    views: Sequence[KeptView] = ()

    @property
    def default(self) -> KeptView | None:
        return next((view for view in self.views if view.is_default), None)


@dataclass(frozen=True, slots=True)
class Tools:
    """Where a list's own buttons lead, and what they send: ``token`` says which list,
    ``address`` is the list as it stands, ``plain_address`` the same without the words that
    somebody searched for: those may be personal."""

    keep_url: str
    new_view_url: str
    export_url: str
    bulk_url: str
    token: str
    address: str
    plain_address: str


class Keeper(Protocol):
    """Keeps for people what they choose of lists."""

    def kept(self, actor: Actor, list_key: str) -> Kept:
        """What ``actor`` keeps of the list, and the views that others share."""
        ...

    def tools(self, list_key: str, *, token: str, address: str, plain_address: str) -> Tools:
        """Where the buttons of the list lead."""
        ...

    def view_url(self, view_id: UUID) -> str:
        """Where a view is changed."""
        ...


_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Say who keeps; the last one registered does."""
    _keepers.append(keeper)


def keeper_for(actor: Actor | None) -> Keeper | None:
    """Who keeps for this actor: somebody only for people with an account."""
    if actor is None or actor.id is None or not _keepers:
        return None
    return _keepers[-1]
