"""The figures of points."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.figures import Figure, Freshness, Unit, declare

BURN_RATIO = declare(
    Figure(
        "ledger.burn_ratio",
        _("Burn ratio"),
        _("Points redeemed ÷ points issued, corrections included."),
        Unit.PERCENT,
        _("12 months"),
        "crm_manager",
        Freshness.MINUTES,
    )
)
