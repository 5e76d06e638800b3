"""Compares what receipts were assessed to earn with what the ledger posted for them.

Part of `mallard ledger verify`. For each receipt and funder, accrued minus reversed must be what
the latest revision of its assessment says; a receipt without an assessment differs as well. What
a budget has used must be what the rules under it gave.
"""

from __future__ import annotations

from mallard.value.ledger.verification import register_verification
from mallard.value.sales.verification import compare

# What was reversed came from the sale's own lots, from other lots, or is owed.
_EARNINGS = """
WITH latest AS (
    SELECT DISTINCT ON (receipt_id) receipt_id, tenant_points, mall_points
    FROM loyalty_assessment ORDER BY receipt_id, revision DESC
), promised AS (
    SELECT r.id AS receipt_id, funder.kind, funder.owner_id, funder.points
    FROM sales_receipt r
    JOIN malls_store s ON s.id = r.store_id
    LEFT JOIN latest l ON l.receipt_id = r.id
    CROSS JOIN LATERAL (VALUES
        ('tenant', s.tenant_id, l.tenant_points), ('mall', s.mall_id, l.mall_points)
    ) AS funder (kind, owner_id, points)
), posted AS (
    SELECT t.source_id AS receipt_id, a.owner_kind AS kind, a.owner_id,
           sum(CASE t.kind WHEN 'accrue' THEN t.amount ELSE -t.amount END) AS points
    FROM ledger_transfer t
    JOIN ledger_account a ON a.kind = 'funder' AND a.id = CASE t.kind
        WHEN 'accrue' THEN t.debit_account_id ELSE t.credit_account_id END
    WHERE t.source_kind = 'receipt' AND t.kind IN ('accrue', 'reverse', 'recover', 'owe')
    GROUP BY t.source_id, a.owner_kind, a.owner_id
)
SELECT 'points of receipt ' || coalesce(promised.receipt_id, posted.receipt_id) || ' from '
           || coalesce(promised.kind, posted.kind) AS what,
       coalesce(posted.points, 0)::text AS found,
       coalesce(promised.points::text, 'not assessed') AS derived
FROM promised
FULL JOIN posted ON posted.receipt_id = promised.receipt_id AND posted.kind = promised.kind
    AND posted.owner_id = promised.owner_id
"""

# What rules with a budget gave on receipts, as the latest revisions say; nothing without budgets.
_BUDGETS = """
WITH latest AS (
    SELECT DISTINCT ON (receipt_id) receipt_id, explanation
    FROM loyalty_assessment WHERE EXISTS (SELECT FROM loyalty_pointsbudget)
    ORDER BY receipt_id, revision DESC
), given AS (
    SELECT step ->> 0 AS code, (step ->> 1)::int AS version, sum((step ->> 4)::bigint) AS points
    FROM latest, jsonb_array_elements(latest.explanation) AS step GROUP BY 1, 2
)
SELECT 'budget ' || b.code AS what, b.used_points::text AS found,
       coalesce(sum(g.points), 0)::text AS derived
FROM loyalty_pointsbudget b
LEFT JOIN loyalty_earningrule e ON e.terms ->> 'budget' = b.code
    OR (b.code = 'rule:' || e.code AND e.terms ->> 'total_cap' IS NOT NULL)
LEFT JOIN given g ON g.code = e.code AND g.version = e.version
GROUP BY b.code, b.used_points
"""

_GRANTS = """
SELECT 'points granted to ' || coalesce(g.member_id::text, t.source_id::text) AS what,
       coalesce(t.amount, 0)::text AS found, coalesce(g.points, 0)::text AS derived
FROM loyalty_grant g
FULL JOIN (
    SELECT source_id, sum(amount) AS amount FROM ledger_transfer
    WHERE source_kind = 'grant' AND kind = 'accrue' GROUP BY source_id
) t ON t.source_id = g.id
"""


_REFERRALS = """
WITH latest AS (
    SELECT DISTINCT ON (referral_id, rule_code) referral_id, points
    FROM loyalty_referralreward ORDER BY referral_id, rule_code, revision DESC
), promised AS (
    SELECT referral_id, sum(points) AS points FROM latest GROUP BY referral_id
), posted AS (
    SELECT source_id, sum(CASE kind WHEN 'accrue' THEN amount ELSE -amount END) AS points
    FROM ledger_transfer
    WHERE source_kind = 'referral' AND kind IN ('accrue', 'reverse', 'recover', 'owe')
    GROUP BY source_id
)
SELECT 'points for bringing a friend ' || coalesce(r.referral_id, t.source_id) AS what,
       coalesce(t.points, 0)::text AS found, coalesce(r.points, 0)::text AS derived
FROM promised r FULL JOIN posted t ON t.source_id = r.referral_id
"""


def register() -> None:
    """Let `mallard ledger verify` answer for what receipts earned, too."""
    register_verification("earnings", lambda: compare(_EARNINGS))
    register_verification("points granted", lambda: compare(_GRANTS))
    register_verification("points for friends", lambda: compare(_REFERRALS))
    register_verification("points budgets", lambda: compare(_BUDGETS))
