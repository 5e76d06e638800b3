"""How many members bought: what rates of members are reckoned from, on any day, late facts too.

Everything reads the rollup of members' days in stores. People count once, whatever records of
theirs were merged. A purchase is valid while something of it was kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from mallard.kernel.database.prepared import fetch_rows
from mallard.value.sales.models import StoreDay
from mallard.world.malls.models import Lease, Store
from mallard.world.malls.opening import openings_of

GROUP, MALL, TENANT, STORE = "group", "mall", "tenant", "store"
# The bits of GROUPING(mall_id, tenant_id, store_id): set where a column is not part of the group.
_KINDS = {7: GROUP, 3: MALL, 5: TENANT, 6: STORE}

ACTIVE_DAYS, REPURCHASE_DAYS, NEW_DAYS = 365, 90, 30


@dataclass(frozen=True, slots=True)
class MemberCounts:
    """Members at a place (``place_id`` None: the whole group), by what they did there.

    ``known``: open members who enrolled or bought there; ``active`` of them bought in 365 days.
    ``bought`` and ``bought_again``: on one day, on two days or more of 90. ``joined``: 31 to 60
    days ago, by where they enrolled; ``converted`` of them bought within 30 days. ``new``: first
    receipt there within 30 days.
    """

    place_kind: str
    place_id: UUID | None
    known: int
    active: int
    bought: int
    bought_again: int
    joined: int
    converted: int
    new: int


SURVIVORS = """
WITH RECURSIVE merged AS (
    SELECT id, merged_into_id AS into_id FROM members_member WHERE merged_into_id IS NOT NULL
    UNION ALL
    SELECT merged.id, m.merged_into_id
    FROM merged JOIN members_member m ON m.id = merged.into_id WHERE m.merged_into_id IS NOT NULL
), survivor AS (
    SELECT merged.id, merged.into_id
    FROM merged JOIN members_member m ON m.id = merged.into_id WHERE m.merged_into_id IS NULL
)"""

# Plain joins on equal keys, so that each is one hash join whatever the planner believes of a CTE.
_MEMBER_COUNTS = f"""
{SURVIVORS}, days AS MATERIALIZED (
    SELECT coalesce(v.into_id, d.member_id) AS person, d.store_id, d.business_day,
           d.net_minor > d.returned_minor AS is_valid
    FROM sales_memberstoreday d LEFT JOIN survivor v ON v.id = d.member_id
    WHERE d.business_day <= %(day)s::date
        AND (%(stores)s::uuid[] IS NULL OR d.store_id = ANY(%(stores)s::uuid[]))
), stays AS MATERIALIZED (
    SELECT d.person, s.mall_id, s.tenant_id, d.store_id,
           GROUPING(s.mall_id, s.tenant_id, d.store_id) AS place,
           min(d.business_day) AS first_day,
           max(d.business_day) FILTER (WHERE d.is_valid) AS last_day,
           count(DISTINCT d.business_day) FILTER (
               WHERE d.is_valid AND d.business_day > %(day)s::date - {REPURCHASE_DAYS}) AS days
    FROM days d JOIN malls_store s ON s.id = d.store_id
    GROUP BY GROUPING SETS (
        (d.person), (d.person, s.mall_id), (d.person, s.tenant_id), (d.person, d.store_id))
), people AS MATERIALIZED (
    SELECT * FROM (
        SELECT m.id, m.enrolled_mall_id, m.enrolled_store_id,
               (m.joined_at AT TIME ZONE coalesce(x.time_zone, 'UTC'))::date AS joined_on,
               m.closed_at IS NULL
                   OR (m.closed_at AT TIME ZONE coalesce(x.time_zone, 'UTC'))::date > %(day)s::date
                   AS is_open
        FROM members_member m LEFT JOIN malls_mall x ON x.id = m.enrolled_mall_id
        WHERE m.merged_into_id IS NULL
    ) AS m WHERE m.joined_on <= %(day)s::date
), seen AS (
    SELECT coalesce(v.into_id, p.member_id) AS person, s.mall_id, s.tenant_id, p.store_id
    FROM members_memberpresence p
    JOIN malls_store s ON s.id = p.store_id JOIN malls_mall x ON x.id = s.mall_id
    LEFT JOIN survivor v ON v.id = p.member_id
    WHERE (p.first_at AT TIME ZONE x.time_zone)::date <= %(day)s::date
        AND (%(stores)s::uuid[] IS NULL OR p.store_id = ANY(%(stores)s::uuid[]))
    UNION ALL
    SELECT id, enrolled_mall_id, NULL, NULL FROM people WHERE %(stores)s::uuid[] IS NULL
), converted AS (
    SELECT DISTINCT p.id FROM people p JOIN days d ON d.person = p.id
    WHERE p.joined_on >= %(day)s::date - 60 AND d.is_valid
        AND d.business_day BETWEEN p.joined_on AND p.joined_on + 30
), fresh AS (
    SELECT p.enrolled_mall_id AS mall_id, s.tenant_id, p.enrolled_store_id AS store_id,
           c.id IS NOT NULL AS has_bought
    FROM people p LEFT JOIN malls_store s ON s.id = p.enrolled_store_id
    LEFT JOIN converted c ON c.id = p.id
    WHERE p.joined_on BETWEEN %(day)s::date - 60 AND %(day)s::date - 31
        AND (%(stores)s::uuid[] IS NULL OR p.enrolled_store_id = ANY(%(stores)s::uuid[]))
), counted AS (
    SELECT place, mall_id, tenant_id, store_id, 0::bigint AS known,
           count(*) FILTER (
               WHERE p.is_open AND last_day > %(day)s::date - {ACTIVE_DAYS}) AS active,
           count(*) FILTER (WHERE days >= 1) AS bought,
           count(*) FILTER (WHERE days >= 2) AS bought_again,
           0::bigint AS joined, 0::bigint AS converted,
           count(*) FILTER (WHERE first_day > %(day)s::date - {NEW_DAYS}) AS new
    FROM stays LEFT JOIN people p ON p.id = stays.person GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT GROUPING(mall_id, tenant_id, store_id), mall_id, tenant_id, store_id,
           count(DISTINCT person), 0, 0, 0, 0, 0, 0
    FROM seen JOIN people p ON p.id = seen.person AND p.is_open
    GROUP BY GROUPING SETS ((), (mall_id), (tenant_id), (store_id))
    UNION ALL
    SELECT GROUPING(mall_id, tenant_id, store_id), mall_id, tenant_id, store_id,
           0, 0, 0, 0, count(*), count(*) FILTER (WHERE has_bought), 0
    FROM fresh GROUP BY GROUPING SETS ((), (mall_id), (tenant_id), (store_id))
)
SELECT place, coalesce(mall_id, tenant_id, store_id), sum(known)::bigint, sum(active)::bigint,
       sum(bought)::bigint, sum(bought_again)::bigint, sum(joined)::bigint,
       sum(converted)::bigint, sum(new)::bigint
