"""Writing a posting that has been decided: transfers, lot uses and running figures, at once.

Every use case but plain earning ends here. The changes of wallets, receivables and lots are
computed by the database from the very transfers and uses that it writes, so they cannot differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.ids import uuid7
from mallard.value.ledger.models import POINTS, TransferKind
from mallard.value.ledger.statements import array, run


@dataclass(frozen=True, slots=True)
class Cause:
    """What all transfers of one posting share."""

    key: str
    fingerprint: int
    group_id: UUID
    source_kind: str
    source_id: UUID
    reason: str
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    unit: str = POINTS


@dataclass(frozen=True, slots=True)
class NewTransfer:
    id: UUID
    kind: TransferKind
    debit_account_id: UUID
    credit_account_id: UUID
    member_id: UUID
    amount: int
    cause: Cause
    part: int
    reverses_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewUse:
    """``amount`` taken from a lot (negative: given back); ``unheld`` of it leaves a hold."""

    transfer_id: UUID
    lot_id: UUID
    amount: int
    unheld: int = 0
    expires_at: dt.datetime | None = None
    """A later expiry for the lot; None leaves it."""
    is_grace: bool = False
    """The later expiry is the grace of what comes back after the lot's end; any other expiry is a
    new life, which may have its own."""


@dataclass(slots=True)
class Posting:
    """Transfers and uses collected while deciding; `write` makes them rows."""

    transfers: list[NewTransfer] = field(default_factory=list)
    uses: list[NewUse] = field(default_factory=list)
    _parts: dict[str, int] = field(default_factory=dict)

    def start_parts_at(self, key: str, part: int) -> None:
        """Number the transfers of ``key`` from ``part``: the earlier ones are posted already."""
        self._parts[key] = part

    def add(
        self,
        kind: TransferKind,
        cause: Cause,
        *,
        debit: UUID,
        credit: UUID,
        member_id: UUID,
        amount: int,
        reverses_id: UUID | None = None,
    ) -> UUID:
        """Add a transfer; returns its id, for its uses."""
        part = self._parts.get(cause.key, 0)
        self._parts[cause.key] = part + 1
        transfer = NewTransfer(
            uuid7(), kind, debit, credit, member_id, amount, cause, part, reverses_id
        )
        self.transfers.append(transfer)
        return transfer.id

    def use(
        self,
        transfer_id: UUID,
        lot_id: UUID,
        amount: int,
        *,
        unheld: int = 0,
        expires_at: dt.datetime | None = None,
        is_grace: bool = False,
    ) -> None:
        self.uses.append(NewUse(transfer_id, lot_id, amount, unheld, expires_at, is_grace))


# A wallet row changes once in this statement, whatever the number of reasons: `changes` sums what
# the transfers, the uses of held points and the receivables do to it.
_WRITE = """
WITH input AS MATERIALIZED (
    SELECT * FROM unnest(
        $1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::smallint[],
        $8::uuid[], $9::text[], $10::bigint[], $11::uuid[], $12::text[], $13::uuid[], $14::text[],
        $15::timestamptz[], $16::timestamptz[], $17::text[]
    ) AS t (id, kind, debit, credit, member_id, amount, part, reverses, key, fingerprint, group_id,
            source_kind, source_id, reason, occurred_at, recorded_at, unit)
), used AS MATERIALIZED (
    SELECT * FROM unnest($18::uuid[], $19::uuid[], $20::bigint[], $21::bigint[],
        $22::timestamptz[], $23::bool[])
        AS u (transfer_id, lot_id, amount, unheld, expires_at, is_grace)
), posted AS (
    INSERT INTO ledger_transfer (
        id, kind, debit_account_id, credit_account_id, member_id, amount, part, reverses_id, key,
        fingerprint, group_id, source_kind, source_id, reason, occurred_at, recorded_at, unit,
        actor_kind, actor_id)
    SELECT input.*, $24::text, $25::uuid FROM input
), uses AS (
    INSERT INTO ledger_lotuse (transfer_id, lot_id, amount)
    SELECT transfer_id, lot_id, amount FROM used
), lot_sums AS MATERIALIZED (
    SELECT lot_id, sum(amount) AS amount, sum(unheld) AS unheld,
        max(expires_at) AS expires_at, bool_or(is_grace) AS is_grace
    FROM used GROUP BY lot_id
), lots AS (
    UPDATE ledger_lot l
    SET remaining = l.remaining - s.amount,
        held = l.held - s.unheld,
        expires_at = coalesce(s.expires_at, l.expires_at),
        grace_ends_at = CASE WHEN s.expires_at IS NULL THEN l.grace_ends_at
            WHEN s.is_grace THEN s.expires_at END
    FROM lot_sums s WHERE l.transfer_id = s.lot_id
), net AS MATERIALIZED (
    SELECT account_id, sum(delta) AS delta FROM (
        SELECT credit, amount FROM input UNION ALL SELECT debit, -amount FROM input
    ) AS ends (account_id, delta) GROUP BY account_id
), changes AS (
    SELECT account_id, sum(balance) AS balance, sum(unheld) AS unheld, sum(owed) AS owed FROM (
        SELECT w.account_id, n.delta, 0, 0
        FROM net n JOIN ledger_wallet w ON w.account_id = n.account_id
        UNION ALL
        SELECT l.account_id, 0, s.unheld, 0
        FROM lot_sums s JOIN ledger_lot l ON l.transfer_id = s.lot_id WHERE s.unheld <> 0
        UNION ALL
        SELECT w.account_id, 0, 0, -n.delta
        FROM net n
        JOIN ledger_receivable r ON r.account_id = n.account_id
        JOIN ledger_wallet w ON w.member_id = r.member_id AND w.unit = r.unit
    ) AS c (account_id, balance, unheld, owed) GROUP BY account_id
), wallets AS (
    UPDATE ledger_wallet w
    SET balance = w.balance + c.balance, held = w.held - c.unheld, owed = w.owed + c.owed
    FROM changes c WHERE w.account_id = c.account_id
)
UPDATE ledger_receivable r SET owed = r.owed - n.delta
FROM net n WHERE r.account_id = n.account_id
"""


def write(posting: Posting, *, actor: Actor) -> None:
    """Write every transfer and use of ``posting`` and change the running figures: one statement.

    The members concerned are locked by the caller. The database refuses what a wrong decision
    would break: a balance, lot or receivable below zero, mixed units, a key used twice.
    """
    if not posting.transfers:
        return
    transfers, uses = posting.transfers, posting.uses
    run(
        _WRITE,
        [
            *_transfer_columns(transfers),
            array(use.transfer_id for use in uses),
            array(use.lot_id for use in uses),
            array(use.amount for use in uses),
            array(use.unheld for use in uses),
            array(use.expires_at for use in uses),
            array(use.is_grace for use in uses),
            actor.kind.value,
            actor.id,
        ],
    )


def _transfer_columns(transfers: Sequence[NewTransfer]) -> list[str]:
    causes = [transfer.cause for transfer in transfers]
    return [
        array(transfer.id for transfer in transfers),
        array(transfer.kind.value for transfer in transfers),
        array(transfer.debit_account_id for transfer in transfers),
        array(transfer.credit_account_id for transfer in transfers),
        array(transfer.member_id for transfer in transfers),
        array(transfer.amount for transfer in transfers),
        array(transfer.part for transfer in transfers),
        array(transfer.reverses_id for transfer in transfers),
        array(cause.key for cause in causes),
        array(cause.fingerprint for cause in causes),
        array(cause.group_id for cause in causes),
        array(cause.source_kind for cause in causes),
        array(cause.source_id for cause in causes),
        array(cause.reason for cause in causes),
        array(cause.occurred_at for cause in causes),
        array(cause.recorded_at for cause in causes),
        array(cause.unit for cause in causes),
    ]


@dataclass(frozen=True, slots=True)
class EarlierTransfer:
    """A transfer that an earlier call posted under the same key."""

    id: UUID
    key: str
    part: int
    kind: str
    amount: int
    fingerprint: int
    group_id: UUID


_EARLIER = """
SELECT id, key, part, kind, amount, fingerprint, group_id
FROM ledger_transfer WHERE key = ANY ($1::text[]) ORDER BY key, part
"""


def earlier_postings(keys: Sequence[str]) -> dict[str, list[EarlierTransfer]]:
    """What is posted already under these keys, in the order of the parts."""
    found: dict[str, list[EarlierTransfer]] = {}
    for row in run(_EARLIER, [array(list(keys))]):
        transfer = EarlierTransfer(*row)
        found.setdefault(transfer.key, []).append(transfer)
    return found
