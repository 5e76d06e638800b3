"""What an actor may do with sales."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_RECEIPT = declare("sales.view_receipt", _("See receipts and returns"))
VIEW_FIGURES = declare("sales.view_figures", _("See sales figures of stores"))