FROM counted GROUP BY 1, 2
"""  # noqa: S608 constant text


def member_counts(day: dt.date, *, store_ids: Collection[UUID] | None = None) -> list[MemberCounts]:
    """The members of the group, of each mall, tenant and store, as of the end of ``day``.

    With ``store_ids`` these stores alone make up the group, as for somebody whose scope is a
    choice of places; who joined there then counts as converted by buying there. One statement, one
    pass over the rollup: seconds for a year of a mall group, so a job asks, not a page.
    """
    stores = None if store_ids is None else list(store_ids)
    with connection.cursor() as cursor:
        cursor.execute(_MEMBER_COUNTS, {"day": day, "stores": stores})
        rows = cursor.fetchall()
    return [
        MemberCounts(_KINDS[place], place_id, *counts)
        for place, place_id, *counts in rows
        if place == 7 or place_id is not None
    ]


_BUYERS = f"""
{SURVIVORS}
SELECT d.business_day, count(DISTINCT coalesce(v.into_id, d.member_id))
FROM sales_memberstoreday d LEFT JOIN survivor v ON v.id = d.member_id
WHERE d.business_day = ANY(%s::date[]) AND (%s::uuid[] IS NULL OR d.store_id = ANY(%s::uuid[]))
GROUP BY 1
"""  # noqa: S608 constant text


def buyers_on(days: Sequence[dt.date], store_ids: Collection[UUID] | None) -> dict[dt.date, int]:
    """How many people bought on each of these days in these stores (None: in all)."""
    stores = None if store_ids is None else list(store_ids)
    return dict(fetch_rows(_BUYERS, [list(days), stores, stores]))


@dataclass(frozen=True, slots=True)
class LeasedTrade:
    """Net sales of stores with a lease, and the area and days that they had for them.

    ``area_days_dm2``: each store's leased area times its open days, added up.
    """

    net_minor: int
    area_days_dm2: int

    @property
    def density_minor(self) -> int | None:
        """Net sales per square metre and day, to the nearest minor unit; None without area."""
        if not self.area_days_dm2:
            return None
        return (2 * self.net_minor * 100 + self.area_days_dm2) // (2 * self.area_days_dm2)


def leased_trade(
    days: QuerySet[StoreDay], stores: QuerySet[Store], first: dt.date, last: dt.date
) -> LeasedTrade:
    """Trade and leased area from ``first`` to ``last`` of the stores whose lease runs then; days on
    which a store was to be closed by its opening hours do not count."""
    leases = list(
        Lease.objects.filter(
            store__in=stores, starts_on__lte=last, ends_on__gte=first
        ).select_related("store")
    )
    openings = openings_of([lease.store for lease in leases if lease.store])
    area_days = 0
    leased: set[UUID] = set()
    for lease in leases:
        store = lease.store
        begin, end = max(first, lease.starts_on), min(last, lease.ends_on)
        if store is not None and (days_open := openings.open_days(store, begin, end)):
            leased.add(store.pk)
            area_days += lease.area_dm2 * days_open
    told = days.filter(Q(business_day__range=(first, last)) & Q(store_id__in=leased))
    net = sum(net - refund for net, refund in told.values_list("net_minor", "refund_minor"))
    return LeasedTrade(net, area_days)
