"""Floor plans and leases of the demo's malls: generated, and marked so wherever they are shown.

A floor is two rows of units along a corridor. Units keep the area of their tenant's trade,
scaled by mall and varied a little; a few stand empty, as they do everywhere. Coordinates are
decimetres from the upper left corner of the plan, areas square decimetres.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from mallard.demo.draws import SEED, Draws
from mallard.demo.place import MALLS, DemoMall
from mallard.demo.receipts import DemoStore
from mallard.demo.story.events import CLOSED_STORE

Point = tuple[int, int]

ROW_DEPTH = 200
ANCHOR_DEPTH = 400
CORRIDOR_WIDTH = 100
PARTY_WALL = 2
# From this area on a tenant is an anchor and gets a deeper unit.
ANCHOR_AREA_M2 = 1_000
FORECOURT = "FC"
PETROL_STATION = "FUE"
# Percent of the typical area, in the order of MALLS: bigger malls have bigger units.
MALL_SCALE = dict(zip((mall.code for mall in MALLS), (115, 110, 105, 95, 85, 85), strict=True))
VACANT_AREAS_M2 = {"L1": (95,), "L2": (180, 120), "L3": (150, 110, 80)}
# A lease must outlive the demo's year by at least this, so that no store trades without one.
LEASE_RESERVE_DAYS = 45


@dataclass(frozen=True, slots=True)
class DemoFloor:
    """A storey; `level` 0 is the ground floor."""

    code: str
    level: int
    name_en: str
    name_zh: str


FLOORS = (
    DemoFloor("B1", -1, "Basement: market hall", "地下一层 · 生鲜市集"),
    DemoFloor("L1", 0, "Ground floor", "一层 · 精品与便民"),
    DemoFloor("L2", 1, "First floor: home and family", "二层 · 家居亲子"),
    DemoFloor("L3", 2, "Second floor: dining and leisure", "三层 · 餐饮休闲"),
)


@dataclass(frozen=True, slots=True)
class Premises:
    """What a tenant's trade typically rents: floor, area, and the terms of such leases.

    `rent_minor` is the base rent in cents per square metre and month, `share_bp` the mall's
    share of sales in basis points.
    """

    floor: str
    area_m2: int
    rent_minor: int
    share_bp: int


PREMISES = {
    "SUP": Premises("B1", 2600, 900, 250),
    "GRN": Premises("B1", 260, 1900, 500),
    "BUT": Premises("B1", 220, 1900, 450),
    "FSH": Premises("B1", 140, 1900, 500),
    "FRZ": Premises("B1", 300, 1500, 400),
    "DEL": Premises("L3", 210, 2800, 900),
    "BAK": Premises("L1", 120, 3900, 900),
    "COF": Premises("L1", 110, 4200, 1000),
    "SWT": Premises("L1", 90, 4000, 900),
    "WIN": Premises("B1", 150, 2400, 600),
    "HLT": Premises("B1", 130, 2400, 700),
    "BEA": Premises("L1", 240, 4600, 1000),
    "PHA": Premises("L1", 180, 3000, 400),
    "MAB": Premises("L2", 230, 2600, 700),
    "GIF": Premises("L3", 260, 2500, 800),
    "BOK": Premises("L3", 280, 1900, 600),
    "HOM": Premises("L2", 420, 1800, 600),
    "PET": Premises("L2", 170, 2200, 700),
    "FLO": Premises("L1", 80, 3600, 900),
    "TOB": Premises("L1", 40, 4400, 300),
    "FUE": Premises("FC", 900, 600, 120),
    "SUN": Premises("L1", 100, 2600, 500),
}


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit of a mall; `tenant` is None while it stands empty."""

    mall: str
    floor: str
    code: str
    tenant: str | None
    area_dm2: int
    outline: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class DemoLease:
    """The terms of a store's unit. `kind` as in `malls.LeaseKind`; rent in cents a month."""

    store: str
    mall: str
    unit: str
    starts_on: date
    ends_on: date
    kind: str
    area_dm2: int
    base_rent_minor: int | None
    percentage_bp: int | None


def units_of(mall: DemoMall) -> list[DemoUnit]:
    """All units of a mall, floor by floor; the outlying stores have none."""
    if not mall.is_mall:
        return []
    return [unit for floor in FLOORS for unit in _floor_units(mall.code, floor.code)]


