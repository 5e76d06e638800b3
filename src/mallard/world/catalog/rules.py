"""Pure decisions about the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import DomainError
from mallard.world.catalog.errors import (
    BarcodeTaken,
    ProductInvalid,
    ProductTwice,
    SkuTaken,
    UnknownBrand,
    UnknownCategory,
)
from mallard.world.catalog.facts import CategoryInput, ProductInput, VariantInput
from mallard.world.catalog.models import BARCODE_PATTERN, CODE_PATTERN, RestrictedKind

MAX_NAME = 200
MAX_VARIANTS = 100
MAX_BARCODES = 50

_CODE = re.compile(CODE_PATTERN)
_BARCODE = re.compile(BARCODE_PATTERN)


def has_circle(parent_of: Mapping[str, str | None]) -> bool:
    """Whether following ``parent_of`` (code to parent's code) comes back to where it began."""
    done: set[str] = set()
    for start in parent_of:
        way: set[str] = set()
        here: str | None = start
        while here is not None and here not in done:
            if here in way:
                return True
            way.add(here)
            here = parent_of.get(here)
        done |= way
    return False


def parents_first(categories: Sequence[CategoryInput]) -> list[CategoryInput]:
    """A batch in an order in which a parent that is in it comes before what belongs to it. A
    circle has no such order; its members come in some order."""
    named = {category.code: category for category in reversed(categories)}
    placed: set[int] = set()
    ordered: list[CategoryInput] = []
    for category in categories:
        way: list[CategoryInput] = []
        here: CategoryInput | None = category
        while here is not None and id(here) not in placed:
            placed.add(id(here))
            way.append(here)
            here = named.get(here.parent_code) if here.parent_code is not None else None
        ordered.extend(reversed(way))
    return ordered


@dataclass(slots=True)
class Claims:
    """Which codes exist and whose they are. Judging a batch adds what its products claim.

    A product that is not saved yet is known by its code alone, so owners are named by code.
    """

    categories: Mapping[str, UUID]
    brands: Mapping[str, UUID]
    product_of_sku: dict[str, str]
    sku_of_barcode: dict[str, str]
    products: set[str] = field(default_factory=set)


def judge(
    product: ProductInput, variants: Sequence[VariantInput], claims: Claims
) -> DomainError | None:
    """Why ``product`` with ``variants`` is refused, or None; then its claims are made."""
    problems = product_problems(product) | variant_problems(variants)
    if problems:
        return ProductInvalid(fields=problems)
    if product.code in claims.products:
        return ProductTwice(code=product.code)
    if product.category_code not in claims.categories:
        error = UnknownCategory(code=product.category_code)
        error.fields["category_code"] = error.sentence
        return error
    if product.brand_code is not None and product.brand_code not in claims.brands:
        error_brand = UnknownBrand(code=product.brand_code)
        error_brand.fields["brand_code"] = error_brand.sentence
        return error_brand
    taken = _taken(product, variants, claims)
    if taken is None:
        claims.products.add(product.code)
        for variant in variants:
            claims.product_of_sku[variant.sku] = product.code
            claims.sku_of_barcode.update(dict.fromkeys(variant.barcodes, variant.sku))
    return taken


def product_problems(product: ProductInput) -> dict[str, str | Promise]:
    """What is not well-formed in the product itself, by field."""
    problems: dict[str, str | Promise] = {}
    if not _CODE.match(product.code):
        problems["code"] = _(
            "Use up to 64 letters, digits, dots, dashes, slashes and underscores, without spaces."
        )
    if not (product.name_en.strip() or product.name_zh.strip()):
        problems["name_en"] = _("Please give a name in English or in Chinese.")
    for name in ("name_en", "name_zh"):
        if not _is_text(getattr(product, name)):
            problems[name] = _("Use at most 200 characters.")
    if product.restricted is not None and product.restricted not in RestrictedKind.values:
        problems["restricted"] = _("This kind of restricted goods is not known.")
    return problems


def variant_problems(variants: Sequence[VariantInput]) -> dict[str, str | Promise]:
    """What is not well-formed in the variants; the first of each kind."""
    problems: dict[str, str | Promise] = {}
    if len(variants) > MAX_VARIANTS or any(len(v.barcodes) > MAX_BARCODES for v in variants):
        problems["variants"] = _("Too many variants or barcodes for one product.")
    if not all(_CODE.match(variant.sku) for variant in variants):
        problems["sku"] = _("A SKU has up to 64 letters, digits, dots and dashes, without spaces.")
    if len({variant.sku for variant in variants}) < len(variants):
        problems["sku"] = _("A SKU occurs twice.")
    if not all(_BARCODE.match(code) for variant in variants for code in variant.barcodes):
        problems["barcodes"] = _("A barcode has 4 to 48 digits or letters.")
    if not all(_is_text(v.name_en) and _is_text(v.name_zh) for v in variants):
        problems["variants"] = _("Use at most 200 characters.")
    return problems


def _is_text(text: str) -> bool:
    return len(text) <= MAX_NAME and "\0" not in text


def _taken(
    product: ProductInput, variants: Sequence[VariantInput], claims: Claims
) -> DomainError | None:
    own: dict[str, str] = {}
    for variant in variants:
        if claims.product_of_sku.get(variant.sku, product.code) != product.code:
            return SkuTaken(sku=variant.sku)
        for barcode in variant.barcodes:
            holder = own.get(barcode) or claims.sku_of_barcode.get(barcode, variant.sku)
            if holder != variant.sku:
                return BarcodeTaken(barcode=barcode)
            own[barcode] = variant.sku
    return None
