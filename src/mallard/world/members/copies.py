"""The copy of one's own data (PIPL art. 45, GDPR art. 15 and 20): each app says its part of it.

    register_part(Part("receipts", _("Receipts"), ("sales.Receipt",), COLUMNS, rows, order=40))
    leave_out("ledger.Account", because="holds nothing but ids")

A part never tells of other people: colleagues have no names in it, another member is “a member”.
A test asks of every model that refers to a member whether it is in a part or left out, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from mallard.kernel.secrets.datakey import DataKey

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Worded:
    """A value out of a list: machines read the code, people the words."""

    code: str
    words: str | Promise


def worded(row: Model, field: str) -> Worded | str:
    """The value of a field with choices; empty when it has none."""
    code = getattr(row, field)
    return Worded(str(code), getattr(row, f"get_{field}_display")()) if code else ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose copy it is: all records of the person, their own first, with the opened data keys."""

    record_ids: tuple[UUID, ...]
    keys: Mapping[UUID, DataKey]

    def opened(self, member_id: UUID, sealed: Any, context: str) -> str:
        """What was sealed under the member's data key; empty when it or its key is gone."""
        key = self.keys.get(member_id)
        return key.open(bytes(sealed), context).decode() if sealed is not None and key else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: a table with ``columns`` (code → what people read). ``rows`` gives values by the
    columns' codes: text, numbers, times, dates, yes or no, lists of text, `Worded`."""

    code: str
    title: str | Promise
    models: tuple[str, ...]
    columns: Mapping[str, str | Promise]
    rows: Callable[[Subject], Iterable[Row]]
    order: int = 100


_parts: dict[str, Part] = {}
_left_out: dict[str, str] = {}


def register_part(part: Part) -> None:
    """Put a part into every copy; a code names one part."""
    _parts[part.code] = part


def leave_out(*models: str, because: str) -> None:
    """Say why models that refer to a member are in no part."""
    _left_out.update(dict.fromkeys(models, because))


def parts() -> list[Part]:
    """All parts in order."""
    return sorted(_parts.values(), key=lambda part: (part.order, part.code))


def left_out() -> Mapping[str, str]:
    """Models that are in no part, and why."""
    return _left_out


def plain(found: QuerySet[Any, Any], columns: Iterable[str], **paths: str) -> Iterable[Row]:
    """Rows of a query: each column is the field of that name, or the one that ``paths`` says.

    A field with choices comes with its words.
    """
    wanted = list(columns)
    fields = {field.name: field for field in found.model._meta.concrete_fields}
    words = {
        code: dict(fields[code].flatchoices)
        for code in wanted
        if code not in paths and code in fields and fields[code].choices
    }
    for row in found.values_list(*(paths.get(code, code) for code in wanted)):
        told = dict(zip(wanted, row, strict=True))
        for code, labels in words.items():
            if told[code]:
                told[code] = Worded(str(told[code]), labels.get(told[code], told[code]))
        yield told


def theirs(model: type[Model], subject: Subject, *, field: str = "member") -> QuerySet[Any]:
    """The rows of the person's records, oldest first."""
    return model._default_manager.filter(**{f"{field}__in": subject.record_ids}).order_by("pk")
