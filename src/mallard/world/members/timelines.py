"""The timeline of a member: one story from sources that apps register, read page by page.

    register_timeline(MemberTimeline("privacy", _("Privacy requests"), VIEW_REQUEST, load))

    def load(view: MemberInView, window: Window) -> list[Happened]:
        rows = visible_requests(view.actor).filter(member__in=view.record_ids)
        return [
            happened(row.pk, TimelineEntry(row.received_at, _("Asked")))
            for row in window.newest(rows, at="received_at")
        ]

What happened has a place: its time, the id of its row, and which of the row's moments it is. A page
goes on from a place, so nothing is read twice or left out while rows arrive, and the hundredth page
is as fast as the first. A source asks as many questions for one entry as for a page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from mallard.kernel.access.actor import Actor
from mallard.kernel.errors import NotFound
from mallard.kernel.ui.parts import TimelineEntry
from mallard.world.members.panels import MemberInView, asked

Row = TypeVar("Row", bound=Model)
PAGE = 30
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class Place(NamedTuple):
    """Where an entry stands: by time, then by the row's id, then by which of the row's moments."""

    at: dt.datetime
    id: UUID
    part: str = ""

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}_{self.id.hex}_{self.part}"


def place_from(text: str) -> Place:
    """The place that an address names. Raises `NotFound` for what is none."""
    try:
        microseconds, id_, part = text.split("_", 2)
        return Place(_EPOCH + int(microseconds) * _MICROSECOND, UUID(hex=id_), part)
    except (ValueError, OverflowError):
        raise NotFound() from None


class Happened(NamedTuple):
    """An entry at its place."""

    place: Place
    entry: TimelineEntry


def happened(id_: UUID, entry: TimelineEntry, part: str = "") -> Happened:
    """``entry`` of the row ``id_``; ``part`` tells moments of one row apart."""
    return Happened(Place(entry.at, id_, part), entry)


@dataclass(frozen=True, slots=True)
class Window:
    """The newest ``limit`` entries older than ``before``; None: from the newest on."""

    limit: int
    before: Place | None = None

    def newest(self, rows: QuerySet[Row, Any], *, at: str, part: str = "") -> list[Row]:
        """The rows of this window by their time ``at``; one statement. Rows without that time are
        left out. ``part`` as in `happened`."""
        rows = rows.filter(**{f"{at}__isnull": False})
        if self.before is not None:
            here, id_, last_part = self.before
            same_time = Q(pk__lt=id_)
            if part < last_part:
                same_time |= Q(pk=id_)
            rows = rows.filter(**{f"{at}__lte": here}).filter(Q(**{f"{at}__lt": here}) | same_time)
        return list(rows.order_by(f"-{at}", "-pk")[: self.limit])

    def holds(self, place: Place) -> bool:
        """Whether an entry is older than where the window begins: for what is worked out instead
        of read."""
        return self.before is None or place < self.before


class Story(Protocol):
    """At least the newest entries of a window, of what the reader may know; more do no harm."""

    def __call__(self, view: MemberInView, window: Window) -> Iterable[Happened]: ...


@dataclass(frozen=True, slots=True)
class MemberTimeline:
    """A source of the timeline, for who holds ``permission``. Sources of one ``kind`` (the key
    when it is empty) are one choice of the filter, called by the ``label`` of the first."""

    key: str
    label: str | Promise
    permission: str
    load: Story
    order: int = 100
    kind: str = ""

    @property
    def choice(self) -> str:
        return self.kind or self.key


_timelines: dict[str, MemberTimeline] = {}


def register_timeline(source: MemberTimeline) -> None:
    """Offer a source; registering the same key again replaces it."""
    _timelines[source.key] = source


def timelines_for(actor: Actor) -> list[MemberTimeline]:
    found = sorted(_timelines.values(), key=lambda each: (each.order, each.key))
    return [each for each in found if actor.may(each.permission)]


def choices_for(actor: Actor) -> dict[str, str]:
    """What the reader may narrow the timeline to: code and name of each kind."""
    named: dict[str, str] = {}
    for source in timelines_for(actor):
        named.setdefault(source.choice, str(source.label))
    return named


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Entries, newest first, and where older ones begin; empty when these were the last.
    ``kinds`` says of which kind each is."""

    entries: list[TimelineEntry]
    older: str
    kinds: list[str] = field(default_factory=list)


def _read(source: MemberTimeline, view: MemberInView, window: Window) -> list[Happened]:
    return list(source.load(view, window))


def timeline_of(
    view: MemberInView, *, kind: str = "", before: Place | None = None, limit: int = PAGE
) -> TimelinePage:
    """One page of what happened, of one kind or of all that the reader may see."""
    window = Window(limit + 1, before)
    found: list[tuple[Happened, str]] = []
    for source in timelines_for(view.actor):
        if kind in ("", source.choice):
            read = asked(_read, source, view, window) or ()
            found += [(one, source.choice) for one in read if window.holds(one.place)]
    found.sort(key=lambda each: each[0].place, reverse=True)
    shown = found[:limit]
    older = str(shown[-1][0].place) if len(found) > limit else ""
    return TimelinePage([one.entry for one, _of in shown], older, [of for _one, of in shown])
