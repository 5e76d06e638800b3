"""Who may see and move points."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_WALLET = declare("ledger.view_wallet", _("See members' points"))
VIEW_LEDGER = declare("ledger.view_ledger", _("See the ledger and funders' totals"))
