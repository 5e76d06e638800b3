"""Stores: the list, a store with its leases, and its form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import with_shown_name
from mallard.kernel.errors import NotFound
from mallard.kernel.money import Money
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import ChoiceFilter, SearchFilter
from mallard.kernel.ui.kept import record_url
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Fact
from mallard.world.malls import queries, services
from mallard.world.malls.facts import StoreInput
from mallard.world.malls.forms import ClosingForm, StoreForm
from mallard.world.malls.models import Lease, Store
from mallard.world.malls.pages import cells
from mallard.world.malls.pages.hours import hours_of_store
from mallard.world.malls.permissions import (
    EDIT_STORE,
    VIEW_LEASE,
    VIEW_MALL,
    VIEW_STORE,
    VIEW_TENANT,
)

STORES = ListPage(
    key="stores",
    title=_("Stores"),
    columns=(
        Column("name", _("Name"), cells.named_cell, sort="shown_name"),
        Column("code", _("Code"), "code", sort="code", from_width="md"),
        Column("mall", _("Mall"), "mall.name", sort="mall__code"),
        Column("tenant", _("Tenant"), "tenant.name", sort="tenant__code", from_width="lg"),
        Column(
            "trade_category",
            _("Trade category"),
            "trade_category.name",
            sort="trade_category__code",
            from_width="lg",
        ),
        Column("status", _("Status"), cells.store_state, from_width="sm"),
    ),
    default_sort="name",
    filters=(
        SearchFilter(label=_("Name, code, tenant or brand"), search=queries.matching_stores),
        ChoiceFilter("mall", _("Mall"), choices=cells.mall_choices, column="mall_id"),
        ChoiceFilter("tenant", _("Tenant"), choices=cells.tenant_choices, column="tenant_id"),
        ChoiceFilter(
            "trade",
            _("Trade category"),
            choices=cells.trade_category_choices,
            apply=queries.in_trade_category,
        ),
        ChoiceFilter("status", _("Status"), choices=cells.STORE_STATES, apply=cells.in_state),
    ),
    row_url=lambda store: record_url("malls:store", store.pk),
    empty=Empty(_("No stores yet"), icon="building-store"),
    template="malls/stores.html",
)


@requires(VIEW_STORE)
def stores(request: HttpRequest) -> HttpResponse:
    """The stores of the reader's scope."""
    actor = actor_of(request)
    rows = with_shown_name(queries.find_stores(actor.scope))
    can_create = actor.may(EDIT_STORE) and _holds_a_mall(actor)
    return STORES.respond(request, rows, {"can_create": can_create})


@requires(VIEW_STORE)
def store(request: HttpRequest, store_id: UUID) -> HttpResponse:
    """A store: its facts, and the leases that the reader may see."""
    actor = actor_of(request)
    row = _visible_store(request, store_id)
    leases = [_lease_facts(lease) for lease in _leases(actor, row)]
    context = {
        "store": row,
        "state": cells.store_state(row),
        "facts": _facts(row, actor),
        "leases": leases,
        "shows_leases": actor.may(VIEW_LEASE),
        "can_edit": actor.may(EDIT_STORE),
        "hours": hours_of_store(row),
        "hours_url": reverse("malls:store_hours", args=[row.pk]) if actor.may(EDIT_STORE) else "",
    }
    return render(request, "malls/store.html", context)


