"""What every request adds to, in the process that answers it.

Several web processes share their figures through files in ``PROMETHEUS_MULTIPROC_DIR``, which
`mallard web` sets before it starts them; alone, a process counts in memory.
"""

from __future__ import annotations

from prometheus_client import Counter, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)

COUNT = Counter(
    "mallard_requests",
    "Requests answered, by route pattern (never the path itself) and status.",
    ["method", "route", "status"],
    registry=None,
)
SECONDS = Histogram(
    "mallard_request_seconds",
    "Time to answer a request, by route pattern.",
    ["method", "route"],
    buckets=BUCKETS,
    registry=None,
)


def observe(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. ``route`` is a pattern, so there are only so many of them."""
    COUNT.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)
