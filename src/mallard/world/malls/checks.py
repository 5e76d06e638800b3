"""What every write of the place makes sure of first: the actor's reach, and sound input."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.errors import Invalid, NotFound
from mallard.world.malls import locks, queries, rules
from mallard.world.malls.errors import OutsideScope
from mallard.world.malls.facts import (
    FloorInput,
    LeaseInput,
    MallInput,
    StoreInput,
    TradeCategoryInput,
    UnitInput,
)
from mallard.world.malls.models import Brand, Floor, Lease, LeaseKind, Store, TradeCategory, Unit


def require_group_scope(actor: Actor) -> None:
    if not actor.scope.is_group:
        raise OutsideScope()


def require_mall(actor: Actor, mall_id: UUID) -> None:
    visible(queries.malls_in(actor.scope), mall_id, field="mall")
    if not queries.covers_mall(actor.scope, mall_id):
        raise OutsideScope()


def visible(rows: QuerySet[Any], row_id: UUID, *, field: str = "") -> Any:
    """The row if the actor sees it. For a ``field`` of the input that is what to say."""
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise Invalid(fields={field: NotFound.message}) if field else NotFound()
    return row


def all_visible(rows: QuerySet[Any], ids: Collection[UUID], *, field: str) -> None:
    if rows.filter(pk__in=ids).count() < len(ids):
        raise Invalid(fields={field: NotFound.message})


def require_existing_within(
    model: type[Model], visible: QuerySet[Any], inputs: Sequence[Any]
) -> None:
    """A batch may not change, by a code it names, a row outside the actor's scope."""
    codes = [item.code for item in inputs]
    taken = model._default_manager.filter(code__in=codes)
    if taken.exclude(pk__in=visible.values("pk")).exists():
        raise OutsideScope()


# Whether the input is right


def refuse(problems: rules.Problems) -> None:
    if problems:
        raise Invalid(fields=problems)


def check_mall(mall: MallInput) -> None:
    problems = rules.mall_problems(time_zone=mall.time_zone, currency=mall.currency)
    refuse(problems | rules.closing_problems(mall.opened_on, mall.closed_on))


def check_floors(floors: Sequence[FloorInput], actor: Actor, *, own_id: UUID | None = None) -> None:
    for floor in floors:
        require_mall(actor, floor.mall_id)
        others = Floor.objects.filter(mall=floor.mall_id, level=floor.level)
        others = others.exclude(code=floor.code)
        if any(other_id != own_id for other_id in others.values_list("id", flat=True)):
            raise Invalid(fields={"level": _("Another floor has this level.")})


def checked_units(units: Sequence[UnitInput], actor: Actor) -> list[UnitInput]:
    """``units`` with outlines as JSON keeps them, after checking them and their floors."""
    floor_ids = {unit.floor_id for unit in units}
    floors = Floor.objects.in_bulk(floor_ids)
    if len(floors) < len(floor_ids):
        raise Invalid(fields={"floor": NotFound.message})
    for mall_id in {floor.mall_id for floor in floors.values()}:
        require_mall(actor, mall_id)
    for unit in units:
        refuse(rules.outline_problems(unit.geometry))
    return [replace(unit, geometry=[list(point) for point in unit.geometry]) for unit in units]


def check_trade_category(category: TradeCategoryInput, own_id: UUID | None) -> None:
    parent_of = dict(TradeCategory.objects.values_list("id", "parent_id"))
    refuse(rules.trade_category_problems(own_id, category.parent_id, parent_of=parent_of))


def check_stores(
    stores: Sequence[StoreInput], actor: Actor, *, is_known_place: bool = False
) -> None:
    if not is_known_place:
        for mall_id in {store.mall_id for store in stores}:
            require_mall(actor, mall_id)
        tenant_ids = {store.tenant_id for store in stores}
        all_visible(queries.tenants_in(actor.scope), tenant_ids, field="tenant")
    category_ids = {store.trade_category_id for store in stores}
    all_visible(TradeCategory.objects.all(), category_ids, field="trade_category")
    brand_ids = {store.brand_id for store in stores if store.brand_id}
    unit_ids = {store.unit_id for store in stores if store.unit_id}
    tenant_of = dict(Brand.objects.filter(pk__in=brand_ids).values_list("id", "tenant_id"))
    mall_of = dict(Unit.objects.filter(pk__in=unit_ids).values_list("id", "floor__mall_id"))
    if len(tenant_of) < len(brand_ids) or len(mall_of) < len(unit_ids):
        missing = "brand" if len(tenant_of) < len(brand_ids) else "unit"
        raise Invalid(fields={missing: NotFound.message})
    for store in stores:
        refuse(
            rules.store_problems(
                mall_id=store.mall_id,
                tenant_id=store.tenant_id,
                brand_tenant_id=tenant_of[store.brand_id] if store.brand_id else None,
                unit_mall_id=mall_of[store.unit_id] if store.unit_id else None,
                opened_on=store.opened_on,
                closed_on=store.closed_on,
            )
        )


def check_leases(
    leases: Sequence[LeaseInput],
    actor: Actor,
    *,
    own_id: UUID | None = None,
    is_saved_by_key: bool = False,
) -> None:
    unit_ids = {lease.unit_id for lease in leases}
    all_visible(queries.units_in(actor.scope), unit_ids, field="unit")
    locks.lock_units(unit_ids)
    tenant_ids = {lease.tenant_id for lease in leases}
    all_visible(queries.tenants_in(actor.scope), tenant_ids, field="tenant")
    check_leased_stores(leases)
    others = Lease.objects.filter(unit__in=unit_ids)
    terms = [(row.unit_id, row.starts_on, row.ends_on) for row in others if row.pk != own_id]
    # A lease saved by its key replaces itself, so its old term does not count against it.
    replaced = {(item.unit_id, item.starts_on) for item in leases if is_saved_by_key}
    for lease in leases:
        kept = [
            (starts_on, ends_on)
            for unit_id, starts_on, ends_on in terms
            if unit_id == lease.unit_id and (unit_id, starts_on) not in replaced
        ]
        kept += [
            (other.starts_on, other.ends_on)
            for other in leases
            if other is not lease and other.unit_id == lease.unit_id
        ]
        refuse(lease_problems(lease, kept))


def check_leased_stores(leases: Sequence[LeaseInput]) -> None:
    store_ids = {lease.store_id for lease in leases if lease.store_id}
    tenant_of = dict(Store.objects.filter(pk__in=store_ids).values_list("id", "tenant_id"))
    for lease in leases:
        if lease.store_id and tenant_of.get(lease.store_id) != lease.tenant_id:
            raise Invalid(fields={"store": _("This store belongs to another tenant.")})


def lease_problems(
    lease: LeaseInput, other_terms: Sequence[tuple[dt.date, dt.date]]
) -> rules.Problems:
    return rules.lease_problems(
        starts_on=lease.starts_on,
        ends_on=lease.ends_on,
        other_terms=other_terms,
        needs_rent=lease.kind in (LeaseKind.FIXED, LeaseKind.GREATER_OF),
        has_rent=lease.base_rent_minor is not None,
        needs_percentage=lease.kind != LeaseKind.FIXED,
        has_percentage=lease.percentage_bp is not None,
    )
