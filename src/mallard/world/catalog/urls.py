"""Console pages of the catalogue."""

from __future__ import annotations

from django.urls import path

from mallard.world.catalog import brand_pages, pages

app_name = "catalog"
urlpatterns = [
    path("products/", pages.products, name="products"),
    path("products/new/", pages.create_product, name="create_product"),
    path("products/<uuid:product_id>/", pages.product, name="product"),
    path("products/<uuid:product_id>/edit/", pages.edit_product, name="edit_product"),
    path(
        "products/<uuid:product_id>/barcodes/<uuid:barcode_id>/remove/",
        pages.remove_barcode,
        name="remove_barcode",
    ),
    path("brands/", brand_pages.brands, name="brands"),
    path("brands/new/", brand_pages.create_brand, name="create_brand"),
    path("brands/<uuid:brand_id>/", brand_pages.brand, name="brand"),
    path("brands/<uuid:brand_id>/edit/", brand_pages.edit_brand, name="edit_brand"),
    path("categories/", pages.categories, name="categories"),
    path("categories/new/", pages.create_category, name="create_category"),
    path("categories/<uuid:category_id>/edit/", pages.edit_category, name="edit_category"),
]
