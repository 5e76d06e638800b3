"""Derives the rollups again from visits, receipts and returns: part of `mallard ledger verify`.

Each statement yields one row per figure that differs, (what, found, derived), and is one pass
over the facts: seconds for a year of a mall group, whatever the number of rows at fault.
"""

from __future__ import annotations

from django.db import connection

from mallard.value.ledger.verification import register_verification
from mallard.value.sales import goods

_STORE_DAYS = """
WITH derived AS (
    SELECT store_id, business_day, sum(receipts) AS receipts,
           sum(member_receipts) AS member_receipts, sum(net) AS net, sum(member_net) AS member_net,
           sum(discount) AS discount, sum(returns) AS returns, sum(refund) AS refund,
           sum(member_refund) AS member_refund
    FROM (
        SELECT store_id, business_day, count(*) AS receipts, count(member_id) AS member_receipts,
               sum(net_minor) AS net,
               coalesce(sum(net_minor) FILTER (WHERE member_id IS NOT NULL), 0) AS member_net,
               sum(discount_minor) AS discount, 0 AS returns, 0 AS refund, 0 AS member_refund
        FROM sales_receipt GROUP BY store_id, business_day
        UNION ALL
        SELECT b.store_id, b.business_day, 0, 0, 0, 0, 0, count(*), sum(b.refund_minor),
               coalesce(sum(b.refund_minor) FILTER (WHERE r.member_id IS NOT NULL), 0)
        FROM sales_return b JOIN sales_receipt r ON r.id = b.receipt_id
        GROUP BY b.store_id, b.business_day
    ) AS parts GROUP BY store_id, business_day
)
SELECT 'store ' || coalesce(d.store_id, x.store_id) || ' on '
           || coalesce(d.business_day, x.business_day) AS what,
       ROW(d.receipts, d.member_receipts, d.net_minor, d.member_net_minor, d.discount_minor,
           d.returns, d.refund_minor, d.member_refund_minor)::text AS found,
       ROW(x.receipts, x.member_receipts, x.net, x.member_net, x.discount, x.returns, x.refund,
           x.member_refund)::text AS derived
FROM sales_storeday d
FULL JOIN derived x ON x.store_id = d.store_id AND x.business_day = d.business_day
"""

_MEMBER_DAYS = """
WITH derived AS (
    SELECT member_id, business_day, mall_id, sum(visits) AS visits, sum(receipts) AS receipts,
           sum(net) AS net, sum(refund) AS refund
    FROM (
        SELECT r.member_id, r.business_day, s.mall_id, 0 AS visits, count(*) AS receipts,
               sum(r.net_minor) AS net, 0 AS refund
        FROM sales_receipt r JOIN malls_store s ON s.id = r.store_id
        WHERE r.member_id IS NOT NULL GROUP BY 1, 2, 3
        UNION ALL
        SELECT r.member_id, b.business_day, s.mall_id, 0, 0, 0, sum(b.refund_minor)
        FROM sales_return b JOIN sales_receipt r ON r.id = b.receipt_id
        JOIN malls_store s ON s.id = b.store_id
        WHERE r.member_id IS NOT NULL GROUP BY 1, 2, 3
        UNION ALL
        SELECT member_id, business_day, mall_id, count(*), 0, 0, 0
        FROM sales_visit WHERE member_id IS NOT NULL GROUP BY 1, 2, 3
    ) AS parts GROUP BY member_id, business_day, mall_id
)
SELECT 'member ' || coalesce(d.member_id, x.member_id) || ' on '
           || coalesce(d.business_day, x.business_day) AS what,
       ROW(d.visits, d.receipts, d.net_minor, d.refund_minor)::text AS found,
       ROW(x.visits, x.receipts, x.net, x.refund)::text AS derived
FROM sales_memberday d
FULL JOIN derived x ON x.member_id = d.member_id AND x.business_day = d.business_day
    AND x.mall_id = d.mall_id
"""

# What the outbox has still to hand to `rollups`: (transaction, event) beyond its cursor. These keys
# are allowed to be behind, and only these.
_WAITING = """
    SELECT e.name, e.subject_id, e.payload FROM outbox_event e
    LEFT JOIN outbox_cursor c ON c.name = 'sales.rollups'
    WHERE e.name IN ('sales.receipt_recorded', 'sales.receipt_named', 'sales.receipt_met',
                     'sales.return_recorded')
      AND (c.name IS NULL
           OR (e.transaction_id, e.id) > (c.after_transaction::text::xid8, c.after_id))
"""

