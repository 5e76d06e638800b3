"""What an actor may do with the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_PRODUCT = declare("catalog.view_product", _("See products and categories"))
EDIT_PRODUCT = declare("catalog.edit_product", _("Change products"))
EDIT_CATEGORY = declare("catalog.edit_category", _("Change product categories"))
