"""The figures that set one app's facts beside another's, for the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.figures import Figure, Freshness, Unit, declare

RECEIPTS_PER_100 = declare(
    Figure(
        "reports.receipts_per_100_visitors",
        _("Receipts per 100 visitors"),
        _(
            "Receipts ÷ people counted coming in × 100, of malls with a count on the day. Not the "
            "share of visitors who bought: one may take several receipts home."
        ),
        Unit.PER_HUNDRED,
        _("business day"),
        "director",
        Freshness.MINUTES,
    )
)
