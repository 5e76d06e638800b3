"""Announcing events, and moving cursors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.bulk import copy_rows
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.events import Event
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.outbox.settings import KEPT_DAYS

PRUNE_BATCH = 10_000

_COLUMNS = (
    "id", "recorded_at", "name", "subject_id", "payload", "actor_kind", "actor_id", "request_id",
)  # fmt: skip


def announce(
    events: Sequence[Event], *, actor: Actor, request_ids: Sequence[str] | None = None
) -> None:
    """Write events in the caller's transaction; whoever listens hears of them after its commit.

    One COPY for the whole batch. ``request_ids``: the request of each event, where it is not the
    actor's. Raises RuntimeError outside a transaction: an event without the
    change that it announces, or the other way round, must not happen.
    """
    if not events:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("announce() belongs into the transaction of what it announces")
    now = clock.now()
    kind = actor.kind.value
    requests = [actor.request_id] * len(events) if request_ids is None else request_ids
    copy_rows(
        OutboxEvent._meta.db_table,
        _COLUMNS,
        (
            (
                uuid7(), now, event.name, event.subject_id, Jsonb(event.payload()),
                kind, actor.id, request_id,
            )
            for event, request_id in zip(events, requests, strict=True)
        ),
    )  # fmt: skip


def prune(*, before: dt.datetime | None = None, limit: int = PRUNE_BATCH) -> int:
    """Delete up to ``limit`` events that every consumer has passed and that are older than
    ``before`` (default: the setting). Returns how many."""
    before = before or clock.now() - dt.timedelta(days=KEPT_DAYS.value)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM outbox_event WHERE id IN (
                SELECT id FROM outbox_event AS e
                WHERE recorded_at < %s
                  AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                  AND NOT EXISTS (
                      SELECT 1 FROM outbox_cursor AS c
                      WHERE (e.transaction_id, e.id)
                            > (c.after_transaction::text::xid8, c.after_id))
                ORDER BY transaction_id, id LIMIT %s
            )
            """,
            [before, limit],
        )
        return cursor.rowcount
