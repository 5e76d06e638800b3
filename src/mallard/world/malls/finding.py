"""Malls, stores and tenants in the search over everything, and among what was opened lately."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor, Scope
from mallard.kernel.bilingual import name_order, named
from mallard.kernel.ui import finding, items
from mallard.kernel.ui.finding import Hit
from mallard.world.malls.models import Brand, Mall, Store, Tenant
from mallard.world.malls.permissions import VIEW_MALL, VIEW_STORE, VIEW_TENANT
from mallard.world.malls.queries import brands_in, malls_in, matching_stores, stores_in, tenants_in


def _store_hit(store: Store) -> Hit:
    return Hit(
        store.name, reverse("malls:store", args=[store.pk]), f"{store.code} · {store.mall.name}"
    )


def _tenant_hit(tenant: Tenant) -> Hit:
    return Hit(tenant.name, reverse("malls:tenant", args=[tenant.pk]), tenant.code)


def _mall_hit(mall: Mall) -> Hit:
    return Hit(mall.name, reverse("malls:mall", args=[mall.pk]), mall.code)


def _brand_hit(brand: Brand) -> Hit:
    return Hit(brand.name, reverse("malls:brand", args=[brand.pk]), brand.tenant.name)


def _brands_of(scope: Scope) -> QuerySet[Brand]:
    return brands_in(scope).select_related("tenant")


def _stores_of(scope: Scope) -> QuerySet[Store]:
    return stores_in(scope).select_related("mall")


def find_stores(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Stores of which every word is part of a name or code: its own, its tenant's, its brand's."""
    rows = matching_stores(_stores_of(actor.scope), text)
    return [_store_hit(row) for row in rows.order_by(*name_order())[:limit]]


def _by_name(
    rows_in: Callable[[Scope], QuerySet[Any]], hit: Callable[[Any], Hit]
) -> Callable[[Actor, str, int], Sequence[Hit]]:
    def find(actor: Actor, text: str, limit: int) -> list[Hit]:
        rows = rows_in(actor.scope)
        for word in text.split():
            rows = rows.filter(named(word))
        return [hit(row) for row in rows.order_by(*name_order())[:limit]]

    return find


def _by_ids(
    rows_in: Callable[[Scope], QuerySet[Any]], hit: Callable[[Any], Hit]
) -> Callable[[Collection[UUID], Actor], dict[UUID, Hit]]:
    def find(ids: Collection[UUID], actor: Actor) -> dict[UUID, Hit]:
        return {row.pk: hit(row) for row in rows_in(actor.scope).filter(pk__in=ids)}

    return find


def register() -> None:
    """Offer the rows of this app wherever rows are looked for."""
    for finder in (
        finding.Finder(
            "stores", _("Stores"), "building-store", VIEW_STORE, find_stores, order=30,
            list_url_name="malls:stores",
        ),
        finding.Finder(
            "tenants", _("Tenants"), "users-group", VIEW_TENANT, _by_name(tenants_in, _tenant_hit),
            order=40, list_url_name="malls:tenants",
        ),
        finding.Finder(
            "brands", _("Brands"), "tag", VIEW_TENANT, _by_name(_brands_of, _brand_hit),
            order=45, list_url_name="malls:brands",
        ),
        finding.Finder(
            "malls", _("Malls"), "building", VIEW_MALL, _by_name(malls_in, _mall_hit), order=50,
            list_url_name="malls:malls",
        ),
    ):  # fmt: skip
        finding.register(finder)
    for kind in (
        items.ItemKind(
            "store", "building-store", VIEW_STORE, "malls:store", "store_id",
            _by_ids(_stores_of, _store_hit),
        ),
        items.ItemKind(
            "tenant", "users-group", VIEW_TENANT, "malls:tenant", "tenant_id",
            _by_ids(tenants_in, _tenant_hit),
        ),
        items.ItemKind(
            "mall", "building", VIEW_MALL, "malls:mall", "mall_id", _by_ids(malls_in, _mall_hit)
        ),
    ):  # fmt: skip
        items.register(kind)
