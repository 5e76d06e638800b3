"""Forms of the catalogue. They name categories and brands by row; services take their codes."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel.bilingual import name_order
from mallard.kernel.ui.form_page import RowForm
from mallard.world.catalog import queries
from mallard.world.catalog.facts import (
    CategoryInput,
    ProductBrandInput,
    ProductInput,
    VariantInput,
)
from mallard.world.catalog.models import Category, Product, ProductBrand

_SEPARATOR = re.compile(r"[\s,，;；]+")


def category_choices() -> list[tuple[str, str]]:
    """Every category under those above it, e.g. ``Food › Dairy``: pairs of code and way."""
    ways: dict[Any, str] = {}
    choices: list[tuple[str, str]] = []
    for category in queries.category_tree():
        above = ways.get(category.parent_id)
        ways[category.pk] = f"{above} › {category.name}" if above else category.name
        choices.append((category.code, ways[category.pk]))
    return choices


class ProductForm(RowForm):
    category_code = forms.ChoiceField(label=_("Category"))
    brand_code = forms.ModelChoiceField(
        ProductBrand.objects.none(), label=_("Product brand"), required=False, to_field_name="code"
    )
    sku = forms.CharField(
        label=_("SKU"),
        max_length=64,
        required=False,
        help_text=_("A new variant to add. A new product without one takes its code as SKU."),
    )
    barcodes = forms.CharField(
        label=_("Barcodes"),
        max_length=1_000,
        required=False,
        help_text=_("Barcodes of that variant, separated by spaces."),
    )

    class Meta:
        model = Product
        fields = ("code", "name_en", "name_zh", "restricted", "closed_on")

    field_order = ("code", "name_en", "name_zh", "category_code", "brand_code", "restricted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = self.fields["category_code"]
        assert isinstance(category, forms.ChoiceField)  # noqa: S101 declared above
        category.choices = [("", "–"), *category_choices()]
        brand = self.fields["brand_code"]
        assert isinstance(brand, forms.ModelChoiceField)  # noqa: S101 declared above
        brand.queryset = ProductBrand.objects.order_by(*name_order())
        if not self.instance._state.adding:
            self.fields["code"].disabled = True
            self.initial["category_code"] = self.instance.category.code
            self.initial["brand_code"] = self.instance.brand and self.instance.brand.code

    def product_input(self, *, origin: str) -> ProductInput:
        """What was entered, as the service takes it."""
        data = self.cleaned_data
        sku = data["sku"].strip()
        barcodes = tuple(code for code in _SEPARATOR.split(data["barcodes"]) if code)
        if barcodes and not sku:
            sku = data["code"]
        return ProductInput(
            code=data["code"],
            name_en=data["name_en"],
            name_zh=data["name_zh"],
            category_code=data["category_code"],
            brand_code=data["brand_code"].code if data["brand_code"] else None,
            restricted=data["restricted"] or None,
            closed_on=data["closed_on"],
            variants=(VariantInput(sku=sku, barcodes=barcodes),) if sku else (),
            origin=origin,
        )


class CategoryForm(RowForm):
    parent = forms.ChoiceField(
        label=_("Belongs to"), required=False, help_text=_("Leave empty for the top level.")
    )

    class Meta:
        model = Category
        fields = ("code", "name_en", "name_zh", "restricted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ChoiceField)  # noqa: S101 declared above
        parent.choices = [("", "–"), *category_choices()]
        if self.instance.parent_id:
            self.initial["parent"] = self.instance.parent.code

    def _post_clean(self) -> None:
        """``parent`` is a code here and a row in the model: nothing is copied into the instance."""

    def category_input(self, *, origin: str) -> CategoryInput:
        """What was entered, as the service takes it."""
        data = self.cleaned_data
        return CategoryInput(
            code=data["code"],
            name_en=data["name_en"],
            name_zh=data["name_zh"],
            parent_code=data["parent"] or None,
            restricted=data["restricted"] or None,
            origin=origin,
        )


class ProductBrandForm(RowForm):
    class Meta:
        model = ProductBrand
        fields = ("code", "name_en", "name_zh")

    def brand_input(self, *, origin: str) -> ProductBrandInput:
        """What was entered, as the service takes it."""
        return ProductBrandInput(**self.cleaned_data, origin=origin)
