"""Rollups that follow the facts: who bought where on which day, and stores hour by hour.

The receipt batch does not maintain them, a till would wait for it. They are reckoned anew from the
facts for the keys that an event names, so the same event may come twice, late, or after others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.outbox.dispatcher import pass_by
from mallard.kernel.outbox.events import Envelope, consumer
from mallard.value.sales.events import ReceiptMet, ReceiptNamed, ReceiptRecorded, ReturnRecorded
from mallard.value.sales.models import MemberStoreDay, StoreHour

CONSUMER = "sales.rollups"

StoreDayKey = tuple[UUID, dt.date]

# A business day lies within three days of UTC, whatever the zone and the cut-off: the index by
# time finds its facts, and the stored business day decides.
_STORE_HOURS = """
WITH asked AS (
    SELECT a.store_id, a.business_day, m.time_zone,
           (a.business_day - 1)::timestamp AT TIME ZONE 'UTC' AS low,
           (a.business_day + 3)::timestamp AT TIME ZONE 'UTC' AS high
    FROM unnest(%s::uuid[], %s::date[]) AS a(store_id, business_day)
    JOIN malls_store s ON s.id = a.store_id JOIN malls_mall m ON m.id = s.mall_id
), parts AS (
    SELECT a.store_id, a.business_day, r.occurred_at AT TIME ZONE a.time_zone AS at,
           1 AS receipts, r.net_minor, 0::bigint AS refund_minor
    FROM asked a JOIN sales_receipt r ON r.store_id = a.store_id
        AND r.occurred_at >= a.low AND r.occurred_at < a.high AND r.business_day = a.business_day
    UNION ALL
    SELECT a.store_id, a.business_day, b.occurred_at AT TIME ZONE a.time_zone, 0, 0, b.refund_minor
    FROM asked a JOIN sales_return b ON b.store_id = a.store_id
        AND b.occurred_at >= a.low AND b.occurred_at < a.high AND b.business_day = a.business_day
)
INSERT INTO sales_storehour AS h
    (store_id, business_day, hour, receipts, net_minor, refund_minor)
SELECT store_id, business_day, extract(hour FROM at)::smallint, sum(receipts), sum(net_minor),
       sum(refund_minor)
FROM parts GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (store_id, business_day, hour) DO UPDATE SET
    receipts = excluded.receipts, net_minor = excluded.net_minor,
    refund_minor = excluded.refund_minor
WHERE (h.receipts, h.net_minor, h.refund_minor)
    IS DISTINCT FROM (excluded.receipts, excluded.net_minor, excluded.refund_minor)
"""

_MEMBER_STORE_DAYS = """
WITH asked AS (
    SELECT DISTINCT member_id, store_id, business_day FROM sales_receipt
    WHERE id = ANY(%s::uuid[]) AND member_id IS NOT NULL
)
INSERT INTO sales_memberstoreday AS d
    (member_id, store_id, business_day, receipts, net_minor, returned_minor)
SELECT a.member_id, a.store_id, a.business_day, count(*), sum(r.net_minor),
       coalesce(sum(back.refund_minor), 0)
FROM asked a
JOIN sales_receipt r ON r.member_id = a.member_id
    AND r.occurred_at >= (a.business_day - 1)::timestamp AT TIME ZONE 'UTC'
    AND r.occurred_at < (a.business_day + 3)::timestamp AT TIME ZONE 'UTC'
    AND r.store_id = a.store_id AND r.business_day = a.business_day
LEFT JOIN LATERAL (
    SELECT sum(b.refund_minor) AS refund_minor FROM sales_return b WHERE b.receipt_id = r.id
) back ON true
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (member_id, store_id, business_day) DO UPDATE SET
    receipts = excluded.receipts, net_minor = excluded.net_minor,
    returned_minor = excluded.returned_minor
WHERE (d.receipts, d.net_minor, d.returned_minor)
    IS DISTINCT FROM (excluded.receipts, excluded.net_minor, excluded.returned_minor)
"""

_ALL_STORE_HOURS = """
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
GROUP BY 1, 2, 3 ORDER BY 2, 1, 3
"""
"""In the order of time, as hours that are lived come in: a period's lie beside each other."""

_ALL_MEMBER_STORE_DAYS = """
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
"""


@atomic_retrying
def fill() -> None:
    """Add up everything that is recorded, at once; the listener goes on from here.

    For whoever has loaded years of history: event by event it would take minutes. Changes nothing
    where there are rollups already.
    """
    if StoreHour.objects.exists() or MemberStoreDay.objects.exists():
        return
    pass_by(CONSUMER)
    fetch_rows(_ALL_STORE_HOURS, [])
    fetch_rows(_ALL_MEMBER_STORE_DAYS, [])


FOLLOWED = (ReceiptRecorded, ReceiptNamed, ReceiptMet, ReturnRecorded)


@consumer(name=CONSUMER, events=FOLLOWED, batch_size=2_000)
def follow(envelopes: list[Envelope]) -> None:
    """Bring the rollups of these facts up to date."""
    days: set[StoreDayKey] = set()
    receipts: set[UUID] = set()
    for one in envelopes:
        days.add(
            (UUID(one.payload["store_id"]), dt.date.fromisoformat(one.payload["business_day"]))
        )
        is_return = one.name == ReturnRecorded.name
        receipts.add(UUID(one.payload["receipt_id"]) if is_return else one.subject_id)
    bring_up_to_date(days, receipts)


@atomic_retrying
def bring_up_to_date(days: Collection[StoreDayKey], receipt_ids: Collection[UUID]) -> None:
    """Reckon the hours of these stores' days, and the members' days of these receipts, anew."""
    keys = sorted(days)
    if keys:
        fetch_rows(_STORE_HOURS, [[store for store, _day in keys], [day for _store, day in keys]])
    if receipt_ids:
        fetch_rows(_MEMBER_STORE_DAYS, [sorted(receipt_ids)])
