"""Tenants with their brands and stores, and the trade categories."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import name_order, named, with_shown_name
from mallard.kernel.errors import Invalid, NotFound
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import ChoiceFilter, SearchFilter
from mallard.kernel.ui.kept import record_url
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.world.malls import queries, services
from mallard.world.malls.contacts.pages import shown_contacts
from mallard.world.malls.facts import BrandInput, TenantInput, TradeCategoryInput
from mallard.world.malls.forms import BrandForm, TenantForm, TradeCategoryForm
from mallard.world.malls.models import Tenant, TenantStatus, TradeCategory
from mallard.world.malls.pages import cells, leases
from mallard.world.malls.panels import TenantInView, panels_for
from mallard.world.malls.permissions import (
    EDIT_LEASE,
    EDIT_TENANT,
    EDIT_TRADE_CATEGORY,
    VIEW_LEASE,
    VIEW_STORE,
    VIEW_TENANT,
)

TENANTS = ListPage(
    key="tenants",
    title=_("Tenants"),
    columns=(
        Column("name", _("Name"), cells.named_cell, sort="shown_name"),
        Column("code", _("Code"), "code", sort="code", from_width="md"),
        Column(
            "stores",
            _("Stores"),
            lambda tenant: formats.number(tenant.store_count),
            sort="store_count",
            plain="store_count",
            align="end",
        ),
        Column(
            "status",
            _("Status"),
            lambda tenant: cells.tenant_state(tenant.status),
            sort="status",
        ),
    ),
    default_sort="name",
    filters=(
        SearchFilter(label=_("Name or code"), search=lambda rows, text: rows.filter(named(text))),
        ChoiceFilter("status", _("Status"), choices=TenantStatus.choices),
    ),
    row_url=lambda tenant: record_url("malls:tenant", tenant.pk),
    empty=Empty(_("No tenants yet"), icon="users-group"),
    template="malls/tenants.html",
)


@requires(VIEW_TENANT)
def tenants(request: HttpRequest) -> HttpResponse:
    """The tenants of the reader's scope, with how many of the reader's stores they run."""
    actor = actor_of(request)
    stores = queries.stores_in(actor.scope)
    rows = with_shown_name(queries.tenants_in(actor.scope)).annotate(
        store_count=Count("stores", filter=Q(stores__in=stores))
    )
    return TENANTS.respond(request, rows, {"can_create": actor.may(EDIT_TENANT)})


@requires(VIEW_TENANT)
def tenant(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """A tenant: its facts, brands, and those of its stores that the reader sees."""
    actor = actor_of(request)
    row = _visible_tenant(request, tenant_id)
    found = with_shown_name(queries.find_stores(actor.scope, tenant_id=row.pk))
    stores = list(found.order_by("shown_name"))
    context = {
        "tenant": row,
        "state": cells.tenant_state(row.status),
        "facts": [*cells.name_facts(row), cells.origin_fact(row)],
        "brands": row.brands.order_by(*name_order()),
        "stores": [(store, cells.store_state(store)) for store in stores]
        if actor.may(VIEW_STORE)
        else [],
        "panels": _panels(request, TenantInView(row, stores, actor)),
        "contacts": shown_contacts(row.pk, actor),
        "leases": leases.rows_of(actor, tenant_id=row.pk),
        "shows_leases": actor.may(VIEW_LEASE),
        "can_let": actor.may(EDIT_LEASE),
        "can_edit": actor.may(EDIT_TENANT),
        "can_close": actor.may(EDIT_TENANT) and row.status != TenantStatus.LEFT,
    }
    return render(request, "malls/tenant.html", context)


def _panels(request: HttpRequest, view: TenantInView) -> list[tuple[Any, Any]]:
    """The cards of higher apps, rendered: title and HTML."""
    drawn: list[tuple[Any, Any]] = []
    for panel in panels_for(view.actor):
        context = panel.load(view) if view.stores else None
        if context is not None:
            html = render_to_string(panel.template, dict(context), request=request)
            drawn.append((panel.title, html))
    return drawn


@requires(EDIT_TENANT)
def close_tenant(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """Mark that a tenant moved out. Asked once; refused while one of its stores still trades."""
    row = _visible_tenant(request, tenant_id)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("malls:tenant", args=[row.pk]))
    try:
        services.close_tenant(row.pk, actor=actor_of(request))
    except Invalid as error:
        messages.error(request, str(error.fields.get("status", error)))
    else:
        messages.success(request, str(_("The tenant has moved out. Its history stays.")))
    return HttpResponseRedirect(reverse("malls:tenant", args=[row.pk]))


@requires(EDIT_TENANT)
def create_tenant(request: HttpRequest) -> HttpResponse:
    return form_page.respond(
        request,
        TenantForm(request.POST or None),
        save=lambda data: services.create_tenant(TenantInput(**data), actor=actor_of(request)),
        title=_("New tenant"),
        done=_("The tenant is saved."),
        # Its first store decides who sees it, and until then perhaps not the one who wrote it.
        next_url=lambda _row: reverse("malls:tenants"),
        back_url=reverse("malls:tenants"),
        back_label=_("Tenants"),
    )


@requires(EDIT_TENANT)
def edit_tenant(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    row = _visible_tenant(request, tenant_id)
    name, origin = row.name, row.origin
    return form_page.respond(
        request,
        TenantForm(request.POST or None, instance=row),
        save=lambda data: services.update_tenant(
            tenant_id, TenantInput(origin=origin, **data), actor=actor_of(request)
        ),
        title=_("Edit %(name)s") % {"name": name},
        done=_("The tenant is saved."),
        next_url=lambda saved: reverse("malls:tenant", args=[saved.pk]),
        back_url=reverse("malls:tenant", args=[tenant_id]),
        back_label=name,
    )


@requires(EDIT_TENANT)
def create_brand(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    row = _visible_tenant(request, tenant_id)
    return form_page.respond(
        request,
        BrandForm(request.POST or None),
        save=lambda data: services.create_brand(
            BrandInput(tenant_id=tenant_id, **data), actor=actor_of(request)
        ),
        title=_("New brand"),
        done=_("The brand is saved."),
        next_url=lambda saved: reverse("malls:tenant", args=[saved.tenant_id]),
        back_url=reverse("malls:tenant", args=[tenant_id]),
        back_label=row.name,
    )


@requires(EDIT_TENANT)
def edit_brand(request: HttpRequest, brand_id: UUID) -> HttpResponse:
    row = queries.brands_in(actor_of(request).scope).filter(pk=brand_id).first()
    if row is None:
        raise NotFound()
    name, tenant_id, origin = row.name, row.tenant_id, row.origin
    return form_page.respond(
        request,
        BrandForm(request.POST or None, instance=row),
        save=lambda data: services.update_brand(
            brand_id,
            BrandInput(tenant_id=tenant_id, origin=origin, **data),
            actor=actor_of(request),
        ),
        title=_("Edit %(name)s") % {"name": name},
        done=_("The brand is saved."),
        next_url=lambda saved: reverse("malls:tenant", args=[saved.tenant_id]),
        back_url=reverse("malls:tenant", args=[tenant_id]),
        back_label=row.tenant.name,
    )


@requires(VIEW_STORE)
def trade_categories(request: HttpRequest) -> HttpResponse:
    """Both levels, with how many of the reader's stores are directly in each."""
    actor = actor_of(request)
    context = {
        "tree": queries.trade_category_tree(actor.scope),
        "can_edit": actor.may(EDIT_TRADE_CATEGORY),
    }
    return render(request, "malls/trade_categories.html", context)


