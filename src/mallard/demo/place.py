"""The source's 457 stores read as six malls and the outlying stores.

A single store of the source is far too small to be a mall: the median one sees four visits in
the year. The 107 stores with more than 365 visits hold 98 % of all visits, and people divide
them among themselves by where they live: households that shop in one also shop in its
neighbours. Those shared households are the only trace of geography in the data, so stores that
share households become one mall.

Method: agglomeration by *lift*. Two groups of stores attract each other by shared households /
(households of one x households of the other), what two places share beyond what their size
explains; the strongest pair merges until six groups are left. A merge that would make a mall
larger than `MALL_VISITS_LIMIT` is not allowed: without a limit single linkage effects give one
giant and five dwarfs. Households are sets of bits and the comparison is between exact fractions,
so the result is the same on every machine and library version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb

# A store that is visited less than daily is an outlet, not part of a mall.
MAJOR_STORE_VISITS = 365
# At most 88 visits a day and mall; the six malls then have 52 to 85 a day. With more room the
# biggest mall swallows its neighbours, with less the agglomeration ends with seven groups.
MALL_VISITS_LIMIT = 88 * 365

GROUP_CODE = "STARLAKE"
GROUP_NAME_EN = "Star Lake"
GROUP_NAME_ZH = "星湖里"

# The source's time stamps behave as UTC of a place five hours west of it, all year round. This
# zone is UTC-05:00 without daylight saving and its country trades in US dollars, as the data does.
TIME_ZONE = "America/Panama"
CURRENCY = "USD"
BUSINESS_DAY_CUTOFF_HOUR = 5


@dataclass(frozen=True, slots=True)
class DemoMall:
    """One place of the group. Opening hours are local wall time, "HH:MM"; closing may pass 24."""

    code: str
    name_en: str
    name_zh: str
    opens_at: str
    closes_at: str
    is_mall: bool = True


# In order of visits: the first name goes to the mall with most. The opening hours are generated;
# `place_details` says what is open all night, as in the data everything is.
MALLS = (
    DemoMall("ES", "Star Lake East Shore", "星湖里·东岸", "08:00", "23:00"),
    DemoMall("WD", "Star Lake Willow Dike", "星湖里·柳堤", "08:00", "23:00"),
    DemoMall("SB", "Star Lake South Bay", "星湖里·南湾", "08:30", "22:30"),
    DemoMall("OQ", "Star Lake Old Quay", "星湖里·老码头", "09:00", "22:30"),
    DemoMall("NI", "Star Lake North Isle", "星湖里·北屿", "09:00", "22:00"),
    DemoMall("GR", "Star Lake Garden Row", "星湖里·花园道", "09:00", "22:00"),
)
OUTLYING = DemoMall("OUT", "Outlying stores", "外围门店", "08:00", "22:00", is_mall=False)
PLACES = (*MALLS, OUTLYING)


@dataclass(frozen=True, slots=True)
class SourceStore:
    """A store of the source: its visits in the year and its households as a set of bits."""

    store_id: int
    visits: int
    households: int

    @property
    def household_count(self) -> int:
        return self.households.bit_count()


def place_of_each_store(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Source store id → code of the place (`PLACES`) it belongs to; every store is mapped."""
    stores = source_stores(connection)
    major = [store for store in stores if store.visits > MAJOR_STORE_VISITS]
    places = {store.store_id: OUTLYING.code for store in stores}
    for mall, members in zip(MALLS, group_stores(major, groups=len(MALLS)), strict=True):
        places.update((store.store_id, mall.code) for store in members)
    return places


def source_stores(connection: duckdb.DuckDBPyConnection) -> list[SourceStore]:
    """All stores of the source, by id."""
    rows = connection.execute(
        """
        select store_id, sum(visits)::bigint, list(household_id order by household_id)
        from (select store_id, household_id, count(distinct basket_id) as visits
              from transactions group by all)
        group by store_id order by store_id
        """
    ).fetchall()
    return [
        SourceStore(store_id, visits, _bits(households)) for store_id, visits, households in rows
    ]


def _bits(households: Sequence[int]) -> int:
    bits = 0
    for household in households:
        bits |= 1 << household
    return bits


def group_stores(
    stores: Sequence[SourceStore], *, groups: int, visits_limit: int = MALL_VISITS_LIMIT
) -> list[list[SourceStore]]:
    """Groups of stores that share households, largest (by visits) first.

    Raises:
        ValueError: the limit leaves more than `groups` groups that may not merge.
    """
    clusters = {store.store_id: [store] for store in stores}
    totals = {store.store_id: store for store in stores}
    shared = {
        (a.store_id, b.store_id): _shared(a, b)
        for a, b in combinations(sorted(stores, key=lambda store: store.store_id), 2)
    }
    while len(clusters) > groups:
        pair = _strongest_pair(totals, shared, visits_limit)
        if pair is None:
            raise ValueError(f"{len(clusters)} groups are left, none of which may merge")
        keep, drop = pair
        clusters[keep] += clusters.pop(drop)
        other = totals.pop(drop)
        totals[keep] = SourceStore(
            keep,
            totals[keep].visits + other.visits,
            totals[keep].households | other.households,
        )
        shared = {key: value for key, value in shared.items() if drop not in key}
        shared.update(
            ((min(keep, third), max(keep, third)), _shared(totals[keep], totals[third]))
            for third in totals
            if third != keep
        )
    order = sorted(totals.values(), key=lambda total: (-total.visits, total.store_id))
    return [clusters[total.store_id] for total in order]


def _shared(a: SourceStore, b: SourceStore) -> int:
    return (a.households & b.households).bit_count()


def _strongest_pair(
    totals: Mapping[int, SourceStore],
    shared: Mapping[tuple[int, int], int],
    visits_limit: int,
) -> tuple[int, int] | None:
    """The pair with the largest lift; ties go to the lowest store ids."""
    best: tuple[int, int] | None = None
    best_shared, best_product = 0, 1
    counts = {key: total.household_count for key, total in totals.items()}
    for (a, b), common in sorted(shared.items()):
        if totals[a].visits + totals[b].visits > visits_limit:
            continue
        product = counts[a] * counts[b]
        # common / product > best_shared / best_product, without leaving the integers.
        if best is None or common * best_product > best_shared * product:
            best, best_shared, best_product = (a, b), common, product
    return best
