"""How far consumers are behind: what the health page and alarms read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from mallard.kernel.outbox.events import consumers

COUNT_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class ConsumerLag:
    """``waiting`` events (counted up to 10,000), the oldest of them, and failures in a row."""

    name: str
    waiting: int
    oldest_at: dt.datetime | None
    failures: int
    retry_at: dt.datetime | None
    last_error: str


def consumer_lags() -> list[ConsumerLag]:
    """The lag of every registered consumer, by name."""
    lags = []
    for each in consumers():
        with connection.cursor() as sql:
            sql.execute(
                """
                SELECT c.failures, c.retry_at, c.last_error, w.waiting, w.oldest_at
                FROM (SELECT 1) AS one
                LEFT JOIN outbox_cursor AS c ON c.name = %s
                CROSS JOIN LATERAL (
                    SELECT count(*) AS waiting, min(recorded_at) AS oldest_at
                    FROM (
                        SELECT recorded_at FROM outbox_event
                        WHERE name = ANY(%s)
                          AND (transaction_id, id) > (
                              coalesce(c.after_transaction, 0)::text::xid8,
                              coalesce(c.after_id, '00000000-0000-0000-0000-000000000000'))
                        ORDER BY transaction_id, id LIMIT %s
                    ) AS bounded
                ) AS w
                """,
                [each.name, list(each.events), COUNT_LIMIT],
            )
            failures, retry_at, last_error, waiting, oldest_at = sql.fetchone()
        lags.append(
            ConsumerLag(each.name, waiting, oldest_at, failures or 0, retry_at, last_error or "")
        )
    return lags
