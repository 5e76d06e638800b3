"""Kinds of reference that are no identity: what they say changes, and a higher app reads them.

register_moving_kind("card_code", read_code, members_by_code)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mallard.world.members.inputs import MemberRef

Resolve = Callable[[Collection[MemberRef]], Mapping[MemberRef, UUID]]


@dataclass(frozen=True, slots=True)
class MovingKind:
    """``read`` is None for what is none of this kind; ``resolve`` names the member records."""

    read: Callable[[str], Any | None]
    resolve: Resolve


_kinds: dict[str, MovingKind] = {}


def register_moving_kind(kind: str, read: Callable[[str], Any | None], resolve: Resolve) -> None:
    """Find members by references of ``kind``; what is malformed or not of now is left out."""
    _kinds[kind] = MovingKind(read, resolve)


def resolve(refs: Collection[MemberRef]) -> dict[MemberRef, UUID]:
    """The member records behind references of moving kinds."""
    found: dict[MemberRef, UUID] = {}
    for code, kind in _kinds.items():
        if wanted := [ref for ref in refs if ref.kind == code]:
            found |= kind.resolve(wanted)
    return found


def refs_like(text: str) -> list[MemberRef]:
    """What ``text`` is of moving kinds, for whoever looks a member up by whatever was scanned."""
    return [MemberRef(code, text) for code, kind in _kinds.items() if kind.read(text) is not None]
