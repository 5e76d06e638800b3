"""What every running figure must be, derived from transfers and lot uses in set-based SQL.

Each query yields rows of (what, figure found, figure derived).
"""

from __future__ import annotations

from mallard.value.ledger.models import AccountKind, TransferKind
from mallard.value.ledger.rollups import BY_DAY, CURSOR

_NET = """
    SELECT account_id, sum(delta)::bigint AS net FROM (
        SELECT credit_account_id, amount FROM ledger_transfer
        UNION ALL SELECT debit_account_id, -amount FROM ledger_transfer
    ) AS ends (account_id, delta) GROUP BY account_id
"""

WALLET_BALANCES = f"""
    SELECT 'wallet ' || a.id, w.balance, coalesce(n.net, 0)
    FROM ledger_account a
    LEFT JOIN ledger_wallet w ON w.account_id = a.id
    LEFT JOIN ({_NET}) n ON n.account_id = a.id
    WHERE a.kind = 'wallet'
"""  # noqa: S608 constant text

RECEIVABLES = f"""
    SELECT 'receivable ' || a.id, r.owed, -coalesce(n.net, 0)
    FROM ledger_account a
    LEFT JOIN ledger_receivable r ON r.account_id = a.id
    LEFT JOIN ({_NET}) n ON n.account_id = a.id
    WHERE a.kind = 'receivable'
"""  # noqa: S608 constant text

WALLET_DEBTS = """
    SELECT 'owed by the member of wallet ' || w.account_id, w.owed, coalesce(r.owed, 0)
    FROM ledger_wallet w LEFT JOIN (
        SELECT member_id, unit, sum(owed)::bigint AS owed FROM ledger_receivable GROUP BY 1, 2
    ) r ON r.member_id = w.member_id AND r.unit = w.unit
"""

WALLET_LOTS = """
    SELECT 'lots of wallet ' || w.account_id, ROW(w.balance, w.held)::text,
        ROW(coalesce(l.remaining, 0), coalesce(l.held, 0))::text
    FROM ledger_wallet w LEFT JOIN (
        SELECT account_id, sum(remaining)::bigint AS remaining, sum(held)::bigint AS held
        FROM ledger_lot GROUP BY account_id
    ) l ON l.account_id = w.account_id
"""

LOTS = """
    SELECT 'lot ' || t.id, ROW(l.amount, l.remaining, l.account_id, l.funder_id, l.member_id)::text,
        ROW(t.amount, t.amount - coalesce(u.used, 0), t.credit_account_id, t.debit_account_id,
            a.member_id)::text
    FROM ledger_transfer t
    JOIN ledger_account a ON a.id = t.credit_account_id AND a.kind = 'wallet'
    LEFT JOIN ledger_lot l ON l.transfer_id = t.id
    LEFT JOIN (
        SELECT lot_id, sum(amount)::bigint AS used FROM ledger_lotuse GROUP BY lot_id
    ) u ON u.lot_id = t.id
    WHERE t.kind IN ('accrue', 'adjust')
    UNION ALL
    SELECT 'lot without an opening transfer ' || l.transfer_id, '1', '0'
    FROM ledger_lot l JOIN ledger_transfer t ON t.id = l.transfer_id
    JOIN ledger_account a ON a.id = t.credit_account_id
    WHERE t.kind NOT IN ('accrue', 'adjust') OR a.kind <> 'wallet'
"""

# A transfer out of a wallet took exactly its amount from that wallet's lots; one into a wallet
# that opens no lot gave exactly its amount back.
USES = """
    SELECT 'lot uses of transfer ' || t.id, coalesce(u.used, 0),
        CASE WHEN d.kind = 'wallet' THEN t.amount
             WHEN c.kind = 'wallet' AND l.transfer_id IS NULL THEN -t.amount ELSE 0 END
    FROM ledger_transfer t
    JOIN ledger_account d ON d.id = t.debit_account_id
    JOIN ledger_account c ON c.id = t.credit_account_id
    LEFT JOIN ledger_lot l ON l.transfer_id = t.id
    LEFT JOIN (
        SELECT u.transfer_id, sum(u.amount)::bigint AS used
        FROM ledger_lotuse u
        JOIN ledger_lot l ON l.transfer_id = u.lot_id
        JOIN ledger_transfer t ON t.id = u.transfer_id
            AND l.account_id IN (t.debit_account_id, t.credit_account_id)
        GROUP BY u.transfer_id
    ) u ON u.transfer_id = t.id
"""

