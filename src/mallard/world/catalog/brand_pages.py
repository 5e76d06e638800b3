"""Console pages of product brands: the makers' names on products."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import named, with_shown_name
from mallard.kernel.errors import NotFound
from mallard.kernel.provenance import Origin
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import SearchFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact
from mallard.world.catalog import services
from mallard.world.catalog.forms import ProductBrandForm
from mallard.world.catalog.models import ProductBrand
from mallard.world.catalog.permissions import EDIT_PRODUCT, VIEW_PRODUCT


def _named_cell(brand: ProductBrand) -> SafeString | str:
    if not brand.is_generated:
        return brand.name
    return format_html("{} {}", brand.name, Badge(_("Generated"), "generated", "sparkles"))


BRANDS = ListPage(
    key="product_brands",
    title=_("Product brands"),
    columns=(
        Column("name", _("Name"), _named_cell, sort="shown_name"),
        Column("code", _("Code"), "code", sort="code"),
        Column(
            "products",
            _("Products"),
            lambda brand: formats.number(brand.product_count),
            sort="product_count",
            plain="product_count",
            align="end",
        ),
    ),
    default_sort="name",
    filters=(
        SearchFilter(label=_("Name or code"), search=lambda rows, text: rows.filter(named(text))),
    ),
    row_url=lambda brand: reverse("catalog:brand", args=[brand.pk]),
    empty=Empty(_("No product brands yet"), _("They come with the catalogue feed."), icon="tag"),
    template="catalog/brands.html",
)


@requires(VIEW_PRODUCT)
def brands(request: HttpRequest) -> HttpResponse:
    """Every product brand with how many products carry it."""
    rows = with_shown_name(ProductBrand.objects.annotate(product_count=Count("products")))
    return BRANDS.respond(request, rows, {"can_create": actor_of(request).may(EDIT_PRODUCT)})


@requires(VIEW_PRODUCT)
def brand(request: HttpRequest, brand_id: UUID) -> HttpResponse:
    """A product brand: its facts, and the way to its products."""
    row = _brand(brand_id)
    products = f"{reverse('catalog:products')}?brand={row.pk}"
    facts = [
        Fact(_("Code"), row.code),
        Fact(_("English name"), row.name_en),
        Fact(_("Chinese name"), row.name_zh),
        Fact(_("Products"), formats.number(row.products.count()), url=products),
        Fact(_("Origin"), row.get_origin_display(), is_generated=row.is_generated),
    ]
    context = {"brand": row, "facts": facts, "can_edit": actor_of(request).may(EDIT_PRODUCT)}
    return render(request, "catalog/brand.html", context)


@requires(EDIT_PRODUCT)
def create_brand(request: HttpRequest) -> HttpResponse:
    form = ProductBrandForm(request.POST or None)
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.create_brand(
            form.brand_input(origin=Origin.STAFF), actor=actor_of(request)
        ),
        title=_("New product brand"),
        done=_("The product brand is saved."),
        next_url=lambda saved: reverse("catalog:brand", args=[saved.pk]),
        back_url=reverse("catalog:brands"),
        back_label=_("Product brands"),
    )


@requires(EDIT_PRODUCT)
def edit_brand(request: HttpRequest, brand_id: UUID) -> HttpResponse:
    row = _brand(brand_id)
    name, origin = row.name, row.origin
    form = ProductBrandForm(request.POST or None, instance=row)
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.update_brand(
            brand_id, form.brand_input(origin=origin), actor=actor_of(request)
        ),
        title=_("Edit %(name)s") % {"name": name},
        done=_("The product brand is saved."),
        next_url=lambda saved: reverse("catalog:brand", args=[saved.pk]),
        back_url=reverse("catalog:brand", args=[brand_id]),
        back_label=name,
    )


def _brand(brand_id: UUID) -> ProductBrand:
    row = ProductBrand.objects.filter(pk=brand_id).first()
    if row is None:
        raise NotFound()
    return row
