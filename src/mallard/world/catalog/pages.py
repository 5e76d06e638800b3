"""Console pages of the catalogue: products and the category tree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import with_shown_name
from mallard.kernel.errors import NotFound
from mallard.kernel.provenance import Origin
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import ChoiceFilter, GivenFilter, Rows, SearchFilter
from mallard.kernel.ui.kept import record_url
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact
from mallard.world.catalog import queries, services
from mallard.world.catalog.forms import CategoryForm, ProductForm, category_choices
from mallard.world.catalog.models import Category, Product, RestrictedKind
from mallard.world.catalog.permissions import EDIT_CATEGORY, EDIT_PRODUCT, VIEW_PRODUCT

RESTRICTED_CHOICES: tuple[tuple[str, str | Promise], ...] = (
    ("any", _("Any kind")),
    ("none", _("Not restricted")),
    *RestrictedKind.choices,
)


def restricted_badge(kind: str | None) -> Badge | str:
    """A badge that names the kind of restricted goods; nothing for goods that are not."""
    return Badge(RestrictedKind(kind).label, "warning", "ban") if kind else ""


def _named_cell(product: Product) -> SafeString:
    generated = Badge(_("Generated"), "generated", "sparkles") if product.is_generated else ""
    restricted = restricted_badge(product.restriction)
    return format_html("{} {} {}", product.name, restricted, generated)


def _in_category(rows: Rows, code: str) -> Rows:
    return queries.in_category(rows, Category.objects.get(code=code).pk)


def _found(rows: Rows, text: str) -> Rows:
    return rows.filter(pk__in=queries.search_products(text).values("pk"))


PRODUCTS = ListPage(
    key="products",
    title=_("Products"),
    columns=(
        Column("name", _("Name"), _named_cell, sort="shown_name"),
        Column("code", _("Code"), "code", sort="code"),
        Column("category", _("Category"), "category.name", sort="category__code", from_width="md"),
        Column("brand", _("Product brand"), "brand.name", from_width="lg"),
    ),
    default_sort="name",
    filters=(
        SearchFilter(
            label=_("Name, code, SKU or barcode"),
            search=_found,
        ),
        ChoiceFilter(
            "category",
            _("Category"),
            choices=lambda _request: category_choices(),
            apply=_in_category,
        ),
        ChoiceFilter(
            "restricted",
            _("Restricted goods"),
            choices=RESTRICTED_CHOICES,
            apply=queries.with_restriction,
        ),
        ChoiceFilter(
            "lack", _("To put right"), choices=queries.Lack.choices, apply=queries.lacking
        ),
        GivenFilter(
            "brand",
            _("Product brand"),
            name=queries.brand_name,
            apply=lambda rows, brand_id: rows.filter(brand=brand_id),
        ),
    ),
    row_url=lambda product: record_url("catalog:product", product.pk),
    empty=Empty(_("No products yet"), _("They come with the catalogue feed."), icon="package"),
    template="catalog/products.html",
)


@requires(VIEW_PRODUCT)
def products(request: HttpRequest) -> HttpResponse:
    rows = with_shown_name(queries.find_products())
    return PRODUCTS.respond(request, rows, {"can_create": actor_of(request).may(EDIT_PRODUCT)})


@requires(VIEW_PRODUCT)
def product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """A product: its facts, its variants and their barcodes."""
    row = _product(product_id)
    context = {
        "product": row,
        "badge": restricted_badge(row.restriction),
        "facts": _facts(row),
        "can_edit": actor_of(request).may(EDIT_PRODUCT),
    }
    return render(request, "catalog/product.html", context)


@requires(EDIT_PRODUCT)
def create_product(request: HttpRequest) -> HttpResponse:
    form = ProductForm(request.POST or None)
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.create_product(
            form.product_input(origin=Origin.STAFF), actor=actor_of(request)
        ),
        title=_("New product"),
        done=_("The product is saved."),
        next_url=lambda saved: reverse("catalog:product", args=[saved.pk]),
        back_url=reverse("catalog:products"),
        back_label=_("Products"),
    )


@requires(EDIT_PRODUCT)
def edit_product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    row = _product(product_id)
    name, origin = row.name, row.origin
    form = ProductForm(request.POST or None, instance=row)
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.update_product(
            product_id, form.product_input(origin=origin), actor=actor_of(request)
        ),
        title=_("Edit %(name)s") % {"name": name},
        done=_("The product is saved."),
        next_url=lambda saved: reverse("catalog:product", args=[saved.pk]),
        back_url=reverse("catalog:product", args=[product_id]),
        back_label=name,
    )


@requires(EDIT_PRODUCT)
@require_POST
def remove_barcode(request: HttpRequest, product_id: UUID, barcode_id: UUID) -> HttpResponse:
    """Take a barcode off one of the product's variants."""
    code = queries.barcode_of(product_id, barcode_id)
    if code is None:
        raise NotFound()
    services.remove_barcode(code, actor=actor_of(request))
    messages.success(request, _("Barcode %(code)s is removed.") % {"code": code})
    return redirect("catalog:product", product_id)


