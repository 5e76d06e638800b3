"""Categories and product brands over HTTP: the system that owns the catalogue keeps them too."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.kernel.http.paging import Page, PageParameters, paginate
from mallard.kernel.provenance import Origin
from mallard.world.catalog import services
from mallard.world.catalog.answers import MAX_BATCH, Kind, RowOutcomeOut, refusal_out
from mallard.world.catalog.facts import CategoryInput, NamedOutcome, ProductBrandInput
from mallard.world.catalog.models import Category, ProductBrand
from mallard.world.catalog.permissions import EDIT_CATEGORY, EDIT_PRODUCT, VIEW_PRODUCT

router = Router(tags=["catalog"])


class _Row(Schema):
    id: UUID
    code: str = Field(examples=["dairy"])
    name_en: str = Field(examples=["Dairy"])
    name_zh: str = Field(examples=["乳制品"])
    origin: str


class CategoryOut(_Row):
    parent_code: str | None = Field(description="The category that it belongs to.")
    restricted: Kind | None = Field(
        description="Kind of restricted goods, own or inherited from above: never earns."
    )


class ProductBrandOut(_Row):
    pass


class _RowIn(Body):
    code: str = Field(max_length=64)
    name_en: str = Field("", max_length=200)
    name_zh: str = Field("", max_length=200)


class CategoryIn(_RowIn):
    parent_code: str | None = Field(None, max_length=64, description="Nothing: at the top.")
    restricted: Kind | None = None


class CategoryBatchIn(Body):
    items: list[CategoryIn] = Field(min_length=1, max_length=MAX_BATCH)


class ProductBrandBatchIn(Body):
    items: list[_RowIn] = Field(min_length=1, max_length=MAX_BATCH)


class RowBatchOut(Schema):
    items: list[RowOutcomeOut] = Field(description="One answer for each item, in order.")


@router.get("/categories", response=Page[CategoryOut], summary="Categories")
@requires(VIEW_PRODUCT)
def list_categories(request: HttpRequest, page: PageParameters) -> Page[CategoryOut]:
    """The category tree, row by row, by code; each names the category that it belongs to."""
    found = paginate(
        Category.objects.select_related("parent"),
        order=("code",),
        cursor=page.cursor,
        limit=page.limit,
        name="categories",
    )
    return Page(items=[_category_out(row) for row in found.rows], next_cursor=found.next_cursor)


@router.get("/categories/{path:code}", response=CategoryOut, summary="A category")
@requires(VIEW_PRODUCT)
def read_category(request: HttpRequest, code: str) -> CategoryOut:
    """The category with this code."""
    row = Category.objects.select_related("parent").filter(code=code).first()
    if row is None:
        raise NotFound()
    return _category_out(row)


@router.put(
    "/categories",
    response=RowBatchOut,
    summary="Create or change categories",
    openapi_extra=examples(
        en={
            "items": [
                {"code": "food", "name_en": "Food"},
                {"code": "dairy", "name_en": "Dairy", "parent_code": "food"},
            ]
        },
        zh={
            "items": [
                {"code": "muying", "name_zh": "母婴"},
                {
                    "code": "naifen",
                    "name_zh": "婴儿配方奶粉",
                    "parent_code": "muying",
                    "restricted": "infant_formula",
                },
            ]
        },
    ),
)
@requires(EDIT_CATEGORY)
@idempotent()
def save_categories(request: HttpRequest, batch: CategoryBatchIn) -> RowBatchOut:
    """Create or change up to 500 categories by code; a parent may come before or after.

    Each item gets its own answer. A refused one holds up no other, except those that are new and
    belong to it. None is taken away: products and reports name them.
    """
    outcomes = services.save_each_category(
        [CategoryInput(**item.model_dump(), origin=Origin.API) for item in batch.items],
        actor=actor_of(request),
    )
    return _batch_out(outcomes)


@router.get("/product-brands", response=Page[ProductBrandOut], summary="Product brands")
@requires(VIEW_PRODUCT)
def list_product_brands(request: HttpRequest, page: PageParameters) -> Page[ProductBrandOut]:
    """The makers' names on products, by code."""
    found = paginate(
        ProductBrand.objects.all(),
        order=("code",),
        cursor=page.cursor,
        limit=page.limit,
        name="product-brands",
    )
    return Page(items=[_brand_out(row) for row in found.rows], next_cursor=found.next_cursor)


@router.get("/product-brands/{path:code}", response=ProductBrandOut, summary="A product brand")
@requires(VIEW_PRODUCT)
def read_product_brand(request: HttpRequest, code: str) -> ProductBrandOut:
    """The product brand with this code."""
    row = ProductBrand.objects.filter(code=code).first()
    if row is None:
        raise NotFound()
    return _brand_out(row)


@router.put(
    "/product-brands",
    response=RowBatchOut,
    summary="Create or change product brands",
    openapi_extra=examples(
        en={"items": [{"code": "HAPPY-COW", "name_en": "Happy Cow"}]},
        zh={"items": [{"code": "KAIXIN", "name_zh": "开心牧场"}]},
    ),
)
@requires(EDIT_PRODUCT)
@idempotent()
def save_product_brands(request: HttpRequest, batch: ProductBrandBatchIn) -> RowBatchOut:
    """Create or change up to 500 product brands by code; each item gets its own answer."""
    outcomes = services.save_each_brand(
        [ProductBrandInput(**item.model_dump(), origin=Origin.API) for item in batch.items],
        actor=actor_of(request),
    )
    return _batch_out(outcomes)


def _category_out(row: Category) -> CategoryOut:
    return CategoryOut(
        id=row.pk,
        code=row.code,
        name_en=row.name_en,
        name_zh=row.name_zh,
        origin=row.origin,
        parent_code=row.parent.code if row.parent else None,
        restricted=row.restriction,  # type: ignore[arg-type]
    )


def _brand_out(row: ProductBrand) -> ProductBrandOut:
    return ProductBrandOut(
        id=row.pk, code=row.code, name_en=row.name_en, name_zh=row.name_zh, origin=row.origin
    )


def _batch_out(outcomes: list[NamedOutcome]) -> RowBatchOut:
    return RowBatchOut(
        items=[
            RowOutcomeOut(
                code=outcome.code,
                status=outcome.status,
                id=outcome.id,
                error=refusal_out(outcome.error),
            )
            for outcome in outcomes
        ]
    )