_STORE_HOURS = f"""
WITH waiting AS ({_WAITING}), derived AS (
    SELECT f.store_id, f.business_day, extract(hour FROM f.at AT TIME ZONE m.time_zone) AS hour,
           sum(f.receipts) AS receipts, sum(f.net) AS net, sum(f.refund) AS refund
    FROM (
        SELECT store_id, business_day, occurred_at AS at, 1 AS receipts, net_minor AS net,
               0 AS refund
        FROM sales_receipt
        UNION ALL
        SELECT store_id, business_day, occurred_at, 0, 0, refund_minor FROM sales_return
    ) AS f JOIN malls_store s ON s.id = f.store_id JOIN malls_mall m ON m.id = s.mall_id
    GROUP BY 1, 2, 3
)
SELECT 'store ' || coalesce(h.store_id, x.store_id) || ' on '
           || coalesce(h.business_day, x.business_day) || ' at ' || coalesce(h.hour, x.hour)
           AS what,
       ROW(h.receipts, h.net_minor, h.refund_minor)::text AS found,
       ROW(x.receipts, x.net, x.refund)::text AS derived
FROM sales_storehour h
FULL JOIN derived x ON x.store_id = h.store_id AND x.business_day = h.business_day
    AND x.hour = h.hour
WHERE (coalesce(h.store_id, x.store_id), coalesce(h.business_day, x.business_day)) NOT IN (
    SELECT (payload->>'store_id')::uuid, (payload->>'business_day')::date FROM waiting
)
"""  # noqa: S608 constant text

_MEMBER_STORE_DAYS = f"""
WITH waiting AS ({_WAITING}), derived AS (
    SELECT r.member_id, r.store_id, r.business_day, count(*) AS receipts, sum(r.net_minor) AS net,
           coalesce(sum(b.refund), 0) AS returned
    FROM sales_receipt r LEFT JOIN (
        SELECT receipt_id, sum(refund_minor) AS refund FROM sales_return GROUP BY receipt_id
    ) b ON b.receipt_id = r.id
    WHERE r.member_id IS NOT NULL GROUP BY 1, 2, 3
)
SELECT 'member ' || coalesce(d.member_id, x.member_id) || ' at store '
           || coalesce(d.store_id, x.store_id) || ' on '
           || coalesce(d.business_day, x.business_day) AS what,
       ROW(d.receipts, d.net_minor, d.returned_minor)::text AS found,
       ROW(x.receipts, x.net, x.returned)::text AS derived
FROM sales_memberstoreday d
FULL JOIN derived x ON x.member_id = d.member_id AND x.store_id = d.store_id
    AND x.business_day = d.business_day
WHERE NOT EXISTS (
    SELECT 1 FROM waiting w JOIN sales_receipt r ON r.id = CASE w.name
        WHEN 'sales.return_recorded' THEN (w.payload->>'receipt_id')::uuid ELSE w.subject_id END
    WHERE r.member_id = coalesce(d.member_id, x.member_id)
      AND r.store_id = coalesce(d.store_id, x.store_id)
      AND r.business_day = coalesce(d.business_day, x.business_day)
)
"""  # noqa: S608 constant text

# An enrolment at a store is a presence, too: it widens the period and counts no receipt.
_PRESENCES = """
WITH derived AS (
    SELECT member_id, store_id, count(*) AS receipts, min(occurred_at) AS first_at,
           max(occurred_at) AS last_at
    FROM sales_receipt WHERE member_id IS NOT NULL GROUP BY member_id, store_id
)
SELECT 'presence of member ' || coalesce(p.member_id, x.member_id) || ' at store '
           || coalesce(p.store_id, x.store_id) AS what,
       ROW(p.receipts, p.first_at, p.last_at)::text AS found,
       ROW(coalesce(x.receipts, 0), least(x.first_at, p.first_at),
           greatest(x.last_at, p.last_at))::text AS derived
FROM members_memberpresence p
FULL JOIN derived x ON x.member_id = p.member_id AND x.store_id = p.store_id
"""


def register() -> None:
    """Let `mallard ledger verify` answer for the rollups of sales, too."""
    register_verification("store days", lambda: compare(_STORE_DAYS))
    register_verification("member days", lambda: compare(_MEMBER_DAYS))
    register_verification("store hours", lambda: compare(_STORE_HOURS))
    register_verification("member store days", lambda: compare(_MEMBER_STORE_DAYS))
    register_verification("product months", lambda: compare(goods.VERIFY))
    register_verification("presences", lambda: compare(_PRESENCES))


def compare(sql: str) -> tuple[int, list[str]]:
    """How many figures ``sql`` derives, and a sentence for each that differs.

    ``sql`` yields (what, found, derived), the two as text.
    """
    counted = f"""
    WITH compared AS MATERIALIZED ({sql})
    SELECT count(*), array_agg(what || ': ' || found || ', derived ' || derived)
        FILTER (WHERE found IS DISTINCT FROM derived)
    FROM compared
    """  # noqa: S608 constant text
    with connection.cursor() as cursor:
        cursor.execute(counted)
        [(checked, differences)] = cursor.fetchall()
    return checked, differences or []
