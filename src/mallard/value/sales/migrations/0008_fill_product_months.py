"""What goods brought before the rollup existed, added up once. New facts follow by themselves."""

from django.db import migrations

# The job goes on from here: facts of transactions from this one on are counted by it.
BEGIN_HERE = """
INSERT INTO sales_goodscursor (name, transaction)
VALUES ('product_months', pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
ON CONFLICT DO NOTHING
"""

PRODUCT_MONTHS = """
INSERT INTO sales_productmonth (store_id, product_id, month, lines, quantity_milli, net_minor,
    discount_minor, returned_milli, refund_minor)
WITH later AS (
    SELECT e.subject_id FROM outbox_event e
    WHERE e.name IN ('sales.receipt_recorded', 'sales.return_recorded')
        AND e.transaction_id >= (SELECT transaction::text::xid8 FROM sales_goodscursor
                                 WHERE name = 'product_months')
)
SELECT store_id, product_id, month, sum(lines), sum(quantity_milli), sum(net_minor),
       sum(discount_minor), sum(returned_milli), sum(refund_minor)
FROM (
    SELECT r.store_id, v.product_id, date_trunc('month', r.business_day)::date AS month,
           1 AS lines, l.quantity_milli, l.amount_minor AS net_minor, l.discount_minor,
           0::bigint AS returned_milli, 0::bigint AS refund_minor
    FROM sales_receipt r JOIN sales_receiptline l ON l.receipt_id = r.id
    JOIN catalog_variant v ON v.id = l.variant_id
    WHERE r.id NOT IN (SELECT subject_id FROM later)
    UNION ALL
    SELECT b.store_id, v.product_id, date_trunc('month', b.business_day)::date, 0, 0, 0, 0,
           x.quantity_milli, x.amount_minor
    FROM sales_return b JOIN sales_returnline x ON x.goods_return_id = b.id
    JOIN sales_receiptline l ON l.receipt_id = b.receipt_id AND l.line_no = x.line_no
    JOIN catalog_variant v ON v.id = l.variant_id
    WHERE b.id NOT IN (SELECT subject_id FROM later)
) AS parts
GROUP BY 1, 2, 3
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0007_product_months"), ("outbox", "0001_initial")]

    operations = [
        migrations.RunSQL(BEGIN_HERE, migrations.RunSQL.noop),
        migrations.RunSQL(PRODUCT_MONTHS, migrations.RunSQL.noop),
    ]
