"""Every write of the place.

``create_`` refuses a code that is taken, ``update_`` and ``close_`` name the row by id, ``save_``
takes a batch and creates or changes by code. All run in one transaction, are refused whole, check
the actor's scope, leave an audit entry, and raise `Invalid` with the fields at fault, `NotFound`
for what the actor cannot see, `CodeTaken`, and `OutsideScope`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mallard.kernel import audited_rows
from mallard.kernel.access.actor import Actor
from mallard.kernel.audited_rows import Table
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Invalid
from mallard.world.malls import checks, queries, rules
from mallard.world.malls.errors import GroupExists
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
from mallard.world.malls.models import (
    Brand,
    Floor,
    Group,
    Lease,
    Mall,
    Store,
    Tenant,
    TenantStatus,
    TradeCategory,
    Unit,
)

GROUPS = Table(Group, "group")
MALLS = Table(Mall, "mall")
FLOORS = Table(Floor, "floor", ("mall_id", "code"))
UNITS = Table(Unit, "unit", ("floor_id", "code"))
TRADE_CATEGORIES = Table(TradeCategory, "trade_category")
TENANTS = Table(Tenant, "tenant")
BRANDS = Table(Brand, "brand")
STORES = Table(Store, "store")
LEASES = Table(Lease, "lease", ("unit_id", "starts_on"))


# Group and malls


@atomic_retrying
def save_group(group: GroupInput, *, actor: Actor) -> Group:
    """The one group of this installation: created the first time, changed afterwards."""
    checks.require_group_scope(actor)
    if Group.objects.exclude(code=group.code).exists():
        raise GroupExists()
    return audited_rows.save(GROUPS, [group], actor=actor)[0]


@atomic_retrying
def create_mall(mall: MallInput, *, actor: Actor) -> Mall:
    """A new mall; needs the scope of the whole group."""
    checks.require_group_scope(actor)
    checks.check_mall(mall)
    return audited_rows.create(MALLS, mall, actor=actor)


@atomic_retrying
def update_mall(mall_id: UUID, mall: MallInput, *, actor: Actor) -> Mall:
    checks.require_mall(actor, mall_id)
    checks.check_mall(mall)
    _forget_facts()
    return audited_rows.update(MALLS, mall_id, mall, actor=actor)


@atomic_retrying
def close_mall(mall_id: UUID, *, closed_on: dt.date, actor: Actor) -> Mall:
    """Close a mall from ``closed_on`` on. Its stores keep their own closing days."""
    checks.require_mall(actor, mall_id)
    opened_on = Mall.objects.values_list("opened_on", flat=True).get(pk=mall_id)
    checks.refuse(rules.closing_problems(opened_on, closed_on))
    return audited_rows.change(MALLS, mall_id, {"closed_on": closed_on}, actor=actor)


@atomic_retrying
def save_malls(malls: Sequence[MallInput], *, actor: Actor) -> list[Mall]:
    checks.require_group_scope(actor)
    for mall in malls:
        checks.check_mall(mall)
    _forget_facts()
    return audited_rows.save(MALLS, malls, actor=actor)


# Floors and units


@atomic_retrying
def create_floor(floor: FloorInput, *, actor: Actor) -> Floor:
    checks.check_floors([floor], actor)
    return audited_rows.create(FLOORS, floor, actor=actor)


@atomic_retrying
def update_floor(floor_id: UUID, floor: FloorInput, *, actor: Actor) -> Floor:
    checks.visible(Floor.objects.filter(mall__in=queries.malls_in(actor.scope)), floor_id)
    checks.check_floors([floor], actor, own_id=floor_id)
    return audited_rows.update(FLOORS, floor_id, floor, actor=actor)


@atomic_retrying
def save_floors(floors: Sequence[FloorInput], *, actor: Actor) -> list[Floor]:
    for mall_id in {floor.mall_id for floor in floors}:
        checks.require_mall(actor, mall_id)
    return audited_rows.save(FLOORS, floors, actor=actor)


@atomic_retrying
def create_unit(unit: UnitInput, *, actor: Actor) -> Unit:
    return audited_rows.create(UNITS, checks.checked_units([unit], actor)[0], actor=actor)


@atomic_retrying
def update_unit(unit_id: UUID, unit: UnitInput, *, actor: Actor) -> Unit:
    checks.visible(queries.units_in(actor.scope), unit_id)
    return audited_rows.update(UNITS, unit_id, checks.checked_units([unit], actor)[0], actor=actor)


@atomic_retrying
def save_units(units: Sequence[UnitInput], *, actor: Actor) -> list[Unit]:
    return audited_rows.save(UNITS, checks.checked_units(units, actor), actor=actor)


# Trade categories


@atomic_retrying
def create_trade_category(category: TradeCategoryInput, *, actor: Actor) -> TradeCategory:
    checks.check_trade_category(category, None)
    return audited_rows.create(TRADE_CATEGORIES, category, actor=actor)


@atomic_retrying
def update_trade_category(
    category_id: UUID, category: TradeCategoryInput, *, actor: Actor
) -> TradeCategory:
    checks.check_trade_category(category, category_id)
    _forget_facts()
    return audited_rows.update(TRADE_CATEGORIES, category_id, category, actor=actor)


@atomic_retrying
def save_trade_categories(
    categories: Sequence[TradeCategoryInput], *, actor: Actor
) -> list[TradeCategory]:
    """A batch under parents that exist already: save the upper level first, then the lower one."""
    parent_of = dict(TradeCategory.objects.values_list("id", "parent_id"))
    ids = dict(TradeCategory.objects.values_list("code", "id"))
    for category in categories:
        checks.refuse(
            rules.trade_category_problems(
                ids.get(category.code), category.parent_id, parent_of=parent_of
            )
        )
    _forget_facts()
    return audited_rows.save(TRADE_CATEGORIES, categories, actor=actor)


# Tenants and brands


@atomic_retrying
def create_tenant(tenant: TenantInput, *, actor: Actor) -> Tenant:
    return audited_rows.create(TENANTS, tenant, actor=actor)


@atomic_retrying
def update_tenant(tenant_id: UUID, tenant: TenantInput, *, actor: Actor) -> Tenant:
    checks.visible(queries.tenants_in(actor.scope), tenant_id)
    return audited_rows.update(TENANTS, tenant_id, tenant, actor=actor)


@atomic_retrying
def close_tenant(tenant_id: UUID, *, actor: Actor) -> Tenant:
    """Mark that a tenant left. Refused while it has a store that has no closing day."""
    checks.visible(queries.tenants_in(actor.scope), tenant_id)
    if Store.objects.filter(tenant=tenant_id, closed_on=None).exists():
        raise Invalid(fields={"status": _("Close this tenant's stores first.")})
    return audited_rows.change(TENANTS, tenant_id, {"status": TenantStatus.LEFT}, actor=actor)


@atomic_retrying
def save_tenants(tenants: Sequence[TenantInput], *, actor: Actor) -> list[Tenant]:
    checks.require_existing_within(Tenant, queries.tenants_in(actor.scope), tenants)
    return audited_rows.save(TENANTS, tenants, actor=actor)


@atomic_retrying
def create_brand(brand: BrandInput, *, actor: Actor) -> Brand:
    checks.visible(queries.tenants_in(actor.scope), brand.tenant_id, field="tenant")
    return audited_rows.create(BRANDS, brand, actor=actor)


@atomic_retrying
def update_brand(brand_id: UUID, brand: BrandInput, *, actor: Actor) -> Brand:
    """Change a brand. It moves to another tenant only while no store carries it."""
    checks.visible(queries.brands_in(actor.scope), brand_id)
    checks.visible(queries.tenants_in(actor.scope), brand.tenant_id, field="tenant")
    if Store.objects.filter(brand=brand_id).exclude(tenant=brand.tenant_id).exists():
        raise Invalid(fields={"tenant": _("Stores of another tenant carry this brand.")})
    return audited_rows.update(BRANDS, brand_id, brand, actor=actor)


@atomic_retrying
def save_brands(brands: Sequence[BrandInput], *, actor: Actor) -> list[Brand]:
    checks.all_visible(
        queries.tenants_in(actor.scope), {brand.tenant_id for brand in brands}, field="tenant"
    )
    checks.require_existing_within(Brand, queries.brands_in(actor.scope), brands)
    return audited_rows.save(BRANDS, brands, actor=actor)


# Stores


@atomic_retrying
def create_store(store: StoreInput, *, actor: Actor) -> Store:
    """A new store; needs the scope of its whole mall."""
    checks.check_stores([store], actor)
    return audited_rows.create(STORES, store, actor=actor)


@atomic_retrying
def update_store(store_id: UUID, store: StoreInput, *, actor: Actor) -> Store:
    """Change a store of the actor's scope. Mall and tenant stay: receipts and scopes follow them,
    so a store that moves is closed and opened anew."""
    row = checks.visible(queries.stores_in(actor.scope), store_id)
    _refuse_move(store, row.mall_id, row.tenant_id)
    checks.check_stores([store], actor, is_known_place=True)
    _forget_facts()
    return audited_rows.update(STORES, store_id, store, actor=actor)


def _refuse_move(store: StoreInput, mall_id: UUID, tenant_id: UUID) -> None:
    if (store.mall_id, store.tenant_id) != (mall_id, tenant_id):
        moved = _("A store stays in its mall and with its tenant: close it and open a new one.")
        raise Invalid(fields={"mall" if store.mall_id != mall_id else "tenant": moved})


@atomic_retrying
def close_store(store_id: UUID, *, closed_on: dt.date, actor: Actor) -> Store:
    """Close a store: ``closed_on`` is the first day on which it does not trade."""
    row = checks.visible(queries.stores_in(actor.scope), store_id)
    checks.refuse(rules.closing_problems(row.opened_on, closed_on))
    _forget_facts()
    return audited_rows.change(STORES, store_id, {"closed_on": closed_on}, actor=actor)


@atomic_retrying
def save_stores(stores: Sequence[StoreInput], *, actor: Actor) -> list[Store]:
    checks.require_existing_within(Store, queries.stores_in(actor.scope), stores)
    # What a receipt earned is taken back from the tenant who bore it: the store's, for ever.
    owners = Store.objects.filter(code__in=[store.code for store in stores])
    owner_of = {code: ids for code, *ids in owners.values_list("code", "mall_id", "tenant_id")}
    for store in stores:
        if store.code in owner_of:
            _refuse_move(store, *owner_of[store.code])
    checks.check_stores(stores, actor)
    _forget_facts()
    return audited_rows.save(STORES, stores, actor=actor)


# Leases


@atomic_retrying
def create_lease(lease: LeaseInput, *, actor: Actor) -> Lease:
    """A new lease; refused when the unit is let on any of its days."""
    checks.check_leases([lease], actor)
    return audited_rows.create(LEASES, lease, actor=actor)


@atomic_retrying
def update_lease(lease_id: UUID, lease: LeaseInput, *, actor: Actor) -> Lease:
    checks.visible(queries.leases_in(actor.scope), lease_id)
    checks.check_leases([lease], actor, own_id=lease_id)
    return audited_rows.update(LEASES, lease_id, lease, actor=actor)


@atomic_retrying
def close_lease(lease_id: UUID, *, ends_on: dt.date, actor: Actor) -> Lease:
    """End a lease early, on ``ends_on``."""
    row = checks.visible(queries.leases_in(actor.scope), lease_id)
    if not row.starts_on <= ends_on <= row.ends_on:
        raise Invalid(fields={"ends_on": _("Choose a day within the lease.")})
    return audited_rows.change(LEASES, lease_id, {"ends_on": ends_on}, actor=actor)


@atomic_retrying
def save_leases(leases: Sequence[LeaseInput], *, actor: Actor) -> list[Lease]:
    checks.check_leases(leases, actor, is_saved_by_key=True)
    return audited_rows.save(LEASES, leases, actor=actor)


def _forget_facts() -> None:
    """Once the change is visible, this process must not answer from before it."""
    transaction.on_commit(queries.forget_store_facts)
