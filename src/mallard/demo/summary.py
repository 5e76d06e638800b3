"""The year at a glance, as a mall director would ask for it: `python -m mallard.demo.summary`."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import duckdb
from rich.console import Console
from rich.table import Table

from mallard.demo.place import PLACES
from mallard.demo.receipts import DemoStore, Year
from mallard.demo.source import open_source
from mallard.demo.tenants import TENANTS, TRADE_BY_CODE

DAYS = 365


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """One place's year: visits, households, net sales in cents, and its stores."""

    code: str
    visits: int
    members: int
    amount_minor: int
    stores: int

    @property
    def visits_a_day(self) -> float:
        return self.visits / DAYS


def place_figures(connection: duckdb.DuckDBPyConnection) -> list[PlaceFigures]:
    """Figures of every place, after a `Year` was made on the connection; in `PLACES` order."""
    rows = connection.execute(
        """
        select place, count(distinct basket_id), count(distinct household_id),
               sum(amount)::bigint, count(distinct store)
        from demo_line group by place
        """
    ).fetchall()
    found = {row[0]: PlaceFigures(*row) for row in rows}
    return [found[place.code] for place in PLACES]


def members_by_places(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """How many households visited 1, 2, … of the seven places."""
    rows = connection.execute(
        """
        select places, count(*) from
          (select household_id, count(distinct place) as places from demo_line group by all)
        group by places order by places
        """
    ).fetchall()
    return dict(rows)


def tables(connection: duckdb.DuckDBPyConnection, year: Year) -> list[Table]:
    """The places and the tenants as tables to print."""
    return [_place_table(place_figures(connection)), _tenant_table(year.stores())]


def _place_table(figures: list[PlaceFigures]) -> Table:
    table = Table("code", "place", "地点", title="Places")
    for heading in ("visits a day", "members", "net sales", "per customer", "stores"):
        table.add_column(heading, justify="right")
    for place, row in zip(PLACES, figures, strict=True):
        table.add_row(
            place.code,
            place.name_en,
            place.name_zh,
            f"{row.visits_a_day:.1f}",
            f"{row.members:,}",
            f"${row.amount_minor // 100:,}",
            f"${row.amount_minor / 100 / row.visits:.2f}",
            str(row.stores),
        )
    return table


def _tenant_table(stores: list[DemoStore]) -> Table:
    table = Table("code", "brand", "品牌", "trade", "业态", title="Tenants")
    for heading in ("receipts", "net sales", "per receipt", "stores", "smallest store"):
        table.add_column(heading, justify="right")
    for tenant in TENANTS:
        own = [store for store in stores if store.tenant == tenant.code]
        receipts = sum(store.receipts for store in own)
        amount = sum(store.amount_minor for store in own)
        trade = TRADE_BY_CODE[tenant.trade]
        table.add_row(
            tenant.code,
            tenant.brand_en,
            tenant.brand_zh,
            trade.name_en,
            trade.name_zh,
            f"{receipts:,}",
            f"${amount // 100:,}",
            f"${amount / 100 / receipts:.2f}",
            str(len(own)),
            str(min(store.receipts for store in own)),
        )
    return table


def main() -> None:
    """Print the tables and how many places people use."""
    with open_source() as connection:
        year = Year(connection)
        console = Console(width=None if sys.stdout.isatty() else 150)
        for table in tables(connection, year):
            console.print(table)
        counts = members_by_places(connection)
        several = sum(count for places, count in counts.items() if places > 1)
        share = several / sum(counts.values())
        console.print(f"Members by number of places visited: {counts}; two or more: {share:.1%}")


if __name__ == "__main__":
    main()