HOLDS = """
    SELECT 'held of lot ' || l.transfer_id, l.held, coalesce(h.held, 0)
    FROM ledger_lot l LEFT JOIN (
        SELECT hl.lot_id, sum(hl.amount)::bigint AS held
        FROM ledger_holdlot hl JOIN ledger_hold h ON h.id = hl.hold_id
        WHERE h.status = 'open' GROUP BY hl.lot_id
    ) h ON h.lot_id = l.transfer_id
    WHERE l.held <> 0 OR h.held IS NOT NULL
    UNION ALL
    SELECT 'hold ' || h.id, h.points, coalesce(sum(hl.amount), 0)::bigint
    FROM ledger_hold h LEFT JOIN ledger_holdlot hl ON hl.hold_id = h.id GROUP BY h.id, h.points
"""

_WALLET, _RECEIVABLE = AccountKind.WALLET, AccountKind.RECEIVABLE
_FUNDER, _REDEMPTION = AccountKind.FUNDER, AccountKind.REDEMPTION

ENDS: dict[TransferKind, tuple[tuple[AccountKind, AccountKind], ...]] = {
    TransferKind.ACCRUE: ((_FUNDER, _WALLET),),
    TransferKind.ADJUST: ((_FUNDER, _WALLET), (_WALLET, _FUNDER)),
    TransferKind.REDEEM: ((_WALLET, _REDEMPTION),),
    TransferKind.RESTORE: (
        (_REDEMPTION, _WALLET),
        (_REDEMPTION, _RECEIVABLE),
        (_REDEMPTION, _FUNDER),
    ),
    TransferKind.EXPIRE: ((_WALLET, _FUNDER),),
    TransferKind.REVIVE: ((_FUNDER, _WALLET),),
    TransferKind.REVERSE: ((_WALLET, _FUNDER),),
    TransferKind.RECOVER: ((_WALLET, _FUNDER),),
    TransferKind.OWE: ((_RECEIVABLE, _FUNDER),),
    TransferKind.SETTLE: ((_WALLET, _RECEIVABLE),),
    TransferKind.UNMERGE: ((_RECEIVABLE, _WALLET),),
}
"""Debit and credit side that each kind of transfer may have."""

_PERMITTED = ", ".join(
    f"('{kind.value} {debit.value} {credit.value}')"
    for kind, ends in ENDS.items()
    for debit, credit in ends
)

KINDS = f"""
    SELECT 'ends of ' || s.ends, s.ends, p.ends
    FROM (
        SELECT t.kind || ' ' || d.kind || ' ' || c.kind AS ends
        FROM ledger_transfer t
        JOIN ledger_account d ON d.id = t.debit_account_id
        JOIN ledger_account c ON c.id = t.credit_account_id
        GROUP BY 1
    ) s LEFT JOIN (VALUES {_PERMITTED}) AS p (ends) ON p.ends = s.ends
"""  # noqa: S608 constant text

_COUNTED_UP_TO = (
    f"coalesce((SELECT transaction FROM ledger_rollupcursor WHERE name = '{CURSOR}'), 0)"  # noqa: S608 constant text
)

_DAYS = BY_DAY.format(low="0", high=_COUNTED_UP_TO)

FUNDER_DAYS = f"""
    SELECT 'day ' || coalesce(d.day, n.day) || ' ' || coalesce(d.kind, n.kind) || ' of funder '
            || coalesce(d.funder_id, n.funder_id),
        ROW(d.points, d.transfers)::text, ROW(n.points, n.transfers)::text
    FROM ledger_funderday d
    FULL JOIN ({_DAYS}) n ON n.funder_id = d.funder_id AND n.day = d.day AND n.kind = d.kind
"""  # noqa: S608 constant text

CHECKS: dict[str, str] = {
    "wallet balances": WALLET_BALANCES,
    "receivables": RECEIVABLES,
    "debts of wallets": WALLET_DEBTS,
    "wallets and their lots": WALLET_LOTS,
    "lots": LOTS,
    "lot uses": USES,
    "holds": HOLDS,
    "ends of transfers": KINDS,
    "funder days": FUNDER_DAYS,
}
