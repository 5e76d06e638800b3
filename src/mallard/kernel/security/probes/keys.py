"""The key ring: its age and where it lies, as the health check sees it."""

from __future__ import annotations

from mallard.kernel.health.checks.keys import ring_is_safe
from mallard.kernel.health.registry import Finding


def ring() -> list[Finding]:
    return [ring_is_safe()]
