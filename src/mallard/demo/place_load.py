"""Writing the demo's place: group, malls, floors, units, trades, tenants, stores, leases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY
from mallard.demo.draws import SEED, Draws
from mallard.demo.floors import FLOORS, DemoUnit, leases, units_of
from mallard.demo.place import (
    BUSINESS_DAY_CUTOFF_HOUR,
    CURRENCY,
    GROUP_CODE,
    GROUP_NAME_EN,
    GROUP_NAME_ZH,
    PLACES,
    TIME_ZONE,
    DemoMall,
)
from mallard.demo.place_details import load_contacts, load_opening_hours
from mallard.demo.receipts import DemoStore
from mallard.demo.story.events import CLOSED_STORE, closing_day
from mallard.demo.tenants import TENANT_BY_CODE, TENANTS, TRADES
from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.world.malls import services
from mallard.world.malls.facts import (
    BrandInput,
    FloorInput,
    GroupInput,
    LeaseInput,
    MallInput,
    StoreInput,
    TenantInput,
    TradeCategoryInput,
    UnitInput,
)

MADE_UP = Origin.GENERATED


def load_place(stores: Sequence[DemoStore], *, weeks: int, actor: Actor) -> None:
    """Save the whole place by code; running again changes nothing."""
    malls = _save_malls(weeks, actor)
    units, drawn = _save_units(malls, actor)
    tenants, brands = _save_tenants(actor)
    trades = _save_trades(actor)
    saved = services.save_stores(
        [
            StoreInput(
                code=store.code,
                mall_id=malls[store.place],
                tenant_id=tenants[store.tenant],
                trade_category_id=trades[TENANT_BY_CODE[store.tenant].trade],
                brand_id=brands[store.tenant],
                unit_id=units.get((store.place, store.tenant)),
                opened_on=opening_day(store.place, weeks),
                closed_on=closing_day(weeks) if store.code == CLOSED_STORE else None,
                origin=MADE_UP,
                name_en=name_en,
                name_zh=name_zh,
            )
            for store in stores
            for name_en, name_zh in (store_names(store),)
        ],
        actor=actor,
    )
    store_ids = {row.code: row.id for row in saved}
    shift = timedelta(weeks=weeks)
    services.save_leases(
        [
            LeaseInput(
                tenant_id=tenants[lease.store.partition("-")[2]],
                unit_id=units[lease.mall, lease.store.partition("-")[2]],
                store_id=store_ids[lease.store],
                starts_on=lease.starts_on,
                ends_on=lease.ends_on,
                kind=lease.kind,
                area_dm2=lease.area_dm2,
                base_rent_minor=lease.base_rent_minor,
                percentage_bp=lease.percentage_bp,
                origin=MADE_UP,
            )
            for lease in leases(
                drawn, stores, first_day=FIRST_DAY + shift, last_day=LAST_FULL_DAY + shift
            )
        ],
        actor=actor,
    )
    load_opening_hours(malls, store_ids, stores, actor)
    load_contacts(tenants, actor)


def opening_day(place: str, weeks: int) -> date:
    """When a place opened: before its oldest member joined there."""
    days = Draws(SEED, "opened", place).between(2_200, 4_000)
    return FIRST_DAY + timedelta(weeks=weeks) - timedelta(days=days)


def store_names(store: DemoStore) -> tuple[str, str]:
    """A store's English and Chinese name: its brand and which branch, 穗朵烘焙(东岸店)."""
    tenant = TENANT_BY_CODE[store.tenant]
    branch_en, branch_zh = next(_branch(mall) for mall in PLACES if mall.code == store.place)
    return f"{tenant.brand_en}, {branch_en}", f"{tenant.brand_zh}({branch_zh}店)"


def _branch(mall: DemoMall) -> tuple[str, str]:
    if not mall.is_mall:
        return "outlying", "外围"
    return mall.name_en.removeprefix(f"{GROUP_NAME_EN} "), mall.name_zh.partition("·")[2]


def _save_malls(weeks: int, actor: Actor) -> dict[str, UUID]:
    group = services.save_group(
        GroupInput(code=GROUP_CODE, name_en=GROUP_NAME_EN, name_zh=GROUP_NAME_ZH, origin=MADE_UP),
        actor=actor,
    )
    rows = services.save_malls(
        [
            MallInput(
                group_id=group.id,
                code=mall.code,
                currency=CURRENCY,
                time_zone=TIME_ZONE,
                name_en=mall.name_en,
                name_zh=mall.name_zh,
                business_day_cutoff_hour=BUSINESS_DAY_CUTOFF_HOUR,
                opened_on=opening_day(mall.code, weeks),
                origin=MADE_UP,
            )
            for mall in PLACES
        ],
        actor=actor,
    )
    return {row.code: row.id for row in rows}


def _save_units(
    malls: dict[str, UUID], actor: Actor
) -> tuple[dict[tuple[str, str], UUID], list[DemoUnit]]:
    """Floors and units; the ids of let units by (mall, tenant), and the plan they follow."""
    wanted = [(mall.code, floor) for mall in PLACES if mall.is_mall for floor in FLOORS]
    floors = services.save_floors(
        [
            FloorInput(
                mall_id=malls[mall],
                code=floor.code,
                level=floor.level,
                name_en=floor.name_en,
                name_zh=floor.name_zh,
                origin=MADE_UP,
            )
            for mall, floor in wanted
        ],
        actor=actor,
    )
    floor_ids = {
        (mall, floor.code): row.id for (mall, floor), row in zip(wanted, floors, strict=True)
    }
    drawn = [unit for mall in PLACES for unit in units_of(mall)]
    rows = services.save_units(
        [
            UnitInput(
                floor_id=floor_ids[unit.mall, unit.floor],
                code=unit.code,
                area_dm2=unit.area_dm2,
                geometry=[list(point) for point in unit.outline],
                origin=MADE_UP,
            )
            for unit in drawn
        ],
        actor=actor,
    )
    let = {
        (unit.mall, unit.tenant): row.id
        for unit, row in zip(drawn, rows, strict=True)
        if unit.tenant is not None
    }
    return let, drawn


def _save_tenants(actor: Actor) -> tuple[dict[str, UUID], dict[str, UUID]]:
    tenants = services.save_tenants(
        [
            TenantInput(
                code=tenant.code,
                name_en=tenant.company_en,
                name_zh=tenant.company_zh,
                origin=MADE_UP,
            )
            for tenant in TENANTS
        ],
        actor=actor,
    )
    ids = {row.code: row.id for row in tenants}
    brands = services.save_brands(
        [
            BrandInput(
                tenant_id=ids[tenant.code],
                code=tenant.code,
                name_en=tenant.brand_en,
                name_zh=tenant.brand_zh,
                origin=MADE_UP,
            )
            for tenant in TENANTS
        ],
        actor=actor,
    )
    return ids, {row.code: row.id for row in brands}


def _save_trades(actor: Actor) -> dict[str, UUID]:
    ids: dict[str, UUID] = {}
    for is_upper in (True, False):
        rows = services.save_trade_categories(
            [
                TradeCategoryInput(
                    code=trade.code,
                    name_en=trade.name_en,
                    name_zh=trade.name_zh,
                    parent_id=ids[trade.parent] if trade.parent else None,
                    origin=MADE_UP,
                )
                for trade in TRADES
                if (trade.parent is None) == is_upper
            ],
            actor=actor,
        )
        ids |= {row.code: row.id for row in rows}
    return ids
