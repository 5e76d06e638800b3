"""Events and those who listen to them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any, ClassVar
from uuid import UUID

_CODE = re.compile(r"[a-z_]+(\.[a-z_]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened. Subclass it as a frozen dataclass with a ``name``:

        @dataclass(frozen=True, slots=True, kw_only=True)
        class ReceiptRecorded(Event):
            name: ClassVar[str] = "sales.receipt_recorded"
            store_id: UUID
            amount_minor: int

    Fields are what JSON can say, plus UUID, date and datetime (written as text). No personal
    data in clear: name the member by id.
    """

    name: ClassVar[str]
    subject_id: UUID

    def payload(self) -> dict[str, Any]:
        """The fields as JSON-ready values, without ``subject_id``."""
        return {
            each.name: _plain(getattr(self, each.name))
            for each in fields(self)
            if each.name != "subject_id"
        }


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event as a consumer receives it. ``id`` is the same at every delivery: dedupe by it."""

    id: UUID
    name: str
    subject_id: UUID
    payload: dict[str, Any]
    recorded_at: dt.datetime
    actor_kind: str
    actor_id: UUID | None
    request_id: str


Handler = Callable[[list[Envelope]], None]


@dataclass(frozen=True, slots=True)
class Consumer:
    """A registered listener: at most ``batch_size`` envelopes a call."""

    name: str
    events: frozenset[str]
    handler: Handler
    batch_size: int
    from_start: bool


_consumers: dict[str, Consumer] = {}
MAX_BATCH = 5000


def consumer(
    *, name: str, events: Iterable[type[Event]], batch_size: int = 500, from_start: bool = True
) -> Callable[[Handler], Handler]:
    """Register a function that receives these events, in batches, some time after their commit.

    Write it so that the same events may come 1 to 5 times and in any order: delivery is at least
    once (a killed worker delivers its last batch again), and events of different transactions
    have no promised order. Either make the work repeatable ("recompute this member"), or remember
    ``Envelope.id``. It runs outside a transaction and opens its own. When it raises, the consumer
    keeps its place and is tried again later, ever fewer events at a time, so that one bad event
    holds up as little as it can; nothing is skipped.

    ``name`` identifies the cursor: never rename it. A new consumer begins with the oldest event
    that is kept, or with the newest when ``from_start`` is false.
    """
    if not _CODE.fullmatch(name):
        raise ValueError(f"a consumer is named like `features.refresh`, not {name!r}")
    if not 1 <= batch_size <= MAX_BATCH:
        raise ValueError(f"batch_size is 1 to {MAX_BATCH}")

    def register(handler: Handler) -> Handler:
        if name in _consumers:
            raise ValueError(f"consumer {name} is registered twice")
        names = frozenset(event.name for event in events)
        _consumers[name] = Consumer(name, names, handler, batch_size, from_start)
        return handler

    return register


def declared_events() -> list[type[Event]]:
    """Every event that an installed app declares, by name."""
    found: dict[str, type[Event]] = {}
    waiting = [Event]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            is_ours = each.__module__.startswith("mallard.") and ".tests." not in each.__module__
            if is_ours and "name" in vars(each):
                found[each.name] = each
    return [found[name] for name in sorted(found)]


def consumers() -> list[Consumer]:
    """Every registered consumer, by name."""
    return sorted(_consumers.values(), key=lambda each: each.name)


def forget(name: str) -> None:
    """Unregister a consumer (tests)."""
    _consumers.pop(name, None)
