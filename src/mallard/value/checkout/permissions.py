"""What an actor may do at the till."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

RECORD_RECEIPT = declare("checkout.record_receipt", _("Record receipts"))
RECORD_RETURN = declare("checkout.record_return", _("Record returns"))
