"""The year's receipts, in the order in which they happened, ready for a POS feed.

A basket of the source is a **visit**; the lines of one tenant in it are that store's
**receipt**. Amounts follow the source's user guide, and were checked against the prices of the
same product, store and week without coupons (see README.md):

- `sales_value` is what the retailer receives: after the loyalty-card discount and the
  retailer's match of a coupon, before the manufacturer's coupon, which the manufacturer
  reimburses. It is the line's amount.
- `retail_disc + coupon_match_disc` is the line's discount; both together are the shelf price.
- `coupon_disc`, the manufacturer's coupon, is a means of payment: `coupon_minor` of the receipt.

Lines with quantity 0 or amount 0 and repeated products are kept as they are. Everything happens
in integers: the totals of the year are the source's to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import duckdb

from mallard.demo.assortment import PETROL, tenant_of
from mallard.demo.calendar import from_source
from mallard.demo.place import OUTLYING, place_of_each_store
from mallard.demo.products import sku_of
from mallard.demo.source import cents
from mallard.demo.tenants import SUNDRIES, TENANTS

# Outside the malls only tenants that see a receipt a day have an outlet of their own; what
# little the others sell there goes over the sundries counter.
OUTLET_RECEIPTS = 365
# Quantities of petrol are thousandths of a gallon (median 10.0 gallons at $2.50), except on
# prepaid sales, where 1 stands for the whole purchase and the amount is a round sum.
PREPAID_PETROL_QUANTITY = 100
DEFAULT_BATCH_VISITS = 1_000


class DemoLine(NamedTuple):
    """One line of a receipt, amounts in cents; `quantity_milli` in thousandths."""

    product_id: int
    quantity_milli: int
    amount_minor: int
    discount_minor: int


class DemoReceipt(NamedTuple):
    """What one store sold to one household in one visit.

    `(store, number)` is unique and the same in every run: a feed that is sent again is
    recognised. `occurred_at` is the shifted instant (UTC).
    """

    store: str
    number: str
    visit: int
    household: int
    occurred_at: datetime
    lines: list[DemoLine]
    coupon_minor: int

    @property
    def amount_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class DemoStore:
    """A tenant's store with the year's figures of the source (amount in cents)."""

    code: str
    place: str
    tenant: str
    receipts: int
    members: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """A household's first visit in the year: the source's instant and its first store."""

    at: datetime
    store: str


def store_code(place: str, tenant: str) -> str:
    """Code of the tenant's store in that place, such as `ES-BAK`."""
    return f"{place}-{tenant}"


class Year:
    """The year read into one table of lines in a DuckDB of its own (see `source.open_source`).

    Making it takes 1.5 s of CPU and at its peak 650 MB; iterating the whole year takes 4 s more,
    creates nothing that grows, and can start anywhere. `most_visits` cuts the year off after so
    many visits; malls and stores stay those of the whole year.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, most_visits: int | None = None
    ) -> None:
        self._connection = connection
        _map_stores(connection)
        _map_products(connection)
        _make_lines(connection)
        self._stores = _stores(connection)
        if most_visits is not None:
            connection.execute("delete from demo_line where visit_no >= $1", [most_visits])

    @property
    def visits(self) -> int:
        """How many visits there are."""
        row = self._connection.execute("select max(visit_no) + 1 from demo_line").fetchone()
        assert row is not None  # noqa: S101 - an aggregate without groups has one row
        return int(row[0])

    def first_visits(self) -> dict[int, FirstVisit]:
        """For each household, where and when it was first seen, in the source's time."""
        rows = self._connection.execute(
            """
            select household_id, min(stamp), arg_min(store, (visit_no, tenant_no))
            from demo_line group by household_id order by household_id
            """
        ).fetchall()
        return {
            household: FirstVisit(from_source(stamp), store) for household, stamp, store in rows
        }

    def stores(self) -> list[DemoStore]:
        """Every store that trades in the year, by code."""
        return self._stores

    def skus(self) -> set[str]:
        """The codes of the products that are sold."""
        rows = self._connection.execute("select distinct product_id from demo_line").fetchall()
        return {sku_of(product_id) for (product_id,) in rows}

    def batches(
        self, *, weeks: int, first_visit: int = 0, batch_visits: int = DEFAULT_BATCH_VISITS
    ) -> Iterator[list[DemoReceipt]]:
        """Receipts of `batch_visits` visits at a time, from the `first_visit`-th visit on.

        Beginning again at a multiple of `batch_visits` repeats the same batches.
        """
        for start in range(first_visit, self.visits, batch_visits):
            yield self.receipts(start, start + batch_visits, weeks=weeks)

    def visits_between(self, after: datetime, until: datetime, *, weeks: int) -> range:
        """The numbers of the visits after one instant and up to another (aware, shifted)."""
        shift = timedelta(weeks=weeks)
        stamps = [(at - shift).astimezone(UTC).replace(tzinfo=None) for at in (after, until)]
        row = self._connection.execute(
            "select min(visit_no), max(visit_no) + 1 from demo_line"
            " where stamp > $1 and stamp <= $2",
            stamps,
        ).fetchone()
        first, end = row or (None, None)
        return range(0) if first is None else range(int(first), int(end))

    def receipts(
        self, start: int, end: int, *, weeks: int, feed: int = 0, feeds: int = 1
    ) -> list[DemoReceipt]:
        """The receipts of the visits from `start` to before `end`, never a part of a visit.

        Visits are in order of time (then basket id), numbered from 0. With several `feeds` each
        household belongs to one of them, and only those of `feed` are answered.
        """
        columns = self._connection.execute(
            """
            select visit_no, basket_id, household_id, store, tenant, stamp, product_id, quantity,
                   amount, discount, coupon
            from demo_line
            where visit_no >= $1 and visit_no < $2 and household_id % $3 = $4
            order by visit_no, tenant_no, line_no
            """,
            [start, end, feeds, feed],
        ).fetchnumpy()
        rows = zip(*(columns[name].tolist() for name in columns), strict=True)
        return _assemble(rows, timedelta(weeks=weeks))


