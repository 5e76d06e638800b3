"""Refusals about the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Invalid


class UnknownCategory(Invalid):
    code = "catalog.unknown_category"
    message = _("There is no category “%(code)s”.")


class UnknownBrand(Invalid):
    code = "catalog.unknown_brand"
    message = _("There is no product brand “%(code)s”.")


class ProductInvalid(Invalid):
    code = "catalog.product_invalid"
    message = _("This product cannot be saved as it is. Please check the fields.")


class SkuTaken(Conflict):
    code = "catalog.sku_taken"
    message = _("SKU “%(sku)s” belongs to another product.")


class BarcodeTaken(Conflict):
    code = "catalog.barcode_taken"
    message = _("Barcode “%(barcode)s” belongs to another variant.")


class ProductTwice(Conflict):
    code = "catalog.product_twice"
    message = _("Product “%(code)s” occurs twice in one batch.")


class ProductExists(Conflict):
    code = "catalog.product_exists"
    message = _("There is a product “%(code)s” already.")


class CategoryCircle(Invalid):
    code = "catalog.category_circle"
    message = _("A category cannot be below itself.")
