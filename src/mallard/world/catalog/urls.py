"""Console pages of the catalogue."""

from __future__ import annotations

from django.urls import path

from mallard.world.catalog import pages

app_name = "catalog"
urlpatterns = [
    path("products/", pages.products, name="products"),
    path("products/new/", pages.create_product, name="create_product"),
    path("products/<uuid:product_id>/", pages.product, name="product"),
    path("products/<uuid:product_id>/edit/", pages.edit_product, name="edit_product"),
    path("categories/", pages.categories, name="categories"),
    path("categories/new/", pages.create_category, name="create_category"),
    path("categories/<uuid:category_id>/edit/", pages.edit_category, name="edit_category"),
]