@requires(EDIT_STORE)
def create_store(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not _holds_a_mall(actor):
        raise NotFound()
    return form_page.respond(
        request,
        StoreForm(request.POST or None, actor=actor),
        save=lambda data: services.create_store(_input(data), actor=actor),
        title=_("New store"),
        done=_("The store is saved."),
        next_url=lambda row: reverse("malls:store", args=[row.pk]),
        back_url=reverse("malls:stores"),
        back_label=_("Stores"),
    )


@requires(EDIT_STORE)
def edit_store(request: HttpRequest, store_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = _visible_store(request, store_id)
    name, origin = row.name, row.origin
    return form_page.respond(
        request,
        StoreForm(request.POST or None, instance=row, actor=actor),
        save=lambda data: services.update_store(store_id, _input(data, origin=origin), actor=actor),
        title=_("Edit %(name)s") % {"name": name},
        done=_("The store is saved."),
        next_url=lambda saved: reverse("malls:store", args=[saved.pk]),
        back_url=reverse("malls:store", args=[store_id]),
        back_label=name,
    )


@requires(EDIT_STORE)
def close_store(request: HttpRequest, store_id: UUID) -> HttpResponse:
    """Close a store from a day on; the form says what that means."""
    row = _visible_store(request, store_id)
    return form_page.respond(
        request,
        ClosingForm(request.POST or None, initial={"closed_on": row.closed_on}),
        save=lambda data: services.close_store(
            store_id, closed_on=data["closed_on"], actor=actor_of(request)
        ),
        title=_("Close %(name)s") % {"name": row.name},
        done=_("The store closes on that day. Its lease runs on until it is ended."),
        next_url=lambda saved: reverse("malls:store", args=[saved.pk]),
        back_url=reverse("malls:store", args=[store_id]),
        back_label=row.name,
    )


def _visible_store(request: HttpRequest, store_id: UUID) -> Store:
    rows = queries.stores_in(actor_of(request).scope).select_related(
        "mall", "tenant", "brand", "unit__floor", "trade_category__parent"
    )
    row = rows.filter(pk=store_id).first()
    if row is None:
        raise NotFound()
    return row


def _holds_a_mall(actor: Actor) -> bool:
    return actor.scope.is_group or bool(actor.scope.mall_ids)


def _input(data: dict[str, Any], **more: Any) -> StoreInput:
    """The form's rows as the service names them: by id."""
    rows = ("mall", "tenant", "brand", "unit", "trade_category")
    ids: dict[str, Any] = {f"{name}_id": data[name].pk if data[name] else None for name in rows}
    plain = {name: value for name, value in data.items() if name not in rows}
    return StoreInput(**plain, **ids, **more)


def _leases(actor: Actor, store: Store) -> list[Lease]:
    if not actor.may(VIEW_LEASE):
        return []
    leases = queries.leases_in(actor.scope).filter(store=store)
    return list(leases.select_related("unit__floor__mall").order_by("-starts_on"))


def _lease_facts(lease: Lease) -> list[Fact]:
    currency = lease.unit.floor.mall.currency
    rent = lease.base_rent_minor
    share = lease.percentage_bp
    return [
        Fact(_("Unit"), f"{lease.unit.floor.code} · {lease.unit.code}"),
        Fact(_("Begins"), formats.day(lease.starts_on)),
        Fact(_("Until"), formats.day(lease.ends_on)),
        Fact(_("Kind"), lease.get_kind_display(), is_generated=lease.is_generated),
        Fact(_("Area that rent is paid for"), cells.area(lease.area_dm2)),
        *([Fact(_("Base rent a month"), formats.money(Money(rent, currency)))] if rent else []),
        *([Fact(_("Share of sales"), formats.percent(share, 10_000, 2))] if share else []),
    ]


def _facts(store: Store, actor: Actor) -> list[Fact]:
    def link(name: str, pk: UUID, permission: str) -> str:
        return reverse(name, args=[pk]) if actor.may(permission) else ""

    unit = store.unit
    upper = store.trade_category.parent
    trade = f"{upper.name} › {store.trade_category.name}" if upper else store.trade_category.name
    return [
        *cells.name_facts(store),
        Fact(_("Mall"), store.mall.name, url=link("malls:mall", store.mall_id, VIEW_MALL)),
        Fact(
            _("Tenant"),
            store.tenant.name,
            url=link("malls:tenant", store.tenant_id, VIEW_TENANT),
        ),
        Fact(
            _("Brand"),
            store.brand.name if store.brand else None,
            url=link("malls:brand", store.brand_id, VIEW_TENANT) if store.brand_id else "",
        ),
        Fact(
            _("Unit"),
            f"{unit.floor.name} · {unit.code}" if unit else None,
            hint=cells.area(unit.area_dm2) if unit else "",
            is_generated=bool(unit and unit.is_generated),
        ),
        Fact(_("Trade category"), trade),
        Fact(_("Opened on"), formats.day(store.opened_on) if store.opened_on else None),
        *([Fact(_("Closed on"), formats.day(store.closed_on))] if store.closed_on else []),
        cells.origin_fact(store),
    ]
