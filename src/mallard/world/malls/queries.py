"""Reads of the place. What a scope means is decided here and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from mallard.kernel.access.actor import Scope
from mallard.kernel.bilingual import name_order, named
from mallard.kernel.database.prepared import fetch_rows
from mallard.world.malls.facts import StoreFacts
from mallard.world.malls.models import (
    Brand,
    Floor,
    Lease,
    Mall,
    Store,
    Tenant,
    TradeCategory,
    Unit,
)

FACTS_SECONDS = 5.0
MAX_CACHED_STORES = 20_000

_facts: dict[str, tuple[float, StoreFacts]] = {}


def stores_in(scope: Scope) -> QuerySet[Store]:
    """Every store of ``scope``."""
    return Store.objects.filter(_within(scope))


def store_ids_in(scope: Scope) -> frozenset[UUID] | None:
    """The ids of every store of ``scope``; None means every store there is or will be."""
    if scope.is_group:
        return None
    return frozenset(stores_in(scope).values_list("id", flat=True))


def store_name(store_id: UUID) -> str | None:
    """What a store is called; None where there is none."""
    row = Store.objects.filter(pk=store_id).first()
    return row.name if row else None


def sees_store(scope: Scope, store_id: UUID) -> bool:
    """Whether the store exists and lies in ``scope``."""
    return stores_in(scope).filter(pk=store_id).exists()


def malls_in(scope: Scope) -> QuerySet[Mall]:
    """The malls of ``scope``, and those in which a store of it stands."""
    if scope.is_group:
        return Mall.objects.all()
    here = stores_in(scope).filter(mall=OuterRef("pk"))
    return Mall.objects.filter(Q(pk__in=scope.mall_ids) | Exists(here))


def whole_malls_in(scope: Scope) -> QuerySet[Mall]:
    """The malls that ``scope`` holds as a whole; see `covers_mall`."""
    return Mall.objects.all() if scope.is_group else Mall.objects.filter(pk__in=scope.mall_ids)


# Prepared: it is asked with every page of whoever works for the whole group.
_MAIN_ZONE = "SELECT time_zone FROM malls_mall GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"


def main_zone(scope: Scope) -> ZoneInfo | None:
    """The time zone that most malls of ``scope`` keep; None where there is no mall yet.

    Pages about one mall name its own zone; this is the one for everything else.
    """
    if scope.is_group:
        rows = fetch_rows(_MAIN_ZONE)
    else:
        zones = malls_in(scope).values("time_zone").annotate(malls=Count("pk"))
        rows = list(zones.order_by("-malls", "time_zone").values_list("time_zone")[:1])
    return ZoneInfo(rows[0][0]) if rows else None


def covers_mall(scope: Scope, mall_id: UUID) -> bool:
    """Whether ``scope`` holds the whole mall, not only stores in it: what changing it needs."""
    return scope.is_group or mall_id in scope.mall_ids


def tenants_in(scope: Scope) -> QuerySet[Tenant]:
    """The tenants of ``scope`` and those with a store in it.

    A tenant without any store yet is nobody's in particular: every mall's staff see it.
    """
    if scope.is_group:
        return Tenant.objects.all()
    here = stores_in(scope).filter(tenant=OuterRef("pk"))
    condition = Q(pk__in=scope.tenant_ids) | Q(Exists(here))
    if scope.mall_ids:
        condition |= Q(~Exists(Store.objects.filter(tenant=OuterRef("pk"))))
    return Tenant.objects.filter(condition)


def brands_in(scope: Scope) -> QuerySet[Brand]:
    """The brands of the tenants of ``scope``."""
    if scope.is_group:
        return Brand.objects.all()
    return Brand.objects.filter(tenant__in=tenants_in(scope))


def leases_in(scope: Scope) -> QuerySet[Lease]:
    """The leases in the malls, of the tenants, and for the stores of ``scope``."""
    if scope.is_group:
        return Lease.objects.all()
    return Lease.objects.filter(
        Q(unit__floor__mall__in=scope.mall_ids)
        | Q(tenant__in=scope.tenant_ids)
        | Q(store__in=scope.store_ids)
    )


def units_in(scope: Scope) -> QuerySet[Unit]:
    """The units of the malls that ``scope`` holds as a whole."""
    if scope.is_group:
        return Unit.objects.all()
    return Unit.objects.filter(floor__mall__in=scope.mall_ids)


def trade_category_tree(scope: Scope | None = None) -> QuerySet[TradeCategory]:
    """The upper trade categories, each with its ``children`` fetched, by name; with a ``scope``
    ``store_count`` is how many stores of it are directly in one."""
    categories = TradeCategory.objects.order_by(*name_order())
    if scope is not None:
        count = Count("stores", filter=Q(stores__in=stores_in(scope)))
        categories = categories.annotate(store_count=count)
    return categories.filter(parent=None).prefetch_related(Prefetch("children", categories))


def floors_of(mall: Mall, scope: Scope) -> list[Floor]:
    """The floors from the top down, their units, and in each unit the ``stores`` of ``scope``."""
    stores = (
        stores_in(scope).select_related("brand", "trade_category__parent").order_by(*name_order())
    )
    units = Unit.objects.order_by("code").prefetch_related(Prefetch("stores", queryset=stores))
    return list(mall.floors.order_by("-level").prefetch_related(Prefetch("units", queryset=units)))


def find_stores(
    scope: Scope,
    *,
    text: str = "",
    mall_id: UUID | None = None,
    tenant_id: UUID | None = None,
    trade_category_id: UUID | None = None,
) -> QuerySet[Store]:
    """The stores of ``scope`` that match, with what lists show of them. An upper trade category
    stands for those below it, too."""
    stores = stores_in(scope).select_related("mall", "tenant", "brand", "unit", "trade_category")
    stores = matching_stores(stores, text)
    if mall_id is not None:
        stores = stores.filter(mall_id=mall_id)
    if tenant_id is not None:
        stores = stores.filter(tenant_id=tenant_id)
    if trade_category_id is not None:
        stores = in_trade_category(stores, trade_category_id)
    return stores


def matching_stores(stores: QuerySet[Store], text: str) -> QuerySet[Store]:
    """The stores of which every word of ``text`` is part of a code or of a name: the store's, its
    tenant's or its brand's."""
    for word in text.split():
        stores = stores.filter(named(word) | named(word, "tenant__") | named(word, "brand__"))
    return stores


def in_trade_category(stores: QuerySet[Store], category_id: UUID | str) -> QuerySet[Store]:
    """The stores in a trade category or in one below it."""
    return stores.filter(Q(trade_category=category_id) | Q(trade_category__parent=category_id))


def store_facts(codes: Collection[str]) -> dict[str, StoreFacts]:
    """What receipts need to know of the stores with these codes; unknown codes are left out.

    Kept in the process for up to five seconds: a change made elsewhere shows up that much later.
    """
    now = time.monotonic()
    known = {
        code: entry[1]
        for code in codes
        if (entry := _facts.get(code)) is not None and entry[0] > now
    }
    missing = [code for code in codes if code not in known]
    if missing:
        read = _read_store_facts(codes=missing)
        if len(_facts) + len(read) > MAX_CACHED_STORES:
            _facts.clear()
        _facts.update({code: (now + FACTS_SECONDS, facts) for code, facts in read.items()})
        known |= read
    return known


def store_facts_by_id(store_ids: Collection[UUID]) -> dict[UUID, StoreFacts]:
    """What receipts need to know of these stores, by id; read afresh."""
    read = _read_store_facts(ids=store_ids)
    return {facts.id: facts for facts in read.values()}


def forget_store_facts() -> None:
    """Drop what `store_facts` keeps in this process."""
    _facts.clear()


_STORE_FACTS = """
    SELECT s.id, s.code, s.mall_id, s.tenant_id, s.trade_category_id, c.parent_id, m.time_zone,
        m.business_day_cutoff_hour, m.currency, s.opened_on, s.closed_on
    FROM malls_store s
    JOIN malls_mall m ON m.id = s.mall_id
    JOIN malls_tradecategory c ON c.id = s.trade_category_id
    WHERE s.code = ANY(%s::text[]) OR s.id = ANY(%s::uuid[])
"""


def _read_store_facts(
    *, codes: Collection[str] = (), ids: Collection[UUID] = ()
) -> dict[str, StoreFacts]:
    rows = fetch_rows(_STORE_FACTS, [list(codes), list(ids)])
    return {
        row[1]: StoreFacts(
            id=row[0],
            code=row[1],
            mall_id=row[2],
            tenant_id=row[3],
            trade_category_ids=(row[4],) if row[5] is None else (row[4], row[5]),
            zone=ZoneInfo(row[6]),
            cutoff_hour=row[7],
            currency=row[8],
            opened_on=row[9],
            closed_on=row[10],
        )
        for row in rows
    }


def _within(scope: Scope) -> Q:
    if scope.is_group:
        return Q()
    return Q(mall__in=scope.mall_ids) | Q(tenant__in=scope.tenant_ids) | Q(pk__in=scope.store_ids)
