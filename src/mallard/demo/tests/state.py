"""What a demo holds, without the ids and moments that differ from load to load."""

from __future__ import annotations

from django.db import connection

# Numbers of members come from a sequence, which an enrolment that was undone has moved on: only
# their order is the same.
_PEOPLE = """
    WITH people AS (
        SELECT id, joined_at, row_number() OVER (ORDER BY number) AS number FROM members_member
    )"""
# Each query's rows, in an order that does not depend on how they were loaded.
_STATEMENTS = {
    "stores": "SELECT code, name_en, name_zh FROM malls_store ORDER BY 1",
    "leases": "SELECT count(*) FROM malls_lease",
    "hours": "SELECT count(*), sum(opens), sum(closes) FROM malls_openinghours",
    "contacts": "SELECT role, count(*) FROM malls_tenantcontact GROUP BY 1 ORDER BY 1",
    "products": "SELECT code, name_en, restricted FROM catalog_product ORDER BY 1",
    "rules": "SELECT code, version, tenant_share_bp FROM loyalty_earningrule ORDER BY 1, 2",
    "staff": "SELECT email, name FROM staff_staffuser ORDER BY 1",
    "members": "SELECT number, joined_at FROM people ORDER BY 1",
    "receipts": """
        SELECT s.code, r.number, m.number, v.reference, r.occurred_at, r.recorded_at,
               r.net_minor, r.discount_minor, r.eligible_minor
        FROM sales_receipt r
        JOIN malls_store s ON s.id = r.store_id
        JOIN people m ON m.id = r.member_id
        JOIN sales_visit v ON v.id = r.visit_id
        ORDER BY 1, 2""",
    "lines": """
        SELECT s.code, r.number, l.line_no, v.sku, l.quantity_milli, l.amount_minor,
               l.discount_minor, l.restricted
        FROM sales_receiptline l
        JOIN sales_receipt r ON r.id = l.receipt_id
        JOIN malls_store s ON s.id = r.store_id
        JOIN catalog_variant v ON v.id = l.variant_id
        ORDER BY 1, 2, 3""",
    "tenders": "SELECT kind, count(*), sum(amount_minor) FROM sales_tender GROUP BY 1 ORDER BY 1",
    "visits": "SELECT count(*), count(DISTINCT reference) FROM sales_visit",
    "assessments": """
        SELECT s.code, r.number, a.revision, a.tier_code, a.reason, a.tenant_points,
               a.mall_points, a.bonus_points
        FROM loyalty_assessment a
        JOIN sales_receipt r ON r.id = a.receipt_id
        JOIN malls_store s ON s.id = r.store_id
        ORDER BY 1, 2, 3""",
    "lots": """
        SELECT m.number, a.owner_kind, l.amount, l.remaining, l.matures_at, l.expires_at, count(*)
        FROM ledger_lot l
        JOIN people m ON m.id = l.member_id
        JOIN ledger_account a ON a.id = l.funder_id
        GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6""",
    "transfers": "SELECT kind, count(*), sum(amount) FROM ledger_transfer GROUP BY 1 ORDER BY 1",
    "wallets": """
        SELECT m.number, w.balance, w.held, w.owed
        FROM ledger_wallet w JOIN people m ON m.id = w.member_id ORDER BY 1""",
    "store days": """
        SELECT s.code, d.business_day, d.receipts, d.member_receipts, d.net_minor,
               d.discount_minor
        FROM sales_storeday d JOIN malls_store s ON s.id = d.store_id ORDER BY 1, 2""",
    "member days": """
        SELECT m.number, d.business_day, p.code, d.visits, d.receipts, d.net_minor
        FROM sales_memberday d
        JOIN people m ON m.id = d.member_id
        JOIN malls_mall p ON p.id = d.mall_id
        ORDER BY 1, 2, 3""",
    "presence": """
        SELECT m.number, s.code, p.first_at, p.last_at, p.receipts
        FROM members_memberpresence p
        JOIN people m ON m.id = p.member_id JOIN malls_store s ON s.id = p.store_id
        ORDER BY 1, 2""",
    "targets": """
        SELECT m.code, s.code, t.month, t.amount, t.origin, u.email
        FROM targets_target t JOIN malls_mall m ON m.id = t.mall_id
        LEFT JOIN malls_store s ON s.id = t.store_id
        LEFT JOIN staff_staffuser u ON u.id = t.person_id
        ORDER BY 1, 2, 3, 6""",
    "tasks": """
        SELECT t.kind, s.code, m.number, u.email,
            CASE WHEN NOT t.goes_by_the_load THEN t.opened_at END,
            CASE WHEN NOT t.goes_by_the_load AND t.closed_at < l.started_at THEN t.closed_at END,
            t.status, t.origin
        FROM demo_demoload l, LATERAL (
            SELECT *, opened_at >= l.started_at OR subject_kind = 'phone_change'
                OR subject_kind = 'paper_receipt' AND status = 'open' AS goes_by_the_load
            FROM tasks_task
        ) t
        LEFT JOIN malls_store s ON s.id = t.store_id
        LEFT JOIN people m ON m.id = t.member_id
        LEFT JOIN staff_staffuser u ON u.id = t.assignee_id
        ORDER BY 1, 2, 5, 4, 3""",
    "friends": """
        SELECT m.number, f.number, r.since, r.source, w.points, w.happened_at, w.decided_at
        FROM members_relation r
        JOIN people m ON m.id = r.from_member_id JOIN people f ON f.id = r.to_member_id
        LEFT JOIN loyalty_referralreward w ON w.referral_id = r.id
        ORDER BY 1, 2, 6""",
    "paper receipts": """
        SELECT s.code, p.number, m.number, p.state, p.points,
            CASE WHEN p.state <> 'waiting' THEN p.asked_at END, p.decided_at
        FROM counter_paperreceipt p
        JOIN malls_store s ON s.id = p.store_id JOIN people m ON m.id = p.member_id
        ORDER BY 1, 2""",
    "children": """
        SELECT m.number, c.found_at, g.given_on, g.recorded_at, g.ended_at, g.ending
        FROM members_child c JOIN people m ON m.id = c.member_id
        LEFT JOIN members_guardianconsent g ON g.member_id = c.member_id ORDER BY 1, 4""",
    "migration": """
        SELECT g.status, r.kind, r.problem, m.number, r.points, r.expires_on, r.tier
        FROM migration_migrationrow r JOIN migration_migration g ON g.id = r.migration_id
        LEFT JOIN people m ON m.id = r.member_id
        ORDER BY 2, 3, 4, 6, 5""",
    # One of them is as long before the load as its points are seen to rest.
    "phone changes": """
        SELECT m.number, c.state, c.proof, c.done_at - c.asked_at
        FROM phones_phonechange c JOIN people m ON m.id = c.member_id ORDER BY 1""",
    "events": "SELECT name, count(*) FROM outbox_event GROUP BY 1 ORDER BY 1",
}


def state() -> dict[str, str]:
    """A digest and a count of each kind of row."""
    found = {}
    with connection.cursor() as cursor:
        for name, statement in _STATEMENTS.items():
            cursor.execute(
                f"{_PEOPLE} SELECT count(*) || ' ' || md5(coalesce(string_agg(q::text, '\\n'), ''))"  # noqa: S608
                f" FROM ({statement}) AS q"
            )
            found[name] = str(cursor.fetchone()[0])
    return found
