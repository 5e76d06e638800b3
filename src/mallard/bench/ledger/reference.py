"""The local limit: the same rows by hand-written SQL over psycopg.

No service, no member lock, no search for accounts, no debts, no checks of what comes in, no
answers: the caller knows everything already. It starts from the same accruals as the product and
lays its columns out as fast as we know how. One prepared statement in autocommit, so one round
trip and one fsync a call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg

from mallard.kernel.ids import uuid7
from mallard.value.ledger.fingerprints import of_accrual
from mallard.value.ledger.models import TransferKind
from mallard.value.ledger.statements import array
from mallard.value.ledger.types import Accrual

ONE = """
WITH posted AS (
    INSERT INTO ledger_transfer (
        id, group_id, debit_account_id, credit_account_id, member_id, amount, unit, kind,
        source_kind, source_id, reason, key, part, fingerprint, occurred_at, recorded_at,
        matures_at, expires_at, actor_kind)
    VALUES ($1, $2, $3, $4, $5, $6, 'points', 'accrue', $7, $8, $9, $10, 0, $11, $12, $13, $14,
        $15, 'system')
    ON CONFLICT (key, part) DO NOTHING RETURNING id
), lots AS (
    INSERT INTO ledger_lot (
        transfer_id, account_id, member_id, funder_id, amount, remaining, held, matures_at,
        expires_at)
    SELECT id, $4, $5, $3, $6, $6, 0, $14, $15 FROM posted
)
UPDATE ledger_wallet SET balance = balance + $6
WHERE account_id = $4 AND EXISTS (SELECT FROM posted)
"""

MANY = """
WITH input AS MATERIALIZED (
    SELECT * FROM unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[],
        $8::uuid[], $9::text[], $10::text[], $11::bigint[], $12::timestamptz[],
        $13::timestamptz[], $14::timestamptz[], $15::timestamptz[]
    ) AS t (id, group_id, funder, wallet, member_id, amount, source_kind, source_id, reason, key,
            fingerprint, occurred_at, recorded_at, matures_at, expires_at)
), posted AS (
    INSERT INTO ledger_transfer (
        id, group_id, debit_account_id, credit_account_id, member_id, amount, unit, kind,
        source_kind, source_id, reason, key, part, fingerprint, occurred_at, recorded_at,
        matures_at, expires_at, actor_kind)
    SELECT id, group_id, funder, wallet, member_id, amount, 'points', 'accrue', source_kind,
        source_id, reason, key, 0, fingerprint, occurred_at, recorded_at, matures_at, expires_at,
        'system'
    FROM input
    ON CONFLICT (key, part) DO NOTHING
    RETURNING id, credit_account_id, member_id, debit_account_id, amount, matures_at, expires_at
), lots AS (
    INSERT INTO ledger_lot (
        transfer_id, account_id, member_id, funder_id, amount, remaining, held, matures_at,
        expires_at)
    SELECT id, credit_account_id, member_id, debit_account_id, amount, amount, 0, matures_at,
        expires_at
    FROM posted
)
UPDATE ledger_wallet w SET balance = w.balance + s.amount
FROM (SELECT credit_account_id, sum(amount) AS amount FROM posted GROUP BY 1) s
WHERE w.account_id = s.credit_account_id
"""

KNOWN = """
SELECT key, id, amount, fingerprint FROM ledger_transfer WHERE key = ANY ($1::text[])
"""


class Reference:
    """A connection of its own that posts accruals by hand."""

    def __init__(self, arguments: dict[str, Any], wallets: dict[UUID, UUID]) -> None:
        self._connection = psycopg.connect(**arguments, autocommit=True)
        self._connection.prepare_threshold = 0
        self._cursor = psycopg.RawCursor(self._connection)
        self._wallets = wallets

    def close(self) -> None:
        self._connection.close()

    def _lay_out(self, batch: Sequence[Accrual]) -> tuple[str, list[Any]]:
        """Statement and parameters of a batch."""
        rows = [
            (
                uuid7(),
                a.group_id,
                a.funder_id,
                self._wallets[a.member_id],
                a.member_id,
                a.points,
                a.source_kind,
                a.source_id,
                a.reason,
                a.key,
                of_accrual(a, TransferKind.ACCRUE),
                a.occurred_at,
                a.recorded_at,
                a.matures_at,
                a.expires_at,
            )
            for a in batch
        ]
        if len(rows) == 1:
            return ONE, list(rows[0])
        return MANY, [array(column) for column in zip(*rows, strict=True)]

    def post(self, batch: Sequence[Accrual]) -> None:
        """Post accruals that are new."""
        self._cursor.execute(*self._lay_out(batch))

    def replay(self, batch: Sequence[Accrual]) -> None:
        """What a careful program does with keys that may be known: try, then look them up."""
        with self._connection.transaction():
            self.post(batch)
            self._cursor.execute(KNOWN, [array([accrual.key for accrual in batch])])
            self._cursor.fetchall()