def _assemble(rows: Iterator[tuple[Any, ...]], shift: timedelta) -> list[DemoReceipt]:
    """Receipts from ordered rows; the hot loop of the load, so it does nothing twice."""
    receipts: list[DemoReceipt] = []
    lines: list[DemoLine] = []
    last_visit, last_store = -1, ""
    occurred_at = datetime.min.replace(tzinfo=UTC)
    for visit, basket, household, store, tenant, stamp, product, qty, amount, off, coupon in rows:
        if visit != last_visit:
            occurred_at = from_source(stamp) + shift
        if visit != last_visit or store != last_store:
            lines = []
            receipts.append(
                DemoReceipt(store, f"{basket}-{tenant}", basket, household, occurred_at, lines, 0)
            )
            last_visit, last_store = visit, store
        lines.append(DemoLine(product, qty, amount, off))
        if coupon:
            receipt = receipts[-1]
            receipts[-1] = receipt._replace(coupon_minor=receipt.coupon_minor + coupon)
    return receipts


def _map_stores(connection: duckdb.DuckDBPyConnection) -> None:
    places = place_of_each_store(connection)
    connection.execute(
        "create temp table demo_place as "
        "select unnest($1::bigint[]) as store_id, unnest($2::varchar[]) as place",
        [list(places), list(places.values())],
    )


def _map_products(connection: duckdb.DuckDBPyConnection) -> None:
    kinds: Sequence[tuple[str, str | None, str | None]] = connection.execute(
        "select distinct department, product_category, product_type from products"
    ).fetchall()
    connection.execute(
        "create temp table demo_kind as select unnest($1::varchar[]) as department, "
        "unnest($2::varchar[]) as category, unnest($3::varchar[]) as product_type, "
        "unnest($4::varchar[]) as tenant",
        [*map(list, zip(*kinds, strict=True)), [tenant_of(*kind) for kind in kinds]],
    )
    connection.execute(
        """
        create temp table demo_product as
        select product_id, tenant, kind.product_type
        from products join demo_kind kind
          on kind.department = products.department
         and kind.category is not distinct from product_category
         and kind.product_type is not distinct from products.product_type
        """
    )
    connection.execute(
        "create temp table demo_tenant as "
        "select unnest($1::varchar[]) as tenant, unnest(range($2)) as tenant_no",
        [[tenant.code for tenant in TENANTS], len(TENANTS)],
    )


def _stores(connection: duckdb.DuckDBPyConnection) -> list[DemoStore]:
    rows = connection.execute(
        """
        select store, place, tenant, count(distinct basket_id), count(distinct household_id),
               sum(amount)::bigint
        from demo_line group by all order by store
        """
    ).fetchall()
    return [DemoStore(*row) for row in rows]


def _make_lines(connection: duckdb.DuckDBPyConnection) -> None:
    """One row per line of the source, with its store, in the order of the feed."""
    connection.execute(
        f"""
        create temp table demo_tenant_line as
        select basket_id, household_id, place, coalesce(tenant, '{SUNDRIES}') as own_tenant,
               transaction_timestamp as stamp, t.product_id,
               cast(case when product_type = '{PETROL}' and quantity > {PREPAID_PETROL_QUANTITY}
                    then quantity else quantity * 1000 end as integer) as quantity,
               {cents("sales_value")} as amount,
               {cents("retail_disc")} + {cents("coupon_match_disc")} as discount,
               {cents("coupon_disc")} as coupon,
               file_row_number as line_no
        from transactions t
        join demo_place using (store_id)
        left join demo_product p on p.product_id = t.product_id;

        create temp table demo_outlet as
        select place, own_tenant,
               case when place = '{OUTLYING.code}' and count(distinct basket_id) < {OUTLET_RECEIPTS}
                    then '{SUNDRIES}' else own_tenant end as tenant
        from demo_tenant_line group by place, own_tenant;

        create temp table demo_line as
        select line.* exclude (own_tenant), tenant, tenant_no, place || '-' || tenant as store,
               visit_no
        from demo_tenant_line line
        join demo_outlet using (place, own_tenant)
        join demo_tenant using (tenant)
        join (select basket_id, row_number() over (order by min(stamp), basket_id) - 1 as visit_no
              from demo_tenant_line group by basket_id) using (basket_id)
        order by visit_no, tenant_no, line_no;

        drop table demo_tenant_line;
        """  # noqa: S608 - every name and value above is a constant of this package
    )
