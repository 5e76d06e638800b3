"""Reads of the catalogue. It is the group's, so no scope narrows it."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import BooleanField, Count, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from mallard.kernel.bilingual import name_order
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.search_text import query_terms, tsquery_literal
from mallard.world.catalog.facts import VariantFacts
from mallard.world.catalog.models import Barcode, Category, Product, ProductBrand, Variant

_VARIANT_FACTS = """
    SELECT {asked}, v.id, v.product_id, v.sku, c.lineage, coalesce(p.restricted, c.restriction)
    FROM {source}
    JOIN catalog_product p ON p.id = v.product_id
    JOIN catalog_category c ON c.id = p.category_id
    WHERE {asked} = ANY(%s::text[])
"""
_BY_SKU = _VARIANT_FACTS.format(asked="v.sku", source="catalog_variant v")
_BY_BARCODE = _VARIANT_FACTS.format(
    asked="b.code", source="catalog_barcode b JOIN catalog_variant v ON v.id = b.variant_id"
)


class _TsQuery(models.Field):
    """A query whose terms are made already; ``SearchQuery`` would send them through a parser that
    does not know Chinese."""

    def db_type(self, connection: Any) -> str:
        return "tsquery"


def variant_facts(skus: Collection[str], barcodes: Collection[str] = ()) -> dict[str, VariantFacts]:
    """Facts by the SKU or barcode asked for; unknown ones are left out. A SKU goes before a
    barcode of the same text. At most one statement for each kind asked for.

    What is found is kept in the process for up to five seconds: tills repeat themselves. A change
    made elsewhere shows up that much later; a new variant at once.
    """
    facts = _facts_of(_BY_SKU, skus)
    return facts | _facts_of(_BY_BARCODE, [code for code in barcodes if code not in facts])


FACTS_SECONDS = 5.0
MAX_CACHED_FACTS = 20_000

_facts: dict[tuple[str, str], tuple[float, VariantFacts]] = {}


def forget_variant_facts() -> None:
    """Drop what `variant_facts` keeps in this process."""
    _facts.clear()


def _facts_of(statement: str, codes: Collection[str]) -> dict[str, VariantFacts]:
    now = time.monotonic()
    known = {
        code: entry[1]
        for code in codes
        if (entry := _facts.get((statement, code))) is not None and entry[0] > now
    }
    missing = [code for code in codes if code not in known]
    if not missing:
        return known
    read = {
        row[0]: VariantFacts(row[1], row[2], row[3], tuple(row[4]), row[5])
        for row in fetch_rows(statement, [missing])
    }
    until = now + FACTS_SECONDS

    def remember() -> None:
        if len(_facts) + len(read) > MAX_CACHED_FACTS:
            _facts.clear()
        _facts.update({(statement, code): (until, facts) for code, facts in read.items()})

    # After the commit: this very transaction may have made the variant, and be rolled back.
    transaction.on_commit(remember)
    return known | read


def search_products(text: str) -> QuerySet[Product]:
    """Products whose code or name has every word of ``text``: Latin words by prefix, Chinese by
    character pairs. A text that is exactly a SKU or a barcode finds that product alone."""
    text = text.strip()
    if not text:
        return Product.objects.all()
    exact = Variant.objects.filter(Q(sku=text) | Q(barcodes__code=text))
    product_ids = set(exact.values_list("product_id", flat=True))
    if product_ids:
        return Product.objects.filter(pk__in=product_ids)
    terms = query_terms(text)
    return (
        Product.objects.filter(_matches(tsquery_literal(terms)))
        if terms
        else (Product.objects.none())
    )


def find_products(
    *, text: str = "", category_id: UUID | None = None, restricted: str | None = None
) -> QuerySet[Product]:
    """Products as lists show them, in a category or below it. ``restricted``: a kind, ``any`` or
    ``none``; each has ``effective_restriction`` (own or inherited)."""
    products = search_products(text).select_related("category", "brand")
    products = products.annotate(
        effective_restriction=Coalesce("restricted", "category__restriction")
    )
    if category_id is not None:
        products = in_category(products, category_id)
    return with_restriction(products, restricted) if restricted else products


def in_category(products: QuerySet[Product], category_id: UUID) -> QuerySet[Product]:
    """The products in a category or below it."""
    return products.filter(category__lineage__contains=[category_id])


def with_restriction(products: QuerySet[Product], kind: str) -> QuerySet[Product]:
    """The products of `find_products` that are restricted goods of ``kind``, of any kind
    (``any``), or not restricted (``none``)."""
    if kind in ("any", "none"):
        condition = Q(("effective_restriction__isnull", kind == "none"))
    else:
        condition = Q(("effective_restriction", kind))
    return products.filter(condition)


class Lack(models.TextChoices):
    """What a product may lack, for whoever keeps the catalogue."""

    ENGLISH = "name_en", _("No English name")
    CHINESE = "name_zh", _("No Chinese name")
    BARCODE = "barcode", _("A variant without a barcode")
    SALE = "sale", _("No longer sold")


def lacking(products: QuerySet[Product], lack: str) -> QuerySet[Product]:
    """The products that lack something; of those no longer sold nothing but that is told."""
    if lack == Lack.SALE:
        return products.exclude(closed_on=None)
    products = products.filter(closed_on=None)
    if lack == Lack.BARCODE:
        bare = Variant.objects.filter(barcodes=None)
        return products.filter(pk__in=bare.values("product"))
    return products.filter(**{lack: ""})


def product_of(code: str) -> Product | None:
    """The product that a SKU, a barcode or a product code names, in this order."""
    found = variant_facts([code], [code]).get(code)
    condition = Q(pk=found.product_id) if found else Q(code=code)
    return _whole_products().filter(condition).first()


def products_with_variants(ids: Collection[UUID]) -> QuerySet[Product]:
    """These products with category, brand, variants and barcodes fetched."""
    return _whole_products().filter(pk__in=ids)


def barcode_of(product_id: UUID, barcode_id: UUID) -> str | None:
    """The code of a barcode on one of this product's variants; None where it is not there."""
    barcodes = Barcode.objects.filter(pk=barcode_id, variant__product=product_id)
    return barcodes.values_list("code", flat=True).first()


