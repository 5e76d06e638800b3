"""Single stores over some days, from the rollups and the leases: what a floor is coloured by.

Each question is one statement, or two, for any number of stores.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.models import Sum

from mallard.kernel.database.prepared import fetch_rows
from mallard.value.sales.figures import Trade
from mallard.value.sales.measures import SURVIVORS
from mallard.value.sales.models import StoreDay
from mallard.world.malls.models import Lease, LeaseKind
from mallard.world.malls.opening import openings_of

DAY = dt.timedelta(days=1)
NOTHING = Trade()


@dataclass(frozen=True, slots=True)
class StoreTrade:
    """What a store sold, and of that what it gave back: ``sold_minor`` before refunds."""

    trade: Trade = NOTHING
    sold_minor: int = 0
    refund_minor: int = 0


def trade_by_store(
    store_ids: Collection[UUID], first: dt.date, last: dt.date
) -> dict[UUID, StoreTrade]:
    """The trade of these stores from ``first`` to ``last``; who recorded nothing is left out."""
    rows = (
        StoreDay.objects.filter(store_id__in=store_ids, business_day__range=(first, last))
        .order_by()
        .values_list("store_id")
        .annotate(
            receipts_sum=Sum("receipts"),
            member_receipts_sum=Sum("member_receipts"),
            sold_sum=Sum("net_minor"),
            refund_sum=Sum("refund_minor"),
            member_sold_sum=Sum("member_net_minor"),
            member_refund_sum=Sum("member_refund_minor"),
        )
    )
    found = {}
    for store_id, *sums in rows:
        receipts, of_members, sold, refund, member_sold, member_refund = map(int, sums)
        trade = Trade(receipts, of_members, sold - refund, member_sold - member_refund)
        found[store_id] = StoreTrade(trade, sold, refund)
    return found


@dataclass(frozen=True, slots=True)
class Buyers:
    """Members who bought in a store: ``people``, each counted once, and their ``visits``, each
    business day of each counted once."""

    people: int = 0
    visits: int = 0


_BUYERS = f"""
{SURVIVORS}
SELECT d.store_id, count(DISTINCT coalesce(v.into_id, d.member_id)),
       count(DISTINCT (coalesce(v.into_id, d.member_id), d.business_day))
FROM sales_memberstoreday d LEFT JOIN survivor v ON v.id = d.member_id
WHERE d.business_day BETWEEN %s::date AND %s::date AND d.store_id = ANY(%s::uuid[])
    AND d.receipts > 0
GROUP BY 1
"""  # noqa: S608 constant text


def buyers_by_store(
    store_ids: Collection[UUID], first: dt.date, last: dt.date
) -> dict[UUID, Buyers]:
    """Members who bought in these stores; where nobody did is left out."""
    rows = fetch_rows(_BUYERS, [first, last, list(store_ids)])
    return {store_id: Buyers(people, visits) for store_id, people, visits in rows}


@dataclass(frozen=True, slots=True)
class Terms:
    """A lease over some days: what of its base rent falls on them, and its part of the area."""

    kind: str
    base_minor: Fraction
    percentage_bp: int
    area_days_dm2: int


@dataclass(frozen=True, slots=True)
class Leased:
    """A store's leases over some days. ``open_area_days_dm2`` counts days on which the store was to
    be open, the leases' own area every day."""

    terms: tuple[Terms, ...] = ()
    open_area_days_dm2: int = 0

    def rent_minor(self, net_minor: int) -> int:
        """The rent for these days, to the nearest minor unit, halves up: of each lease its base
        rent, its share of sales, or the greater, as it says. Net sales belong to the leases by
        their area and days."""
        whole = sum(one.area_days_dm2 for one in self.terms)
        rent = sum(
            (_rent(one, Fraction(max(net_minor, 0) * one.area_days_dm2, whole))
             for one in self.terms),
            Fraction(0),
        )  # fmt: skip
        return int(rent + Fraction(1, 2))


def _rent(one: Terms, net_minor: Fraction) -> Fraction:
    share = net_minor * one.percentage_bp / 10_000
    if one.kind == LeaseKind.FIXED:
        return one.base_minor
    return max(one.base_minor, share) if one.kind == LeaseKind.GREATER_OF else share


def leased_by_store(
    store_ids: Collection[UUID], first: dt.date, last: dt.date
) -> dict[UUID, Leased]:
    """What these stores' leases say of the days; stores without one are left out."""
    leases: Sequence[Lease] = list(
        Lease.objects.filter(
            store__in=store_ids, starts_on__lte=last, ends_on__gte=first
        ).select_related("store")
    )
    openings = openings_of([lease.store for lease in leases if lease.store])
    terms: defaultdict[UUID, list[Terms]] = defaultdict(list)
    open_area: defaultdict[UUID, int] = defaultdict(int)
    for lease in leases:
        store = lease.store
        if store is None:
            continue
        begin, end = max(first, lease.starts_on), min(last, lease.ends_on)
        terms[store.pk].append(
            Terms(
                lease.kind,
                base_of(lease.base_rent_minor or 0, begin, end),
                lease.percentage_bp or 0,
                lease.area_dm2 * ((end - begin).days + 1),
            )
        )
        open_area[store.pk] += lease.area_dm2 * openings.open_days(store, begin, end)
    return {id_: Leased(tuple(found), open_area[id_]) for id_, found in terms.items()}


def base_of(monthly_minor: int, first: dt.date, last: dt.date) -> Fraction:
    """What of a monthly rent falls on ``first`` to ``last``: each month by its days."""
    found = Fraction(0)
    begin = first
    while begin <= last:
        length = calendar.monthrange(begin.year, begin.month)[1]
        end = min(last, begin.replace(day=length))
        found += Fraction(monthly_minor * ((end - begin).days + 1), length)
        begin = end + DAY
    return found
