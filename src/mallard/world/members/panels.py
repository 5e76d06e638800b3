"""What higher apps add to members' screens: they register at start-up, this app only asks.

The ledger adds a wallet panel, sales receipts, loyalty the tier; each from ``AppConfig.ready``.
What the reader has no permission for is neither loaded nor shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from mallard.kernel.access.actor import Actor
from mallard.kernel.errors import NotFound
from mallard.kernel.ui.parts import Badge
from mallard.world.members.models import Member

Text = str | Promise
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class MemberInView:
    """The member whose 360° page is being made, for whom, and all their records (own first, then
    those merged into it): receipts and points stay with the record where they happened."""

    member: Member
    record_ids: tuple[UUID, ...]
    actor: Actor


@dataclass(frozen=True, slots=True)
class MemberPanel:
    """A card on the 360° page. ``load`` returns the context of ``template``, or None to stay
    away; it must show only what the actor's scope allows."""

    key: str
    title: Text
    template: str
    permission: str
    load: Callable[[MemberInView], Mapping[str, Any] | None]
    order: int = 100
    place: Literal["main", "side"] = "main"


@dataclass(frozen=True, slots=True)
class MemberMark:
    """A badge beside the member's name, e.g. the tier."""

    key: str
    permission: str
    load: Callable[[MemberInView], Badge | None]
    order: int = 100


@dataclass(frozen=True, slots=True)
class MemberAction:
    """A button in the header; ``url`` None when it does not apply to this member. What ``is_rare``
    stands in the menu beside the buttons."""

    key: str
    label: Text
    permission: str
    url: Callable[[MemberInView], str | None]
    icon: str = ""
    order: int = 100
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class MemberColumn:
    """A column of the members list. ``load`` answers for a whole page of members at once: text
    or parts by member id."""

    key: str
    label: Text
    permission: str
    load: Callable[[Collection[UUID], Actor], Mapping[UUID, Any]]
    align: Literal["start", "end"] = "start"
    order: int = 100


@dataclass(frozen=True, slots=True)
class MemberFilterOffer:
    """A filter of the members list: ``choices`` for the reader, ``apply(rows, value, reader)``
    narrows. A choice that the reader does not have is refused before it is applied."""

    key: str
    label: Text
    permission: str
    choices: Callable[[Actor], Iterable[tuple[str, Text]]]
    apply: Callable[[QuerySet[Member], str, Actor], QuerySet[Member]]
    order: int = 100


_panels: dict[str, MemberPanel] = {}
_marks: dict[str, MemberMark] = {}
_actions: dict[str, MemberAction] = {}
_columns: dict[str, MemberColumn] = {}
_filters: dict[str, MemberFilterOffer] = {}


def register_panel(panel: MemberPanel) -> None:
    """Offer a card; registering the same key again replaces it. So do the others."""
    _panels[panel.key] = panel


def register_mark(mark: MemberMark) -> None:
    _marks[mark.key] = mark


def register_action(action: MemberAction) -> None:
    _actions[action.key] = action


def register_column(column: MemberColumn) -> None:
    _columns[column.key] = column


def register_filter(offer: MemberFilterOffer) -> None:
    _filters[offer.key] = offer


def panels_for(actor: Actor) -> list[MemberPanel]:
    return [each for each in _in_order(_panels) if actor.may(each.permission)]


def marks_for(actor: Actor) -> list[MemberMark]:
    return [each for each in _in_order(_marks) if actor.may(each.permission)]


def actions_for(actor: Actor) -> list[MemberAction]:
    return [each for each in _in_order(_actions) if actor.may(each.permission)]


def columns_for(actor: Actor) -> list[MemberColumn]:
    return [each for each in _in_order(_columns) if actor.may(each.permission)]


def filters_for(actor: Actor) -> list[MemberFilterOffer]:
    return [each for each in _in_order(_filters) if actor.may(each.permission)]


def asked(load: Callable[P, R], *arguments: P.args, **more: P.kwargs) -> R | None:
    """What a registered function answers; None when what it shows does not exist (yet).

    A mall group without a loyalty programme still has members, and their pages must open.
    """
    try:
        return load(*arguments, **more)
    except NotFound:
        return None


def _in_order(registered: Mapping[str, Any]) -> list[Any]:
    return sorted(registered.values(), key=lambda each: (each.order, each.key))
