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
BASE_BACKOFF = dt.timedelta(seconds=1)
MAX_BACKOFF = dt.timedelta(minutes=10)
NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a consumer's turn went. ``has_more``: its turn ended, not what waits for it."""

    delivered: int
    has_more: bool = False


def dispatch_once() -> int:
    """Give every consumer a turn, here and now; returns how many events were delivered."""
    return sum(deliver(each).delivered for each in consumers())


def consumers_behind() -> list[Consumer]:
    """Consumers for whom something waits and who need not wait for their next try."""
    now = clock.now()
    held = set(ConsumerCursor.objects.filter(retry_at__gt=now).values_list("name", flat=True))
    return [
        each for each in consumers() if each.name not in held and _read(each, _cursor_of(each), 1)
    ]


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
            batch = _read(consumer, cursor, size)
            if not batch:
                return Delivery(delivered)
            if not _handled(consumer, cursor, [envelope for _xid, envelope in batch]):
                return Delivery(delivered)
            last_transaction, last = batch[-1]
            _move(cursor, last_transaction, last.id)
            delivered += len(batch)
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


def _move(cursor: ConsumerCursor, transaction_id: int, event_id: UUID) -> None:
    cursor.after_transaction, cursor.after_id = transaction_id, event_id
    # One success shrinks the caution by one step; small batches grow back to full size.
    cursor.failures = max(0, cursor.failures - 1)
    cursor.retry_at, cursor.last_error, cursor.moved_at = None, "", clock.now()
    cursor.save()


def _read(consumer: Consumer, cursor: ConsumerCursor, limit: int) -> list[tuple[int, Envelope]]:
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT transaction_id::text, id, name, subject_id, payload::text, recorded_at,
                   actor_kind, actor_id, request_id
            FROM outbox_event
            WHERE (transaction_id, id) > (%s::text::xid8, %s)
              AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
              AND name = ANY(%s)
            ORDER BY transaction_id, id
            LIMIT %s
            """,
            [str(cursor.after_transaction), cursor.after_id, list(consumer.events), limit],
        )
        return [
            (int(xid), Envelope(id_, name, subject, _json(payload), at, kind, actor, request))
            for xid, id_, name, subject, payload, at, kind, actor, request in sql.fetchall()
        ]


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
