"""The catalogue over HTTP: tills read it, and the system that owns it keeps it up to date."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.responses import Status

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.kernel.provenance import Origin
from mallard.world.catalog import queries, services
from mallard.world.catalog.answers import MAX_BATCH, Kind, RowOutcomeOut, refusal_out
from mallard.world.catalog.category_api import router as category_router
from mallard.world.catalog.facts import ProductInput, ProductOutcome, VariantInput
from mallard.world.catalog.models import Product
from mallard.world.catalog.permissions import EDIT_PRODUCT, VIEW_PRODUCT

router = Router(tags=["catalog"])

router.add_router("", category_router)


class VariantOut(Schema):
    sku: str
    name_en: str
    name_zh: str
    barcodes: list[str]


class ProductOut(Schema):
    id: UUID
    code: str = Field(examples=["MILK-1L"])
    name_en: str
    name_zh: str = Field(examples=["鲜牛奶 1 升"])
    category_code: str
    brand_code: str | None
    restricted: Kind | None = Field(
        description="Kind of restricted goods, own or inherited from a category: never earns."
    )
    closed_on: dt.date | None
    variants: list[VariantOut]
    origin: str


class ProductQuery(Schema):
    q: str = Field(
        "", max_length=100, description="Words of the name in any language, a code or a barcode."
    )


class VariantIn(Body):
    sku: str = Field(max_length=64)
    name_en: str = Field("", max_length=200)
    name_zh: str = Field("", max_length=200)
    barcodes: list[str] = Field(default_factory=list, max_length=50)


class ProductIn(Body):
    code: str = Field(max_length=64)
    category_code: str = Field(max_length=64)
    name_en: str = Field("", max_length=200)
    name_zh: str = Field("", max_length=200)
    brand_code: str | None = Field(None, max_length=64)
    restricted: Kind | None = None
    closed_on: dt.date | None = None
    variants: list[VariantIn] = Field(default_factory=list, max_length=100)

    def plain(self) -> ProductInput:
        """What the service takes."""
        values = self.model_dump(exclude={"variants"})
        variants = tuple(
            VariantInput(
                sku=item.sku,
                name_en=item.name_en,
                name_zh=item.name_zh,
                barcodes=tuple(item.barcodes),
            )
            for item in self.variants
        )
        return ProductInput(**values, variants=variants, origin=Origin.API)


class ProductBatchIn(Body):
    items: list[ProductIn] = Field(min_length=1, max_length=MAX_BATCH)


class ProductOutcomeOut(RowOutcomeOut):
    """What became of one product of a batch."""


class ProductBatchOut(Schema):
    items: list[ProductOutcomeOut] = Field(description="One answer for each item, in order.")


@router.get("/products", response=Page[ProductOut], summary="Products")
@requires(VIEW_PRODUCT)
def list_products(
    request: HttpRequest, page: PageParameters, wanted: Annotated[ProductQuery, Query()]
) -> Page[ProductOut]:
    """Products by code; with ``q``, those that have every word of it."""
    rows = queries.search_products(wanted.q).defer("search")
    found = paginate(rows, order=("code",), cursor=page.cursor, limit=page.limit, name="products")
    whole = {row.pk: row for row in queries.products_with_variants([r.pk for r in found.rows])}
    items = [product_out(whole[row.pk]) for row in found.rows]
    return Page(items=items, next_cursor=found.next_cursor)


@router.get("/products/{path:code}", response=ProductOut, summary="A product by SKU or barcode")
@requires(VIEW_PRODUCT)
def read_product(request: HttpRequest, code: str) -> ProductOut:
    """The product that this SKU, barcode or product code names, in this order."""
    row = queries.product_of(code)
    if row is None:
        raise NotFound()
    return product_out(row)


@router.put(
    "/products",
    response=ProductBatchOut,
    summary="Create or change products",
    openapi_extra=examples(
        en={
            "items": [
                {
                    "code": "MILK-1L",
                    "category_code": "dairy",
                    "name_en": "Fresh milk",
                    "variants": [{"sku": "MILK-1L-WHOLE", "barcodes": ["6901234567892"]}],
                }
            ]
        },
        zh={
            "items": [
                {
                    "code": "NAIFEN-1",
                    "category_code": "infant-formula",
                    "name_zh": "婴儿配方奶粉 1 段",
                    "restricted": "infant_formula",
                    "variants": [{"sku": "NAIFEN-1-900G", "name_zh": "900 克装"}],
                }
            ]
        },
    ),
)
@requires(EDIT_PRODUCT)
@idempotent()
def save_products(request: HttpRequest, batch: ProductBatchIn) -> ProductBatchOut:
    """Create or change up to 500 products by code, with their variants by SKU.

    Each item gets its own answer, and a refused one does not hold up the others. Variants and
    barcodes are added or renamed, never taken away; a barcode is removed on its own.
    """
    outcomes = services.save_products(
        [item.plain() for item in batch.items], actor=actor_of(request)
    )
    return ProductBatchOut(items=[_outcome_out(outcome) for outcome in outcomes])


@router.delete("/barcodes/{code}", response={204: None}, summary="Remove a barcode")
@requires(EDIT_PRODUCT)
def remove_barcode(request: HttpRequest, code: str) -> Status[None]:
    """Take a barcode off its variant, because it was printed on something else or mistyped."""
    services.remove_barcode(code, actor=actor_of(request))
    return Status(204, None)


def product_out(product: Product) -> ProductOut:
    """A product with category, brand, variants and barcodes fetched."""
    variants = [
        VariantOut(
            sku=variant.sku,
            name_en=variant.name_en,
            name_zh=variant.name_zh,
            barcodes=sorted(barcode.code for barcode in variant.barcodes.all()),
        )
        for variant in product.variants.all()
    ]
    return ProductOut(
        id=product.pk,
        code=product.code,
        name_en=product.name_en,
        name_zh=product.name_zh,
        category_code=product.category.code,
        brand_code=product.brand.code if product.brand else None,
        restricted=product.restriction,  # type: ignore[arg-type]
        closed_on=product.closed_on,
        variants=variants,
        origin=product.origin,
    )


def _outcome_out(outcome: ProductOutcome) -> ProductOutcomeOut:
    return ProductOutcomeOut(
        code=outcome.code,
        status=outcome.status,
        id=outcome.product_id,
        error=refusal_out(outcome.error),
    )
