"""Brands: the list, and a brand with its stores. Its forms stand with its tenant's."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import named, with_shown_name
from mallard.kernel.errors import NotFound
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import ChoiceFilter, SearchFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Fact
from mallard.world.malls import queries
from mallard.world.malls.pages import cells
from mallard.world.malls.permissions import EDIT_TENANT, VIEW_STORE, VIEW_TENANT

BRANDS = ListPage(
    key="brands",
    title=_("Brands"),
    columns=(
        Column("name", _("Name"), cells.named_cell, sort="shown_name"),
        Column("code", _("Code"), "code", sort="code", from_width="md"),
        Column("tenant", _("Tenant"), "tenant.name", sort="tenant__code"),
        Column(
            "stores",
            _("Stores"),
            lambda brand: formats.number(brand.store_count),
            sort="store_count",
            plain="store_count",
            align="end",
        ),
    ),
    default_sort="name",
    filters=(
        SearchFilter(
            label=_("Name, code or tenant"),
            search=lambda rows, text: rows.filter(named(text) | named(text, "tenant__")),
        ),
        ChoiceFilter("tenant", _("Tenant"), choices=cells.tenant_choices, column="tenant_id"),
    ),
    row_url=lambda brand: reverse("malls:brand", args=[brand.pk]),
    empty=Empty(_("No brands yet"), _("They are added on a tenant's page."), icon="tag"),
)


@requires(VIEW_TENANT)
def brands(request: HttpRequest) -> HttpResponse:
    """The brands of the reader's tenants, with how many of the reader's stores carry each."""
    actor = actor_of(request)
    stores = queries.stores_in(actor.scope)
    rows = with_shown_name(queries.brands_in(actor.scope)).select_related("tenant")
    return BRANDS.respond(
        request, rows.annotate(store_count=Count("stores", filter=Q(stores__in=stores)))
    )


@requires(VIEW_TENANT)
def brand(request: HttpRequest, brand_id: UUID) -> HttpResponse:
    """A brand: its facts, and those of its stores that the reader sees."""
    actor = actor_of(request)
    row = queries.brands_in(actor.scope).select_related("tenant").filter(pk=brand_id).first()
    if row is None:
        raise NotFound()
    found = with_shown_name(queries.find_stores(actor.scope, tenant_id=row.tenant_id))
    stores = found.filter(brand=row).order_by("shown_name") if actor.may(VIEW_STORE) else []
    context = {
        "brand": row,
        "facts": [
            *cells.name_facts(row),
            Fact(_("Tenant"), row.tenant.name, url=reverse("malls:tenant", args=[row.tenant_id])),
            cells.origin_fact(row),
        ],
        "stores": [(store, cells.store_state(store)) for store in stores],
        "can_edit": actor.may(EDIT_TENANT),
    }
    return render(request, "malls/brand.html", context)
