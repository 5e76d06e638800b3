"""Rows of the catalogue for tests."""

from __future__ import annotations

from typing import Any

import factory

from mallard.kernel.search_text import index_terms, tsvector_literal
from mallard.world.catalog.models import Barcode, Category, Product, ProductBrand, Variant


class CategoryFactory(factory.django.DjangoModelFactory[Category]):
    """The database derives lineage and restriction, so the row is read again."""

    class Meta:
        model = Category

    code = factory.Sequence(lambda n: f"category-{n}")
    name_en = factory.Sequence(lambda n: f"Category {n}")
    name_zh = factory.Sequence(lambda n: f"品类{n}")

    @classmethod
    def _create(cls, model_class: type[Category], *args: Any, **kwargs: Any) -> Category:
        row = super()._create(model_class, *args, **kwargs)
        row.refresh_from_db()
        return row


class ProductBrandFactory(factory.django.DjangoModelFactory[ProductBrand]):
    class Meta:
        model = ProductBrand

    code = factory.Sequence(lambda n: f"brand-{n}")
    name_en = factory.Sequence(lambda n: f"Brand {n}")


class ProductFactory(factory.django.DjangoModelFactory[Product]):
    class Meta:
        model = Product

    category = factory.SubFactory(CategoryFactory)
    code = factory.Sequence(lambda n: f"P{n}")
    name_en = factory.Sequence(lambda n: f"Product {n}")
    name_zh = factory.Sequence(lambda n: f"商品{n}")
    search = factory.LazyAttribute(
        lambda row: tsvector_literal(index_terms(row.code, row.name_en, row.name_zh))
    )


class VariantFactory(factory.django.DjangoModelFactory[Variant]):
    class Meta:
        model = Variant

    product = factory.SubFactory(ProductFactory)
    sku = factory.Sequence(lambda n: f"SKU-{n}")
    name_en = factory.LazyAttribute(lambda row: row.product.name_en)
    name_zh = factory.LazyAttribute(lambda row: row.product.name_zh)


class BarcodeFactory(factory.django.DjangoModelFactory[Barcode]):
    class Meta:
        model = Barcode

    variant = factory.SubFactory(VariantFactory)
    code = factory.Sequence(lambda n: f"69{n:011d}")
