"""Every write of migrations."""

from __future__ import annotations

from mallard.value.migration.services.posting import (
    post_rows,
    start_posting,
    start_taking_back,
    take_rows_back,
)
from mallard.value.migration.services.preparing import create_migration, receive_rows
from mallard.value.migration.services.signing import explain, set_control_totals, sign

__all__ = [
    "create_migration",
    "explain",
    "post_rows",
    "receive_rows",
    "set_control_totals",
    "sign",
    "start_posting",
    "start_taking_back",
    "take_rows_back",
]
