"""What was sold before the rollups existed, added up once. New facts follow by themselves."""

from django.db import migrations

STORE_HOURS = """
INSERT INTO sales_storehour (store_id, business_day, hour, receipts, net_minor, refund_minor)
SELECT f.store_id, f.business_day, extract(hour FROM f.at AT TIME ZONE m.time_zone)::smallint,
       sum(f.receipts), sum(f.net_minor), sum(f.refund_minor)
FROM (
    SELECT store_id, business_day, occurred_at AS at, 1 AS receipts, net_minor,
           0::bigint AS refund_minor
    FROM sales_receipt
    UNION ALL
    SELECT store_id, business_day, occurred_at, 0, 0, refund_minor FROM sales_return
) AS f
JOIN malls_store s ON s.id = f.store_id JOIN malls_mall m ON m.id = s.mall_id
GROUP BY 1, 2, 3
ON CONFLICT DO NOTHING
"""

MEMBER_STORE_DAYS = """
INSERT INTO sales_memberstoreday
    (member_id, store_id, business_day, receipts, net_minor, returned_minor)
SELECT r.member_id, r.store_id, r.business_day, count(*), sum(r.net_minor),
       coalesce(sum(b.refund_minor), 0)
FROM sales_receipt r
LEFT JOIN (
    SELECT receipt_id, sum(refund_minor) AS refund_minor FROM sales_return GROUP BY receipt_id
) b ON b.receipt_id = r.id
WHERE r.member_id IS NOT NULL
GROUP BY 1, 2, 3
ON CONFLICT DO NOTHING
"""

# The listener begins where this ends: what committed before is in, and no event of it comes again.
BEGIN_HERE = """
INSERT INTO outbox_cursor (name, after_transaction, after_id, failures, last_error, moved_at)
VALUES ('sales.rollups', pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1,
        'ffffffff-ffff-ffff-ffff-ffffffffffff', 0, '', now())
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0004_rollups_that_follow"), ("outbox", "0001_initial")]

    operations = [
        migrations.RunSQL(BEGIN_HERE, migrations.RunSQL.noop),
        migrations.RunSQL(STORE_HOURS, migrations.RunSQL.noop),
        migrations.RunSQL(MEMBER_STORE_DAYS, migrations.RunSQL.noop),
    ]
