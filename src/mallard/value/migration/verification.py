"""Compares what migrations say they posted with the ledger. Part of `mallard ledger verify`."""

from __future__ import annotations

from mallard.value.ledger.verification import register_verification
from mallard.value.sales.verification import compare

# A migration that was taken back left nothing; every other row that is done left its points.
_ROWS = """
SELECT 'points of migration row ' || r.id AS what,
       coalesce(sum(CASE WHEN t.kind IN ('adjust', 'revive') THEN t.amount
                         ELSE -t.amount END), 0)::text AS found,
       (CASE WHEN m.status = 'returned' THEN 0 ELSE r.points END)::text AS derived
FROM migration_migrationrow r
JOIN migration_migration m ON m.id = r.migration_id
LEFT JOIN ledger_transfer t ON t.source_id = r.id AND t.source_kind = 'migration'
    AND t.kind IN ('adjust', 'reverse', 'recover', 'owe')
WHERE r.kind = 'lot' AND r.done_at IS NOT NULL
GROUP BY r.id, r.points, m.status
"""


def register() -> None:
    """Called once, when the app is ready."""
    register_verification("migrations", lambda: compare(_ROWS))
