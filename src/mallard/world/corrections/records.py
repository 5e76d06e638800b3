"""What can be corrected: kinds of records, their fields, and what higher code says of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui import formats

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """A field that can be corrected. ``type`` is text, day or a choice.

    A field that a row has of its own also says how its values are checked (the text as it is kept,
    or a refusal that names ``value``), read, said and changed. ``told`` is what a task calls it,
    where the label says more than everybody may read. ``identity`` is the kind of identity that its
    values are: they are said masked, and shown in full to who gives a reason.
    """

    code: str
    label: Text
    type: str = "text"
    choices: Mapping[str, Text] | None = None
    told: Text = ""
    identity: str = ""
    check: Callable[[str], str] | None = None
    read: Callable[[], str] | None = None
    speak: Callable[[str], str] | None = None
    change: Callable[[str, Actor], object] | None = None

    def said(self, value: str) -> str:
        """A value as people read it."""
        if self.speak is not None:
            return self.speak(value)
        if self.choices and value in self.choices:
            return str(self.choices[value])
        if self.type == "day" and value:
            return formats.day(dt.date.fromisoformat(value))
        return value


def _none_more(_row: Any, _actor: Actor) -> Mapping[str, Field]:
    return {}


def _nothing_to_find(_row: Any, _code: str, _actor: Actor) -> Field | None:
    return None


def _unnamed(_code: str) -> Field | None:
    return None


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record: who owns it, and how its fields are read and changed.

    ``visible`` gives the rows that an actor sees; ``change`` is the owner's ordinary service.
    ``place`` says where the task belongs (`member_id`, `store_id` or `mall_id`). ``more`` lists
    the fields that a row has of its own and an actor may know of, ``find`` gives one of them, also
    one that is gone since; ``unread`` stands for one that its reader may not know.
    """

    code: str
    view_permission: str
    edit_permission: str
    owner_role: str
    fields: Mapping[str, Field]
    visible: Callable[[Actor], Any]
    read: Callable[[Any, str], str]
    change: Callable[[Any, str, str, Actor], object]
    place: Callable[[Any], dict[str, UUID | None]] = lambda _row: {}
    more: Callable[[Any, Actor], Mapping[str, Field]] = _none_more
    find: Callable[[Any, str, Actor], Field | None] = _nothing_to_find
    unread: Callable[[str], Field | None] = _unnamed

    def fields_of(self, row: Any, actor: Actor) -> dict[str, Field]:
        """What ``actor`` may propose of ``row``."""
        return {**self.fields, **self.more(row, actor)}

    def field_of(self, row: Any, code: str, actor: Actor) -> Field | None:
        """The field ``code``, as ``actor`` may know it; None of one that is not for them."""
        return self.fields.get(code) or (self.find(row, code, actor) if row is not None else None)

    def present(self, row: Any, field: Field) -> str:
        """What stands there now."""
        return field.read() if field.read is not None else self.read(row, field.code)

    def put_in(self, row: Any, field: Field, value: str, actor: Actor) -> None:
        """Change it, as the owner."""
        if field.change is not None:
            field.change(value, actor)
        else:
            self.change(row, field.code, value, actor)


_kinds: dict[str, RecordKind] = {}


def register_fields(kind: RecordKind) -> None:
    """Make the fields of a kind of record known; the same code again replaces them."""
    _kinds[kind.code] = kind


def record_kind(code: str) -> RecordKind | None:
    return _kinds.get(code)