def category_tree(*, counted: bool = False) -> list[Category]:
    """Every category, parents before children, by name; with ``depth`` and, if ``counted``,
    ``product_count`` (products directly in it)."""
    categories = Category.objects.all()
    if counted:
        categories = categories.annotate(product_count=Count("products"))
    children: dict[UUID | None, list[Category]] = {}
    for category in categories.order_by(*name_order()):
        children.setdefault(category.parent_id, []).append(category)
    ordered: list[Category] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        row = waiting.pop()
        row.depth = len(row.lineage) - 1  # type: ignore[attr-defined]
        ordered.append(row)
        waiting.extend(reversed(children.get(row.pk, [])))
    return ordered


def ancestors_of(category: Category) -> list[Category]:
    """The categories above, the root first."""
    above = Category.objects.in_bulk(category.lineage[1:])
    return [above[pk] for pk in reversed(category.lineage[1:])]


def _whole_products() -> QuerySet[Product]:
    return Product.objects.select_related("category", "brand").prefetch_related(
        models.Prefetch("variants", queryset=Variant.objects.order_by("sku")),
        "variants__barcodes",
    )


def _matches(literal: str) -> Func:
    return Func(
        F("search"),
        Cast(Value(literal), _TsQuery()),
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def product_name(product_id: UUID) -> str | None:
    """What a product is called; None where there is none."""
    row = Product.objects.filter(pk=product_id).first()
    return row.name if row else None


def category_name(category_id: UUID) -> str | None:
    """What a category is called; None where there is none."""
    row = Category.objects.filter(pk=category_id).first()
    return row.name if row else None


def brand_name(brand_id: UUID) -> str | None:
    """What a product brand is called; None where there is none."""
    row = ProductBrand.objects.filter(pk=brand_id).first()
    return row.name if row else None
