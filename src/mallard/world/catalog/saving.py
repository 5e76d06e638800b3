"""Writes products by the thousand: a handful of statements for each slice of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.database.bulk import insert_unnest
from mallard.kernel.ids import uuid7
from mallard.kernel.search_text import index_terms, tsvector_literal
from mallard.world.catalog import locks, rules
from mallard.world.catalog.facts import ProductInput, ProductOutcome, VariantInput
from mallard.world.catalog.models import Barcode, Category, Product, ProductBrand, Variant
from mallard.world.catalog.queries import forget_variant_facts

SLICE = 5_000

_COMPARED = ("name_en", "name_zh", "category_id", "brand_id", "restricted", "closed_on", "origin")
_PRODUCT_COLUMNS = (
    ("id", "uuid"),
    ("code", "varchar"),
    ("name_en", "varchar"),
    ("name_zh", "varchar"),
    ("category_id", "uuid"),
    ("brand_id", "uuid"),
    ("restricted", "varchar"),
    ("closed_on", "date"),
    ("origin", "varchar"),
    ("search", "tsvector"),
)
_VARIANT_COLUMNS = (
    ("id", "uuid"),
    ("product_id", "uuid"),
    ("sku", "varchar"),
    ("name_en", "varchar"),
    ("name_zh", "varchar"),
    ("origin", "varchar"),
)
_BARCODE_COLUMNS = (("id", "uuid"), ("variant_id", "uuid"), ("code", "varchar"))


@dataclass(slots=True)
class _Known:
    """What the database holds of one slice, before it is written."""

    claims: rules.Claims
    products: dict[str, Product]
    variants: dict[str, Variant]
    barcodes: set[str]


@dataclass(frozen=True, slots=True)
class _Accepted:
    product: ProductInput
    variants: Sequence[VariantInput]
    row: tuple[Any, ...]
    is_new: bool
    is_changed: bool


def write_products(products: Sequence[ProductInput], *, actor: Actor) -> list[ProductOutcome]:
    """Save ``products`` in the caller's transaction; one outcome each, in order."""
    transaction.on_commit(forget_variant_facts)
    done: set[str] = set()
    outcomes: list[ProductOutcome] = []
    for start in range(0, len(products), SLICE):
        part = products[start : start + SLICE]
        known = _read(part)
        known.claims.products |= done
        outcomes += _write_slice(part, known, actor)
        done = known.claims.products
    return outcomes


def _read(part: Sequence[ProductInput]) -> _Known:
    skus = {variant.sku for item in part for variant in item.variants}
    skus |= {item.code for item in part if not item.variants}
    codes = {code for item in part for variant in item.variants for code in variant.barcodes}
    brands = {item.brand_code for item in part if item.brand_code}
    products = locks.lock_products(_askable({item.code for item in part}))
    known_variants = Variant.objects.filter(sku__in=_askable(skus)).select_related("product")
    variants = {row.sku: row for row in known_variants}
    barcodes = Barcode.objects.filter(code__in=_askable(codes))
    owners = dict(barcodes.values_list("code", "variant__sku"))
    claims = rules.Claims(
        categories=dict(Category.objects.values_list("code", "id")),
        brands=dict(
            ProductBrand.objects.filter(code__in=_askable(brands)).values_list("code", "id")
        ),
        product_of_sku={sku: row.product.code for sku, row in variants.items()},
        sku_of_barcode=owners,
    )
    return _Known(claims, products, variants, set(owners))


def _askable(texts: set[str]) -> set[str]:
    """Without those that the database cannot be asked about; they are refused later anyway."""
    return {text for text in texts if "\0" not in text}


def _write_slice(part: Sequence[ProductInput], known: _Known, actor: Actor) -> list[ProductOutcome]:
    judged = [_judged(item, known) for item in part]
    accepted = [item for item in judged if isinstance(item, _Accepted)]
    ids = {code: row.pk for code, row in known.products.items()}
    ids |= _upsert_products([item.row for item in accepted if item.is_changed or item.is_new])
    changed = _upsert_variants(accepted, known, ids)
    changed |= _insert_barcodes(accepted, known)
    outcomes = []
    for item in judged:
        if isinstance(item, ProductOutcome):
            outcomes.append(item)
            continue
        is_changed = item.is_changed or item.product.code in changed
        status: Any = "created" if item.is_new else "changed" if is_changed else "unchanged"
        outcomes.append(ProductOutcome(item.product.code, status, ids[item.product.code]))
    _record(accepted, outcomes, known, actor)
    return outcomes


