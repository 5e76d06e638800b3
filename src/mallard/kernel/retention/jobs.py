"""The nightly pruning."""

from __future__ import annotations

from mallard.kernel.jobs import periodic
from mallard.kernel.retention import services


@periodic("23 * * * *")
def enforce_retention() -> None:
    """Delete what is too old. Every hour, so that no night has a mountain to move."""
    services.enforce()
