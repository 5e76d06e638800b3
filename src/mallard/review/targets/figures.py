"""The figures of targets, for the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.figures import Figure, Unit, declare

ATTAINMENT = declare(
    Figure(
        "targets.attainment",
        _("Attainment"),
        _("Month-to-date net sales ÷ target to date, weighted by weekday."),
        Unit.PERCENT,
        _("month to date"),
        "sales_assistant",
    )
)
