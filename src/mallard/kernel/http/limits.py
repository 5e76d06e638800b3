"""Rate limits: token buckets in PostgreSQL, shared by all processes.

Each process leases a handful of tokens at a time in one statement and spends them in memory, so a
busy caller costs far less than one statement a request. A lease ends after a few seconds; tokens
left in it are lost to that caller, never gained.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from mallard.kernel.environment import environment
from mallard.kernel.errors import DomainError

LEASE_SECONDS = 2.0
LEASES = 5000  # callers remembered by a process


@dataclass(frozen=True, slots=True)
class Limit:
    """``capacity`` requests at once, refilled at ``per_minute``; leased ``lease`` at a time."""

    per_minute: int
    capacity: int
    lease: int = 1


REFUSED_KEYS = Limit(per_minute=60, capacity=60)


def requests_per_key() -> Limit:
    """What one API key may ask for: a minute's worth at once."""
    rate = environment().api_requests_per_minute
    return Limit(per_minute=rate, capacity=rate, lease=max(1, rate // 100))


class TooManyRequests(DomainError):
    code = "http.too_many_requests"
    status = 429
    message = _("Too many requests. Please try again in %(seconds)s s.")

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.retry_after_seconds = seconds


_leases: OrderedDict[str, tuple[float, int]] = OrderedDict()
_lock = threading.Lock()

# tokens refill continuously; `granted` is what this statement took, at most what there was.
_TAKE = """
INSERT INTO http_rate_bucket AS b (key, tokens, granted, refilled_at)
VALUES (%(key)s, %(capacity)s - %(lease)s, %(lease)s, clock_timestamp())
ON CONFLICT (key) DO UPDATE SET (tokens, granted, refilled_at) = (
    SELECT there - least(floor(there), %(lease)s), least(floor(there), %(lease)s), at
    FROM (
        SELECT at, least(%(capacity)s, b.tokens
            + greatest(0, extract(epoch FROM at - b.refilled_at)) * %(per_minute)s / 60.0) AS there
        FROM (SELECT clock_timestamp() AS at) AS now
    ) AS refilled
)
RETURNING granted, tokens
"""


def take(key: str, limit: Limit) -> None:
    """Count one request of ``key``; raises `TooManyRequests` when its bucket is empty."""
    now = time.monotonic()
    with _lock:
        until, left = _leases.get(key, (0.0, 0))
        if left > 0 and until > now:
            _leases[key] = (until, left - 1)
            return
    granted, tokens = _lease(key, limit)
    if granted < 1:
        raise TooManyRequests(max(1, math.ceil((1 - tokens) * 60 / limit.per_minute)))
    if granted > 1:
        with _lock:
            _leases[key] = (now + LEASE_SECONDS, granted - 1)
            _leases.move_to_end(key)
            while len(_leases) > LEASES:
                _leases.popitem(last=False)


def _lease(key: str, limit: Limit) -> tuple[int, float]:
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            {
                "key": key,
                "capacity": limit.capacity,
                "lease": min(limit.lease, limit.capacity),
                "per_minute": limit.per_minute,
            },
        )
        granted, tokens = cursor.fetchone()
    return int(granted), float(tokens)


def forget_leases() -> None:
    """Give up what this process has leased (tests)."""
    with _lock:
        _leases.clear()


def prune(*, idle_hours: int = 24) -> int:
    """Delete buckets that nobody has used for a while; they would be full again anyway."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM http_rate_bucket WHERE refilled_at < now() - make_interval(hours => %s)",
            [idle_hours],
        )
        return cursor.rowcount
