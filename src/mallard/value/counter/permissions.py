"""What one may do with receipts of paper."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

BACKDATE_POINTS = declare("counter.backdate_points", _("Back-date points from a paper receipt"))
APPROVE_RECEIPT = declare(
    "counter.approve_receipt", _("Approve paper receipts that others brought in")
)
