"""Hands events to consumers, after the commit.

Each consumer has a cursor on (transaction id, event id). A delivery reads a batch after the cursor
and below the oldest running transaction, calls the consumer, then moves the cursor. A session
advisory lock lets one process at a time serve a consumer; when that process is killed PostgreSQL
frees the lock at once and the next one delivers the same batch again: at least once, never lost.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import orjson
from django.db import connection
from django.db.utils import DatabaseError, InterfaceError

from mallard.kernel import clock
from mallard.kernel.outbox.events import Consumer, Envelope, consumers
from mallard.kernel.outbox.models import ConsumerCursor

logger = logging.getLogger(__name__)

LOCK_SPACE = 0x6F757462  # "outb": our part of PostgreSQL's advisory lock numbers
MAX_BATCHES = 20  # per consumer and turn, so that a busy one leaves room for the others
SPAN_EVENTS = 10_000
BASE_BACKOFF = dt.timedelta(seconds=1)
MAX_BACKOFF = dt.timedelta(minutes=10)
NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a consumer's turn went. ``has_more``: its turn ended, not what waits for it."""

    delivered: int
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What waits for a consumer, and where its cursor stands once that is handled."""

    envelopes: list[Envelope]
    place: tuple[int, UUID] | None


def dispatch_once() -> int:
    """Give every consumer a turn, here and now; returns how many events were delivered."""
    return sum(deliver(each).delivered for each in consumers())


def consumers_behind() -> list[Consumer]:
    """Consumers for whom something waits and who need not wait for their next try."""
    now = clock.now()
    held = set(ConsumerCursor.objects.filter(retry_at__gt=now).values_list("name", flat=True))
    return [each for each in consumers() if each.name not in held and _is_behind(each)]


def _is_behind(consumer: Consumer) -> bool:
    cursor = _cursor_of(consumer)
    reading = _read(consumer, cursor, 1)
    if not reading.envelopes and reading.place is not None:
        # Nothing for this one: pass it by, unless a delivery has moved the cursor meanwhile.
        ConsumerCursor.objects.filter(
            pk=consumer.name, after_transaction=cursor.after_transaction, after_id=cursor.after_id
        ).update(after_transaction=reading.place[0], after_id=reading.place[1])
    return bool(reading.envelopes)


def deliver_to(consumer_name: str) -> Delivery:
    """`deliver` by name; a consumer that is no longer registered receives nothing."""
    for each in consumers():
        if each.name == consumer_name:
            return deliver(each)
    return Delivery(0)


def deliver(consumer: Consumer, *, max_batches: int = MAX_BATCHES) -> Delivery:
    """Deliver what waits for one consumer, up to ``max_batches``.

    Does nothing when another process is serving it, or when it failed and its time to retry has
    not come.
    """
    delivered = 0
    with _alone(consumer.name) as is_alone:
        if not is_alone:
            return Delivery(0)
        cursor = _cursor_of(consumer)
        if cursor.retry_at is not None and cursor.retry_at > clock.now():
            return Delivery(0)
        for _turn in range(max_batches):
            # After a failure fewer events at a time, so that good ones before a bad one get by.
            size = max(1, consumer.batch_size >> min(cursor.failures, 12))
            reading = _read(consumer, cursor, size)
            if reading.place is None:
                return Delivery(delivered)
            if reading.envelopes and not _handled(consumer, cursor, reading.envelopes):
                return Delivery(delivered)
            _move(cursor, *reading.place, is_success=bool(reading.envelopes))
            delivered += len(reading.envelopes)
    return Delivery(delivered, has_more=True)


def _handled(consumer: Consumer, cursor: ConsumerCursor, envelopes: list[Envelope]) -> bool:
    try:
        consumer.handler(envelopes)
    except Exception as error:
        if isinstance(error, (InterfaceError, DatabaseError)) and not connection.is_usable():
            raise  # the database went away, which is not the consumer's failure
        cursor.failures += 1
        backoff = min(BASE_BACKOFF * 2 ** min(cursor.failures - 1, 16), MAX_BACKOFF)
        cursor.retry_at = clock.now() + backoff
        cursor.last_error = type(error).__qualname__[:200]
        cursor.save(update_fields=["failures", "retry_at", "last_error"])
        logger.exception(
            "outbox.consumer_failed",
            extra={"consumer": consumer.name, "failures": cursor.failures},
        )
        return False
    return True


def _move(cursor: ConsumerCursor, transaction_id: int, event_id: UUID, *, is_success: bool) -> None:
    cursor.after_transaction, cursor.after_id = transaction_id, event_id
    if is_success:
        # One success shrinks the caution by one step; small batches grow back to full size.
        cursor.failures = max(0, cursor.failures - 1)
        cursor.retry_at, cursor.last_error, cursor.moved_at = None, "", clock.now()
    cursor.save()


_SPAN = """
WITH span AS MATERIALIZED (
    SELECT transaction_id, id, name FROM outbox_event
    WHERE (transaction_id, id) > (%(transaction)s::text::xid8, %(id)s)
      AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY transaction_id, id
    LIMIT %(span)s
), wanted AS MATERIALIZED (
    SELECT transaction_id, id FROM span WHERE name = ANY(%(names)s)
    ORDER BY transaction_id, id
    LIMIT %(limit)s
)
(
    SELECT e.transaction_id::text, e.id, e.name, e.subject_id, e.payload::text, e.recorded_at,
           e.actor_kind, e.actor_id, e.request_id
    FROM wanted JOIN outbox_event AS e USING (id)
    ORDER BY wanted.transaction_id, wanted.id
)
UNION ALL
(
    SELECT span.transaction_id::text, span.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM span ORDER BY span.transaction_id DESC, span.id DESC LIMIT 1
)
"""
# The wanted ones are cut off before they are looked up: a limit on the join would let the planner
# walk the whole table in order and compare each row with the span, for minutes on a long backlog.


def _read(consumer: Consumer, cursor: ConsumerCursor, limit: int) -> Reading:
    """Up to ``limit`` envelopes for a consumer, out of the next `SPAN_EVENTS` events of any kind.

    One statement, one snapshot: so the cursor may pass what is of no interest to this consumer
    without passing anything that is. Otherwise a listener to rare events would read all others
    again and again.
    """
    with connection.cursor() as sql:
        sql.execute(
            _SPAN,
            {
                "transaction": str(cursor.after_transaction),
                "id": cursor.after_id,
                "span": max(SPAN_EVENTS, limit),
                "names": list(consumer.events),
                "limit": limit,
            },
        )
        rows = sql.fetchall()
    if not rows:
        return Reading([], None)
    *wanted, end = rows
    envelopes = [
        Envelope(id_, name, subject, _json(payload), at, kind, actor, request)
        for _xid, id_, name, subject, payload, at, kind, actor, request in wanted
    ]
    place = wanted[-1] if len(wanted) == limit else end
    return Reading(envelopes, (int(place[0]), place[1]))


def _json(text: str) -> dict[str, object]:
    loaded: dict[str, object] = orjson.loads(text)
    return loaded


def _cursor_of(consumer: Consumer) -> ConsumerCursor:
    found = ConsumerCursor.objects.filter(pk=consumer.name).first()
    if found is not None:
        return found
    after = 0 if consumer.from_start else _oldest_running() - 1
    # With the greatest id: everything of transactions up to and including `after` is behind us.
    after_id = NO_ID if consumer.from_start else UUID(int=2**128 - 1)
    return ConsumerCursor.objects.create(
        name=consumer.name, after_transaction=after, after_id=after_id, moved_at=clock.now()
    )


def pass_by(consumer_name: str) -> None:
    """Let a consumer begin anew after what is committed now: it has seen to that another way.

    Call it before reading what it would have been told of, in the same transaction: what commits
    in between comes twice then, never not at all.
    """
    place = {"after_transaction": _oldest_running() - 1, "after_id": UUID(int=2**128 - 1)}
    ConsumerCursor.objects.update_or_create(
        name=consumer_name, defaults=place | {"moved_at": clock.now()}
    )


def _oldest_running() -> int:
    with connection.cursor() as sql:
        sql.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        return int(sql.fetchone()[0])


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    with connection.cursor() as sql:
        sql.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK_SPACE, name])
        is_alone = bool(sql.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as sql:
                sql.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCK_SPACE, name])
