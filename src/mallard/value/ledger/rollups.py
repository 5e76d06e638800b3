"""Funder totals by day: sums that no posting has to wait for.

A funder's account keeps no live balance, every accrual would queue behind it. A periodic job adds
up what it has not seen yet and remembers how far it got: transfers carry the id of their database
transaction, and only ids below the oldest running transaction are read, so that one that commits
late is not skipped.
"""

from __future__ import annotations

from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.ledger.statements import run

CURSOR = "funder_days"

# What happened to each funder's points in a range of transactions. Opened lots and points given
# back add to what is outstanding; uses take from it. OWE and what pays it count on their own,
# under the funder that is owed: no lot is touched, or a lot of another funder pays.
FLOWS = """
    SELECT l.funder_id, t.recorded_at, t.kind, l.amount AS points
    FROM ledger_transfer t JOIN ledger_lot l ON l.transfer_id = t.id
    WHERE t.transaction >= {low} AND t.transaction < {high}
    UNION ALL
    SELECT l.funder_id, t.recorded_at, t.kind, -u.amount
    FROM ledger_transfer t
    JOIN ledger_lotuse u ON u.transfer_id = t.id JOIN ledger_lot l ON l.transfer_id = u.lot_id
    WHERE t.transaction >= {low} AND t.transaction < {high}
    UNION ALL
    SELECT t.credit_account_id, t.recorded_at, t.kind, t.amount
    FROM ledger_transfer t
    WHERE t.transaction >= {low} AND t.transaction < {high} AND t.kind = 'owe'
"""

BY_DAY = f"""
    SELECT funder_id, (recorded_at AT TIME ZONE 'UTC')::date AS day, kind,
        sum(points)::bigint AS points, count(*) AS transfers
    FROM ({FLOWS}) AS flows GROUP BY 1, 2, 3
"""  # noqa: S608 constant text

_CLAIM = """
INSERT INTO ledger_rollupcursor (name, transaction) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING
"""

_RANGE = """
SELECT transaction, pg_snapshot_xmin(pg_current_snapshot())::text::bigint
FROM ledger_rollupcursor WHERE name = $1 FOR UPDATE
"""

_ADD = f"""
WITH added AS (
    INSERT INTO ledger_funderday AS d (funder_id, day, kind, points, transfers)
    {BY_DAY.format(low="$2::bigint", high="$3::bigint")}
    ON CONFLICT (funder_id, day, kind) DO UPDATE
    SET points = d.points + excluded.points, transfers = d.transfers + excluded.transfers
    RETURNING 1
), moved AS (
    UPDATE ledger_rollupcursor SET transaction = $3::bigint WHERE name = $1
)
SELECT count(*) FROM added
"""  # noqa: S608 constant text


@atomic_retrying
def roll_up_funder_days() -> int:
    """Add every transfer not counted yet to its funder's days; returns how many days changed."""
    run(_CLAIM, [CURSOR])
    [(low, high)] = run(_RANGE, [CURSOR])
    if high <= low:
        return 0
    [(changed,)] = run(_ADD, [CURSOR, low, high])
    return int(changed)