def _floor_units(mall: str, floor: str) -> Iterable[DemoUnit]:
    wanted: list[tuple[str | None, int]] = [
        (tenant, _area_m2(mall, tenant))
        for tenant, premises in PREMISES.items()
        if premises.floor == floor
    ]
    wanted += [(None, area) for area in VACANT_AREAS_M2.get(floor, ())]
    upper = lower = 0
    upper_depth = ANCHOR_DEPTH if any(area >= ANCHOR_AREA_M2 for _, area in wanted) else ROW_DEPTH
    corridor = upper_depth + CORRIDOR_WIDTH
    for number, (tenant, area) in enumerate(wanted, start=1):
        is_anchor = area >= ANCHOR_AREA_M2
        # Anchors take the deep row; the others fill whichever row is shorter.
        in_upper = is_anchor or (upper <= lower and upper_depth == ROW_DEPTH)
        depth = upper_depth if in_upper else ROW_DEPTH
        width = area * 100 // depth
        left, top = (upper, upper_depth - depth) if in_upper else (lower, corridor)
        if in_upper:
            upper += width + PARTY_WALL
        else:
            lower += width + PARTY_WALL
        yield _unit(mall, floor, f"{floor}-{number:02d}", tenant, (left, top, width, depth))
    if floor == "L1":
        # The petrol station stands by itself in front of the ground floor.
        width = _area_m2(mall, PETROL_STATION) * 100 // ROW_DEPTH
        box = (0, corridor + 2 * ROW_DEPTH, width, ROW_DEPTH)
        yield _unit(mall, floor, f"{FORECOURT}-01", PETROL_STATION, box)


def _unit(
    mall: str, floor: str, code: str, tenant: str | None, box: tuple[int, int, int, int]
) -> DemoUnit:
    left, top, width, depth = box
    outline = (
        (left, top),
        (left + width, top),
        (left + width, top + depth),
        (left, top + depth),
    )
    return DemoUnit(mall, floor, code, tenant, width * depth, outline)


def _area_m2(mall: str, tenant: str) -> int:
    wobble = Draws(SEED, "area", mall, tenant).between(92, 108)
    return PREMISES[tenant].area_m2 * MALL_SCALE[mall] * wobble // 10_000


def leases(
    units: Iterable[DemoUnit], stores: Iterable[DemoStore], *, first_day: date, last_day: date
) -> list[DemoLease]:
    """One lease for each store with a unit.

    Every lease begins before `first_day` and ends after `last_day` of the demo's year, save that
    of the store which closes with it; one in six ends within a year after it, which is what
    leasing people look for.
    """
    by_tenant = {(unit.mall, unit.tenant): unit for unit in units if unit.tenant}
    found = []
    for store in stores:
        unit = by_tenant.get((store.place, store.tenant))
        if unit is not None:
            found.append(_lease(store, unit, first_day, last_day))
    return found


def _lease(store: DemoStore, unit: DemoUnit, first_day: date, last_day: date) -> DemoLease:
    premises = PREMISES[store.tenant]
    draws = Draws(SEED, "lease", store.code)
    starts_on = first_day - timedelta(days=draws.between(60, 1_500))
    remaining = draws.between(LEASE_RESERVE_DAYS, 365) if draws.below(6) == 0 else None
    ends_on = last_day + timedelta(days=remaining or draws.between(366, 2_000))
    if store.code == CLOSED_STORE:
        ends_on = last_day
    kind = draws.weighted(
        [("greater_of", 50), ("fixed", 20), ("percentage", 15), ("concession", 15)]
    )
    has_base = kind in ("greater_of", "fixed")
    has_share = kind != "fixed"
    rent = unit.area_dm2 * premises.rent_minor * draws.between(90, 110) // 10_000
    # Whoever pays no base rent pays a higher share of sales.
    share = premises.share_bp * (1 if has_base else 2)
    return DemoLease(
        store=store.code,
        mall=unit.mall,
        unit=unit.code,
        starts_on=starts_on,
        ends_on=ends_on,
        kind=kind,
        area_dm2=unit.area_dm2,
        base_rent_minor=rent if has_base else None,
        percentage_bp=share if has_share else None,
    )
