"""The age of the last backup and of the last restore that was tried."""

from __future__ import annotations

from mallard.kernel.health.checks.backups import is_backed_up, is_restore_tested
from mallard.kernel.health.registry import Finding


def age() -> list[Finding]:
    return [is_backed_up(), is_restore_tested()]
