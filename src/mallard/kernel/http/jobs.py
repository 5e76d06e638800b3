"""Housekeeping of keys and buckets."""

from __future__ import annotations

from mallard.kernel.http import idempotency, limits
from mallard.kernel.jobs import periodic


@periodic("41 * * * *")
def prune_http_rows() -> None:
    """Delete expired idempotency keys and idle rate limit buckets."""
    while idempotency.prune():
        pass
    limits.prune()
