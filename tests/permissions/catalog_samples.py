"""How the matrix calls the pages and routes of the catalogue."""

from __future__ import annotations

from tests.permissions.rows import (
    ANY,
    Sample,
    always,
    of_barcode,
    of_category,
    of_product,
    of_product_brand,
)

# Goods are the same for everybody: the catalogue belongs to no store.
CATALOG = {
    "/catalog/categories/": ANY,
    "/catalog/categories/new/": ANY,
    "/catalog/categories/<uuid:category_id>/edit/": Sample(path=of_category),
    "/catalog/products/": ANY,
    "/catalog/products/new/": ANY,
    "/catalog/products/<uuid:product_id>/": Sample(path=of_product),
    "/catalog/products/<uuid:product_id>/edit/": Sample(path=of_product),
    "/catalog/products/<uuid:product_id>/barcodes/<uuid:barcode_id>/remove/": Sample(
        path=of_barcode
    ),
    "/catalog/brands/": ANY,
    "/catalog/brands/new/": ANY,
    "/catalog/brands/<uuid:brand_id>/": Sample(path=of_product_brand),
    "/catalog/brands/<uuid:brand_id>/edit/": Sample(path=of_product_brand),
    "GET /api/v1/categories": ANY,
    "PUT /api/v1/categories": Sample(body=always(items=[{"code": "PM-C", "name_en": "Bread"}])),
    "/api/v1/categories/<path:code>": Sample(path=always(code="PM-C")),
    "GET /api/v1/product-brands": ANY,
    "PUT /api/v1/product-brands": Sample(body=always(items=[{"code": "PM-B", "name_en": "Mill"}])),
    "/api/v1/product-brands/<path:code>": Sample(path=always(code="PM-B")),
    "/api/v1/barcodes/<code>": Sample(path=always(code="6901234567892")),
    "GET /api/v1/products": ANY,
    "PUT /api/v1/products": Sample(
        body=lambda _world, _side: {"items": [{"code": "PM-P", "category_code": "PM-C"}]}
    ),
    "/api/v1/products/<path:code>": Sample(path=lambda world, _side: {"code": world.product.code}),
}
