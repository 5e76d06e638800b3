"""What an actor may do with sales."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_RECEIPT = declare("sales.view_receipt", _("See receipts and returns"))
VIEW_FIGURES = declare("sales.view_figures", _("See sales figures of stores"))
DECLARE_SALES = declare("sales.declare_sales", _("Declare a store's sales"))
VIEW_DECLARATION = declare("sales.view_declaration", _("See sales declarations"))
REVIEW_DECLARATION = declare("sales.review_declaration", _("Confirm or dispute sales declarations"))
