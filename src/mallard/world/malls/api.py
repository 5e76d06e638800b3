"""Malls and stores over HTTP, for tills and apps that need to know where they are."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.world.malls import queries
from mallard.world.malls.models import Mall, Store
from mallard.world.malls.permissions import VIEW_MALL, VIEW_STORE

router = Router(tags=["malls"])


class MallOut(Schema):
    id: UUID
    code: str = Field(examples=["LAKE"])
    name_en: str
    name_zh: str = Field(examples=["星湖里湖畔店"])
    currency: str = Field(description="ISO 4217", examples=["CNY"])
    time_zone: str = Field(description="IANA time zone", examples=["Asia/Shanghai"])
    business_day_cutoff_hour: int = Field(
        description="Sales before this local hour belong to the day before."
    )
    opened_on: dt.date | None
    closed_on: dt.date | None
    origin: str


class StoreOut(Schema):
    id: UUID
    code: str = Field(examples=["LAKE-BAKERY"])
    name_en: str
    name_zh: str = Field(examples=["暖阳烘焙湖畔店"])
    mall_code: str
    tenant_code: str
    brand_code: str | None
    unit_code: str | None
    trade_category_code: str
    currency: str = Field(description="ISO 4217: the currency of the store's receipts.")
    time_zone: str
    opened_on: dt.date | None
    closed_on: dt.date | None = Field(description="The first day without trade.")
    origin: str


class StoreQuery(Schema):
    q: str = Field("", max_length=100, description="Part of a code or a name, in any language.")
    mall: str | None = Field(None, max_length=40, description="Code of a mall.")
    tenant: str | None = Field(None, max_length=40, description="Code of a tenant.")


def store_out(store: Store) -> StoreOut:
    """A store with mall, tenant, brand, unit and trade category fetched."""
    return StoreOut(
        id=store.pk,
        code=store.code,
        name_en=store.name_en,
        name_zh=store.name_zh,
        mall_code=store.mall.code,
        tenant_code=store.tenant.code,
        brand_code=store.brand.code if store.brand else None,
        unit_code=store.unit.code if store.unit else None,
        trade_category_code=store.trade_category.code,
        currency=store.mall.currency,
        time_zone=store.mall.time_zone,
        opened_on=store.opened_on,
        closed_on=store.closed_on,
        origin=store.origin,
    )


def mall_out(mall: Mall) -> MallOut:
    return MallOut(**{name: getattr(mall, name) for name in MallOut.model_fields})


@router.get("/malls", response=Page[MallOut], summary="Malls")
@requires(VIEW_MALL)
def list_malls(request: HttpRequest, page: PageParameters) -> Page[MallOut]:
    """The malls in which the key's stores stand, by code."""
    rows = queries.malls_in(actor_of(request).scope)
    found = paginate(rows, order=("code",), cursor=page.cursor, limit=page.limit, name="malls")
    return Page(items=[mall_out(row) for row in found.rows], next_cursor=found.next_cursor)


@router.get("/stores", response=Page[StoreOut], summary="Stores")
@requires(VIEW_STORE)
def list_stores(
    request: HttpRequest, page: PageParameters, wanted: Annotated[StoreQuery, Query()]
) -> Page[StoreOut]:
    """The stores of the key's scope, by code."""
    rows = queries.find_stores(actor_of(request).scope, text=wanted.q)
    if wanted.mall is not None:
        rows = rows.filter(mall__code=wanted.mall)
    if wanted.tenant is not None:
        rows = rows.filter(tenant__code=wanted.tenant)
    found = paginate(rows, order=("code",), cursor=page.cursor, limit=page.limit, name="stores")
    return Page(items=[store_out(row) for row in found.rows], next_cursor=found.next_cursor)


@router.get("/stores/{code}", response=StoreOut, summary="A store by its code")
@requires(VIEW_STORE)
def read_store(request: HttpRequest, code: str) -> StoreOut:
    """The store with this code; 404 when the key's scope does not hold it."""
    rows = queries.find_stores(actor_of(request).scope)
    row = rows.filter(code=code).first()
    if row is None:
        raise NotFound()
    return store_out(row)
