"""Every write of the catalogue.

Categories, product brands: ``create_``, ``update_``, ``save_`` (a batch by code, whole or not at
all) and ``save_each_`` (a batch answered row by row). Products:
`saving.save_products` does the work, a batch answered product by product; the functions here for
one product raise its refusal. All are audited and run in one transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mallard.kernel import audited_rows
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.audited_rows import CodeTwice, Table
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError, Invalid, NotFound
from mallard.kernel.ids import uuid7
from mallard.world.catalog import rules
from mallard.world.catalog.errors import CategoryCircle, ProductExists, UnknownCategory
from mallard.world.catalog.facts import (
    CategoryInput,
    NamedOutcome,
    ProductBrandInput,
    ProductInput,
    ProductOutcome,
)
from mallard.world.catalog.models import Barcode, Category, Product, ProductBrand
from mallard.world.catalog.queries import forget_variant_facts
from mallard.world.catalog.saving import write_products

CATEGORIES = Table(Category, "category")
BRANDS = Table(ProductBrand, "product_brand")
PRODUCTS = Table(Product, "product")

_Named = TypeVar("_Named", CategoryInput, ProductBrandInput)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CategoryRow:
    """A `CategoryInput` with its parent as the table names it."""

    id: UUID
    code: str
    name_en: str
    name_zh: str
    parent_id: UUID | None
    restricted: str | None
    origin: str


@atomic_retrying
def create_category(category: CategoryInput, *, actor: Actor) -> Category:
    """A new category. Raises `CodeTaken`, `UnknownCategory` (the parent), `Invalid`."""
    return audited_rows.create(CATEGORIES, _category_rows([category])[0], actor=actor)


@atomic_retrying
def update_category(category_id: UUID, category: CategoryInput, *, actor: Actor) -> Category:
    """Change or move a category; products below it follow. Raises `CategoryCircle` too."""
    old_code = audited_rows.lock(CATEGORIES, category_id).code
    transaction.on_commit(forget_variant_facts)
    row = _category_rows([category], renamed=(old_code, category.code))[0]
    return audited_rows.update(CATEGORIES, category_id, row, actor=actor)


@atomic_retrying
def save_categories(categories: Sequence[CategoryInput], *, actor: Actor) -> list[Category]:
    """Create or change by code; a parent may come in the same batch, before or after."""
    transaction.on_commit(forget_variant_facts)
    return audited_rows.save(CATEGORIES, _category_rows(categories), actor=actor)


@atomic_retrying
def save_each_category(categories: Sequence[CategoryInput], *, actor: Actor) -> list[NamedOutcome]:
    """Create or change by code, one outcome each, in order. A refused category does not hold up
    the others, those that belong to it excepted; parents may come before or after."""
    transaction.on_commit(forget_variant_facts)
    tree = _Tree.read()

    def save(category: CategoryInput) -> list[Category]:
        saved = audited_rows.save(CATEGORIES, _category_rows([category], tree), actor=actor)
        tree.ids[category.code] = saved[0].pk
        tree.parent_of[category.code] = category.parent_code
        return saved

    in_turn = rules.parents_first(categories)
    before = _present(Category, categories, "parent_id", "restricted")
    return _save_each(in_turn, categories, before, save)


@atomic_retrying
def save_each_brand(brands: Sequence[ProductBrandInput], *, actor: Actor) -> list[NamedOutcome]:
    """Create or change by code, one outcome each, in order; a refused one holds up no other."""
    before = _present(ProductBrand, brands)
    return _save_each(
        brands, brands, before, lambda brand: audited_rows.save(BRANDS, [brand], actor=actor)
    )


@atomic_retrying
def save_brands(brands: Sequence[ProductBrandInput], *, actor: Actor) -> list[ProductBrand]:
    return audited_rows.save(BRANDS, brands, actor=actor)


@atomic_retrying
def create_brand(brand: ProductBrandInput, *, actor: Actor) -> ProductBrand:
    return audited_rows.create(BRANDS, brand, actor=actor)


@atomic_retrying
def update_brand(brand_id: UUID, brand: ProductBrandInput, *, actor: Actor) -> ProductBrand:
    return audited_rows.update(BRANDS, brand_id, brand, actor=actor)


@atomic_retrying
def save_products(products: Sequence[ProductInput], *, actor: Actor) -> list[ProductOutcome]:
    """Create or change products by code, with variants by SKU; one outcome each, in order.

    A refused product does not hold up the others. Variants and barcodes are added or renamed,
    never taken away. Any number of products; a handful of statements for every 5,000.
    """
    return write_products(products, actor=actor)


@atomic_retrying
def create_product(product: ProductInput, *, actor: Actor) -> Product:
    """A new product. Raises `ProductExists` or why it is refused."""
    if Product.objects.filter(code=product.code).exists():
        error = ProductExists(code=product.code)
        error.fields["code"] = error.sentence
        raise error
    return _write_one(product, actor)


@atomic_retrying
def update_product(product_id: UUID, product: ProductInput, *, actor: Actor) -> Product:
    """Change a product. Its code stays: other systems know it by that. Raises why it is refused."""
    row = Product.objects.filter(pk=product_id).first()
    if row is None:
        raise NotFound()
    if row.code != product.code:
        raise Invalid(fields={"code": _("A product keeps its code.")})
    return _write_one(product, actor)


@atomic_retrying
def close_product(product_id: UUID, *, closed_on: dt.date, actor: Actor) -> Product:
    """Mark a product as no longer sold from ``closed_on`` on."""
    return audited_rows.change(PRODUCTS, product_id, {"closed_on": closed_on}, actor=actor)


@atomic_retrying
def remove_barcode(code: str, *, actor: Actor) -> None:
    """Take a barcode off its variant, e.g. because it was printed on something else."""
    barcode = Barcode.objects.select_for_update().filter(code=code).first()
    if barcode is None:
        raise NotFound()
    audit.record(
        actor,
        "catalog.barcode_removed",
        "variant",
        barcode.variant_id,
        before={"barcode": code},
        after={},
    )
    barcode.delete()
    transaction.on_commit(forget_variant_facts)


def _write_one(product: ProductInput, actor: Actor) -> Product:
    outcome = write_products([product], actor=actor)[0]
    if outcome.error is not None:
        raise outcome.error
    return Product.objects.select_related("category", "brand").get(code=product.code)


def _save_each(
    in_turn: Sequence[_Named],
    asked: Sequence[_Named],
    before: Mapping[str, Mapping[str, Any]],
    save: Callable[[_Named], Sequence[Category] | Sequence[ProductBrand]],
) -> list[NamedOutcome]:
    """Save each in a savepoint of its own, ``in_turn``; the outcomes in the order of ``asked``.
    ``before``: what is there already, by code."""
    outcomes: dict[int, NamedOutcome] = {}
    seen: set[str] = set()
    for item in in_turn:
        try:
            if item.code in seen:
                raise CodeTwice(code=item.code)
            seen.add(item.code)
            with transaction.atomic():
                row = save(item)[0]
        except DomainError as error:
            outcomes[id(item)] = NamedOutcome(item.code, "refused", error=error)
            continue
        old = before.get(item.code)
        if old is None:
            status: Literal["created", "changed", "unchanged"] = "created"
        else:
            is_same = all(getattr(row, name) == value for name, value in old.items())
            status = "unchanged" if is_same else "changed"
        outcomes[id(item)] = NamedOutcome(item.code, status, row.pk)
    return [outcomes[id(item)] for item in asked]


def _present(
    model: type[Category] | type[ProductBrand],
    asked: Sequence[CategoryInput] | Sequence[ProductBrandInput],
    *more: str,
) -> dict[str, dict[str, Any]]:
    """What the rows that are asked for say now, by code: what an input can change of them."""
    columns = ("code", "name_en", "name_zh", "origin", *more)
    rows = model.objects.filter(code__in={item.code for item in asked}).values(*columns)
    return {row["code"]: row for row in rows}


@dataclass(slots=True)
class _Tree:
    """Every category's id and its parent's code, by code."""

    ids: dict[str, UUID]
    parent_of: dict[str, str | None]

    @classmethod
    def read(cls) -> _Tree:
        rows = list(Category.objects.values_list("code", "id", "parent__code"))
        return cls(
            {code: pk for code, pk, _parent in rows}, {code: parent for code, _pk, parent in rows}
        )


def _category_rows(
    categories: Sequence[CategoryInput],
    tree: _Tree | None = None,
    *,
    renamed: tuple[str, str] | None = None,
) -> list[_CategoryRow]:
    """The inputs with ids for codes, after making sure that the tree stays a tree. ``tree``: as
    it is, where it was read before; it stays so."""
    tree = tree or _Tree.read()
    ids, parent_of = dict(tree.ids), dict(tree.parent_of)
    if renamed is not None and renamed[1] not in ids:
        old, new = renamed
        ids[new] = ids.pop(old)
        parent_of = {
            (new if code == old else code): (new if parent == old else parent)
            for code, parent in parent_of.items()
        }
    for category in categories:
        ids.setdefault(category.code, uuid7())
        parent_of[category.code] = category.parent_code
    for category in categories:
        if category.parent_code is not None and category.parent_code not in ids:
            error = UnknownCategory(code=category.parent_code)
            error.fields["parent"] = error.sentence
            raise error
    if rules.has_circle(parent_of):
        raise CategoryCircle(fields={"parent": CategoryCircle.message})
    return [
        _CategoryRow(
            id=ids[category.code],
            code=category.code,
            name_en=category.name_en,
            name_zh=category.name_zh,
            parent_id=ids[category.parent_code] if category.parent_code is not None else None,
            restricted=category.restricted,
            origin=category.origin,
        )
        for category in categories
    ]