def _judged(item: ProductInput, known: _Known) -> _Accepted | ProductOutcome:
    old = known.products.get(item.code)
    variants: Sequence[VariantInput] = item.variants
    if not variants and old is None:
        variants = (VariantInput(sku=item.code),)
    error = rules.judge(item, variants, known.claims)
    if error is not None:
        return ProductOutcome(item.code, "refused", error=error)
    names = item.name_en.strip(), item.name_zh.strip()
    row = (
        old.pk if old else uuid7(),
        item.code,
        *names,
        known.claims.categories[item.category_code],
        known.claims.brands[item.brand_code] if item.brand_code is not None else None,
        item.restricted,
        item.closed_on,
        str(item.origin),
        tsvector_literal(index_terms(item.code, *names)),
    )
    is_changed = old is not None and row[2:9] != tuple(getattr(old, name) for name in _COMPARED)
    return _Accepted(item, variants, row, old is None, is_changed)


def _upsert_products(rows: Sequence[tuple[Any, ...]]) -> dict[str, UUID]:
    """The ids by code: somebody else's, when they created the product at the same moment."""
    updates = ", ".join(f"{name} = excluded.{name}" for name, _kind in _PRODUCT_COLUMNS[2:])
    returned = insert_unnest(
        "catalog_product",
        _PRODUCT_COLUMNS,
        rows,
        on_conflict=f"ON CONFLICT (code) DO UPDATE SET {updates}",
        returning=("code", "id"),
    )
    return dict(returned)


def _upsert_variants(
    accepted: Sequence[_Accepted], known: _Known, ids: dict[str, UUID]
) -> set[str]:
    """Write new and renamed variants, and learn their ids; the codes of the products concerned."""
    rows: list[tuple[Any, ...]] = []
    concerned: set[str] = set()
    for item in accepted:
        for variant in item.variants:
            names = (variant.name_en.strip(), variant.name_zh.strip())
            if not any(names):
                names = (item.row[2], item.row[3])
            old = known.variants.get(variant.sku)
            if old is not None and (old.name_en, old.name_zh) == names:
                continue
            product_id = ids[item.product.code]
            row_id = old.pk if old else uuid7()
            rows.append((row_id, product_id, variant.sku, *names, str(item.product.origin)))
            concerned.add(item.product.code)
    returned = insert_unnest(
        "catalog_variant",
        _VARIANT_COLUMNS,
        rows,
        on_conflict="ON CONFLICT (sku) DO UPDATE SET name_en = excluded.name_en, "
        "name_zh = excluded.name_zh, origin = excluded.origin "
        "WHERE catalog_variant.product_id = excluded.product_id",
        returning=("id", "sku", "product_id"),
    )
    for pk, sku, product_id in returned:
        known.variants[sku] = Variant(pk=pk, sku=sku, product_id=product_id)
    return concerned


def _insert_barcodes(accepted: Sequence[_Accepted], known: _Known) -> set[str]:
    """Write the barcodes that are new; the codes of the products concerned."""
    rows = [
        (uuid7(), known.variants[variant.sku].pk, code, item.product.code)
        for item in accepted
        for variant in item.variants
        for code in dict.fromkeys(variant.barcodes)
        if code not in known.barcodes
    ]
    insert_unnest("catalog_barcode", _BARCODE_COLUMNS, [row[:3] for row in rows])
    known.barcodes |= {row[2] for row in rows}
    return {row[3] for row in rows}


def _record(
    accepted: Sequence[_Accepted],
    outcomes: Sequence[ProductOutcome],
    known: _Known,
    actor: Actor,
) -> None:
    """One entry: a full account of a single product, the ids of a batch."""
    written = [item for item in outcomes if item.status in ("created", "changed")]
    if not written:
        return
    if len(outcomes) == 1:
        item, outcome = accepted[0], written[0]
        old = known.products.get(item.product.code)
        before = {name: getattr(old, name) for name in _COMPARED} if old else None
        after = dict(zip(_COMPARED, item.row[2:9], strict=True))
        after |= {"variants": [variant.sku for variant in item.variants]}
        audit.record(
            actor,
            f"catalog.product_{outcome.status}",
            "product",
            outcome.product_id,
            before=before,
            after=after,
        )
        return
    statuses = [item.status for item in written]
    audit.record(
        actor,
        "catalog.products_saved",
        "product",
        None,
        after={"created": statuses.count("created"), "changed": statuses.count("changed")},
        ids=[item.product_id for item in written if item.product_id is not None],
    )