@requires(VIEW_PRODUCT)
def categories(request: HttpRequest) -> HttpResponse:
    """The whole tree, each category with its products and what is restricted in it."""
    tree: list[tuple[Category, Any]] = [
        (category, restricted_badge(category.restriction))
        for category in queries.category_tree(counted=True)
    ]
    context = {"tree": tree, "can_edit": actor_of(request).may(EDIT_CATEGORY)}
    return render(request, "catalog/categories.html", context)


@requires(EDIT_CATEGORY)
def create_category(request: HttpRequest) -> HttpResponse:
    form = CategoryForm(request.POST or None)
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.create_category(
            form.category_input(origin=Origin.STAFF), actor=actor_of(request)
        ),
        title=_("New category"),
        done=_("The category is saved."),
        next_url=lambda _saved: reverse("catalog:categories"),
        back_url=reverse("catalog:categories"),
        back_label=_("Categories"),
    )


@requires(EDIT_CATEGORY)
def edit_category(request: HttpRequest, category_id: UUID) -> HttpResponse:
    row = Category.objects.select_related("parent").filter(pk=category_id).first()
    if row is None:
        raise NotFound()
    name, origin = row.name, row.origin
    form = CategoryForm(request.POST or None, instance=row)
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.update_category(
            category_id, form.category_input(origin=origin), actor=actor_of(request)
        ),
        title=_("Edit %(name)s") % {"name": name},
        done=_("The category is saved."),
        next_url=lambda _saved: reverse("catalog:categories"),
        back_url=reverse("catalog:categories"),
        back_label=_("Categories"),
    )


def _product(product_id: UUID) -> Product:
    row = queries.products_with_variants([product_id]).first()
    if row is None:
        raise NotFound()
    return row


def _facts(product: Product) -> list[Fact]:
    way = [*queries.ancestors_of(product.category), product.category]
    inherited = product.restriction and not product.restricted
    return [
        Fact(_("Code"), product.code),
        Fact(_("English name"), product.name_en),
        Fact(_("Chinese name"), product.name_zh),
        Fact(
            _("Category"),
            " › ".join(category.name for category in way),
            url=f"{reverse('catalog:products')}?category={product.category.code}",
        ),
        Fact(
            _("Product brand"),
            product.brand.name if product.brand else None,
            url=reverse("catalog:brand", args=[product.brand_id]) if product.brand_id else "",
        ),
        Fact(
            _("Restricted goods"),
            restricted_badge(product.restriction) or _("No"),
            hint=_("Inherited from its category") if inherited else "",
        ),
        *(
            [Fact(_("No longer sold from"), formats.day(product.closed_on))]
            if product.closed_on
            else []
        ),
        Fact(_("Origin"), product.get_origin_display(), is_generated=product.is_generated),
    ]
