"""Reading lots under their members' locks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from mallard.value.ledger.statements import array, run
from mallard.value.ledger.types import LotState

_COLUMNS = """
l.transfer_id, l.account_id, l.member_id, l.funder_id, l.remaining, l.held, l.matures_at,
l.expires_at, t.source_id, l.grace_ends_at
"""

_TO_SPEND = f"""
SELECT {_COLUMNS} FROM ledger_lot l JOIN ledger_transfer t ON t.id = l.transfer_id
WHERE l.member_id = ANY ($1::uuid[]) AND l.remaining > 0
"""  # noqa: S608 constant text

# Lots of the sources even when nothing remains: what expired of them can still be reversed.
_FOR_REVERSAL = f"""
WITH own AS (
    SELECT l.transfer_id FROM ledger_transfer t JOIN ledger_lot l ON l.transfer_id = t.id
    WHERE t.source_id = ANY ($2::uuid[]) AND l.member_id = ANY ($1::uuid[])
), candidates AS (
    SELECT transfer_id FROM own
    UNION
    SELECT transfer_id FROM ledger_lot
    WHERE member_id = ANY ($1::uuid[]) AND remaining > 0
), expired AS (
    SELECT u.lot_id, sum(u.amount) AS points
    FROM own JOIN ledger_lotuse u ON u.lot_id = own.transfer_id
    JOIN ledger_transfer x ON x.id = u.transfer_id
    WHERE x.kind IN ('expire', 'revive') GROUP BY u.lot_id
)
SELECT {_COLUMNS}, coalesce(e.points, 0)::bigint
FROM candidates c
JOIN ledger_lot l ON l.transfer_id = c.transfer_id
JOIN ledger_transfer t ON t.id = l.transfer_id
LEFT JOIN expired e ON e.lot_id = l.transfer_id
"""  # noqa: S608 constant text


def lots_to_spend(member_ids: Collection[UUID]) -> list[LotState]:
    """Every lot of these members that has something left, expired or not, held or not."""
    rows = run(_TO_SPEND, [array(list(member_ids))])
    return [LotState(*row) for row in rows]


def lots_for_reversal(member_ids: Collection[UUID], source_ids: Collection[UUID]) -> list[LotState]:
    """These members' lots with something left, and all their lots of these sources."""
    rows = run(_FOR_REVERSAL, [array(list(member_ids)), array(list(source_ids))])
    return [LotState(*row) for row in rows]


_EXPIRED = f"""
SELECT {_COLUMNS} FROM ledger_lot l JOIN ledger_transfer t ON t.id = l.transfer_id
WHERE l.member_id = ANY ($1::uuid[]) AND l.remaining > 0 AND l.remaining > l.held
    AND l.expires_at <= $2::timestamptz
ORDER BY l.expires_at, l.transfer_id LIMIT $3
"""  # noqa: S608 constant text

_HELD = f"""
SELECT {_COLUMNS}, h.amount FROM ledger_holdlot h
JOIN ledger_lot l ON l.transfer_id = h.lot_id JOIN ledger_transfer t ON t.id = l.transfer_id
WHERE h.hold_id = $1::uuid ORDER BY l.expires_at, l.transfer_id
"""  # noqa: S608 constant text

_BY_ID = f"""
SELECT {_COLUMNS} FROM ledger_lot l JOIN ledger_transfer t ON t.id = l.transfer_id
WHERE l.transfer_id = ANY ($1::uuid[])
"""  # noqa: S608 constant text


def expired_lots(member_ids: Collection[UUID], *, at: dt.datetime, limit: int) -> list[LotState]:
    """These members' lots whose time is over at ``at`` and that have something unheld left."""
    rows = run(_EXPIRED, [array(list(member_ids)), at, limit])
    return [LotState(*row) for row in rows]


def held_lots(hold_id: UUID) -> list[tuple[LotState, int]]:
    """What a hold pins: lots and how much of each."""
    return [(LotState(*row[:-1]), row[-1]) for row in run(_HELD, [hold_id])]


def lots_by_id(lot_ids: Collection[UUID]) -> dict[UUID, LotState]:
    rows = run(_BY_ID, [array(list(lot_ids))])
    return {row[0]: LotState(*row) for row in rows}
