"""No model changed without a migration."""

from __future__ import annotations

from tools.migrations import missing_migrations


def test_no_migration_is_missing() -> None:
    assert missing_migrations() == []
