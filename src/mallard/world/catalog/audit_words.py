"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "catalog.products_saved": pgettext_lazy("audit", "Products saved"),
        "catalog.barcode_removed": pgettext_lazy("audit", "Barcode removed"),
    }
)
words.of_rows(
    "catalog",
    {
        "category": pgettext_lazy("audit subject", "Category"),
        "product_brand": pgettext_lazy("audit subject", "Product brand"),
        "product": pgettext_lazy("audit subject", "Product"),
    },
)
words.of_subjects(
    {
        "variant": pgettext_lazy("audit subject", "Variant"),
    }
)
words.of_fields(
    {
        "restricted": pgettext_lazy("audit field", "Restricted goods"),
        "restriction": pgettext_lazy("audit field", "Restriction in force"),
        "lineage": pgettext_lazy("audit field", "Categories above"),
        "category_id": pgettext_lazy("audit field", "Category"),
        "search": pgettext_lazy("audit field", "Words to find it by"),
        "barcode": pgettext_lazy("audit field", "Barcode"),
        "variants": pgettext_lazy("audit field", "Variants"),
        "parent_id": pgettext_lazy("audit field", "Above it"),
        "brand_id": pgettext_lazy("audit field", "Brand"),
    },
    app_label="catalog",
)
words.of_records(
    {
        "category": words.attribute_of("catalog.Category", "name"),
        "product_brand": words.attribute_of("catalog.ProductBrand", "name"),
        "product": words.attribute_of("catalog.Product", "name"),
    }
)