@requires(EDIT_TRADE_CATEGORY)
def create_trade_category(request: HttpRequest) -> HttpResponse:
    return form_page.respond(
        request,
        TradeCategoryForm(request.POST or None),
        save=lambda data: services.create_trade_category(
            _category_input(data), actor=actor_of(request)
        ),
        title=_("New trade category"),
        done=_("The trade category is saved."),
        next_url=lambda _row: reverse("malls:trade_categories"),
        back_url=reverse("malls:trade_categories"),
        back_label=_("Trade categories"),
    )


@requires(EDIT_TRADE_CATEGORY)
def edit_trade_category(request: HttpRequest, category_id: UUID) -> HttpResponse:
    row = get_object_or_404(TradeCategory, pk=category_id)
    name, origin = row.name, row.origin
    return form_page.respond(
        request,
        TradeCategoryForm(request.POST or None, instance=row),
        save=lambda data: services.update_trade_category(
            category_id, _category_input(data, origin=origin), actor=actor_of(request)
        ),
        title=_("Edit %(name)s") % {"name": name},
        done=_("The trade category is saved."),
        next_url=lambda _row: reverse("malls:trade_categories"),
        back_url=reverse("malls:trade_categories"),
        back_label=_("Trade categories"),
    )


def _category_input(data: dict[str, object], **more: object) -> TradeCategoryInput:
    parent = data["parent"]
    plain = {name: value for name, value in data.items() if name != "parent"}
    parent_id = parent.pk if isinstance(parent, TradeCategory) else None
    return TradeCategoryInput(parent_id=parent_id, **plain, **more)  # type: ignore[arg-type]


def _visible_tenant(request: HttpRequest, tenant_id: UUID) -> Tenant:
    row = queries.tenants_in(actor_of(request).scope).filter(pk=tenant_id).first()
    if row is None:
        raise NotFound()
    return row
