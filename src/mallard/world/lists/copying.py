"""Lists that a member stands on, for the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mallard.world.lists.models import ListEntry
from mallard.world.members.copies import Part, Row, Subject, register_part, theirs

_ENTRIES = {"list": _("List"), "added_at": _("Since")}


def _entries(subject: Subject) -> Iterable[Row]:
    for row in theirs(ListEntry, subject).select_related("list"):
        yield {"list": row.list.name, "added_at": row.added_at}


def register() -> None:
    register_part(Part("lists", _("Lists you are on"), ("lists.ListEntry",), _ENTRIES, _entries, 9))
