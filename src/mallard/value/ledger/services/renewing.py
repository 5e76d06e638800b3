"""Many lots get another end at once, because of something their members did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.ledger.errors import LotUnknown
from mallard.value.ledger.statements import array, run


@dataclass(frozen=True, slots=True)
class LotLife:
    """A lot that can end: when it does, what it was opened for, what is left or has expired."""

    id: UUID
    member_id: UUID
    opened_at: dt.datetime
    opened_for: dt.datetime
    expires_at: dt.datetime
    remaining: int
    expired: int


# A lot that has nothing left and of which nothing expired has no life to change.
_LIVES = """
SELECT * FROM (
    SELECT l.transfer_id, l.member_id, t.occurred_at, t.expires_at AS opened_for, l.expires_at,
        l.remaining, coalesce((
            SELECT sum(u.amount) FROM ledger_lotuse u JOIN ledger_transfer x ON x.id = u.transfer_id
            WHERE l.remaining = 0 AND u.lot_id = l.transfer_id AND x.kind IN ('expire', 'revive')
        ), 0)::bigint AS expired
    FROM ledger_lot l JOIN ledger_transfer t ON t.id = l.transfer_id
    WHERE l.member_id = ANY ($1::uuid[]) AND l.expires_at > $2::timestamptz
        AND t.expires_at IS NOT NULL
) AS lives WHERE remaining > 0 OR expired > 0
"""
_END = """
UPDATE ledger_lot l SET expires_at = e.ends_at, grace_ends_at = NULL
FROM unnest($1::uuid[], $2::timestamptz[]) AS e(id, ends_at)
WHERE l.transfer_id = e.id RETURNING l.transfer_id
"""


def lives_of(member_ids: Collection[UUID], *, since: dt.datetime) -> list[LotLife]:
    """The lots of these members that end, or ended, after ``since``."""
    return [LotLife(*row) for row in run(_LIVES, [array(list(member_ids)), since])]


@atomic_retrying
def end_lots_at(ends: Mapping[UUID, dt.datetime]) -> None:
    """Let lots end at other times than they would. Nothing moves, so there is no transfer: the
    caller keeps why, and holds the members' locks. For lots that have something left."""
    if not ends:
        return
    found = run(_END, [array(list(ends)), array(list(ends.values()))])
    if len(found) != len(ends):
        raise LotUnknown()
