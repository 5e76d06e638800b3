"""Which fields of which records can be corrected: how each is read, said, and changed.

A value travels as text. Changing goes through the owner's ordinary service, with everything that it
refuses; the rest of the row stays as it is.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.errors import Invalid
from mallard.world.catalog import services as catalog
from mallard.world.catalog.facts import ProductInput
from mallard.world.catalog.models import Product
from mallard.world.catalog.permissions import EDIT_PRODUCT, VIEW_PRODUCT
from mallard.world.corrections.member_fields import (
    field_of_member,
    fields_of_member,
    unread_field,
)
from mallard.world.corrections.records import Field, RecordKind, register_fields
from mallard.world.malls import services as malls
from mallard.world.malls.facts import LeaseInput, StoreInput, TenantInput
from mallard.world.malls.models import Lease, Store, Tenant
from mallard.world.malls.permissions import (
    EDIT_LEASE,
    EDIT_STORE,
    EDIT_TENANT,
    VIEW_LEASE,
    VIEW_STORE,
    VIEW_TENANT,
)
from mallard.world.malls.queries import leases_in, stores_in, tenants_in
from mallard.world.members import services as members
from mallard.world.members.models import Member
from mallard.world.members.permissions import CHANGE_MEMBER, VIEW_MEMBER
from mallard.world.members.persons import persons
from mallard.world.members.profile import GENDERS, PROFILE_FIELDS, FieldKind
from mallard.world.members.queries import visible_members


def _column(row: Any, name: str) -> str:
    value = getattr(row, name)
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


def _typed(field: Field, value: str) -> Any:
    if field.type != "day":
        return value
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError:
        wrong = _("Write the date as year-month-day, such as 2026-05-21.")
        raise Invalid(fields={"value": wrong}) from None


def _fields(*fields: Field) -> dict[str, Field]:
    return {field.code: field for field in fields}


_NAMES = (Field("name_en", _("English name")), Field("name_zh", _("Chinese name")))
STORE = _fields(
    *_NAMES, Field("opened_on", _("Opened on"), "day"), Field("closed_on", _("Closed from"), "day")
)
TENANT = _fields(*_NAMES)
LEASE = _fields(Field("starts_on", _("Starts on"), "day"), Field("ends_on", _("Ends on"), "day"))
PRODUCT = _fields(*_NAMES, Field("closed_on", _("No longer sold from"), "day"))
_TYPES = {FieldKind.TEXT: "text", FieldKind.DATE: "day", FieldKind.GENDER: "text"}
MEMBER = _fields(
    *(
        Field(
            one.code,
            one.label,
            _TYPES[one.kind],
            GENDERS if one.kind is FieldKind.GENDER else None,
        )
        for one in PROFILE_FIELDS.values()
    )
)


def _profile_value(row: Member, name: str) -> str:
    """What counts, on whichever record of the person it stands."""
    fact = persons([row])[row.pk].profile.get(name)
    return fact.value if fact else ""


def _change_store(row: Store, name: str, value: str, actor: Actor) -> object:
    kept: tuple[str, ...] = (
        "code",
        "mall_id",
        "tenant_id",
        "trade_category_id",
        "name_en",
        "name_zh",
    )
    kept += ("brand_id", "unit_id", "opened_on", "closed_on", "origin")
    values = {column: getattr(row, column) for column in kept}
    return malls.update_store(
        row.pk, StoreInput(**values | {name: _typed(STORE[name], value)}), actor=actor
    )


def _change_tenant(row: Tenant, name: str, value: str, actor: Actor) -> object:
    values = {column: getattr(row, column) for column in ("code", "name_en", "name_zh", "origin")}
    changed = TenantInput(status=row.status, **values | {name: value})
    return malls.update_tenant(row.pk, changed, actor=actor)


def _change_lease(row: Lease, name: str, value: str, actor: Actor) -> object:
    kept: tuple[str, ...] = (
        "tenant_id",
        "unit_id",
        "starts_on",
        "ends_on",
        "kind",
        "area_dm2",
        "store_id",
    )
    kept += ("base_rent_minor", "percentage_bp", "origin")
    values = {column: getattr(row, column) for column in kept}
    return malls.update_lease(
        row.pk, LeaseInput(**values | {name: _typed(LEASE[name], value)}), actor=actor
    )


def _change_product(row: Product, name: str, value: str, actor: Actor) -> object:
    values: dict[str, Any] = {
        column: getattr(row, column)
        for column in ("code", "name_en", "name_zh", "restricted", "closed_on", "origin")
    }
    values |= {name: _typed(PRODUCT[name], value)}
    brand_code = row.brand.code if row.brand else None
    changed = ProductInput(category_code=row.category.code, brand_code=brand_code, **values)
    return catalog.update_product(row.pk, changed, actor=actor)


def register() -> None:
    """The records of the apps below this one."""
    for kind in (
        RecordKind(
            "member", VIEW_MEMBER, CHANGE_MEMBER, "crm_manager", MEMBER, visible_members,
            _profile_value,
            lambda row, name, value, actor: members.change_person(
                row.pk, profile={name: value}, custom={}, actor=actor
            ),
            lambda row: {"member_id": row.pk},
            more=fields_of_member, find=field_of_member, unread=unread_field,
        ),
        RecordKind(
            "store", VIEW_STORE, EDIT_STORE, "leasing", STORE,
            lambda actor: stores_in(actor.scope), _column, _change_store,
            lambda row: {"store_id": row.pk},
        ),
        RecordKind(
            "tenant", VIEW_TENANT, EDIT_TENANT, "leasing", TENANT,
            lambda actor: tenants_in(actor.scope), _column, _change_tenant,
            lambda row: {"mall_id": _only_mall(row)},
        ),
        RecordKind(
            "lease", VIEW_LEASE, EDIT_LEASE, "leasing", LEASE,
            lambda actor: leases_in(actor.scope).select_related("unit__floor"), _column,
            _change_lease, lambda row: {"mall_id": row.unit.floor.mall_id},
        ),
        RecordKind(
            "product", VIEW_PRODUCT, EDIT_PRODUCT, "stock_keeper", PRODUCT,
            lambda _actor: Product.objects.select_related("brand", "category"), _column,
            _change_product,
        ),
    ):  # fmt: skip
        register_fields(kind)


def _only_mall(tenant: Tenant) -> UUID | None:
    """The mall of a tenant that trades in one; of several, the task is the whole group's."""
    ids = set(Store.objects.filter(tenant=tenant).values_list("mall_id", flat=True)[:2])
    return ids.pop() if len(ids) == 1 else None
