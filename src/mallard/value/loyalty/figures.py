"""The figures of the programme: what its points will cost."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.figures import Figure, Freshness, Unit, declare

POINTS_LIABILITY = declare(
    Figure(
        "loyalty.points_liability",
        _("Points liability"),
        _(
            "Points that members still have × the share expected to be redeemed × what a point "
            "costs. Both assumptions are settings of the programme."
        ),
        Unit.MONEY,
        _("today"),
        "finance",
        Freshness.MINUTES,
    )
)
COST_RATE = declare(
    Figure(
        "loyalty.cost_rate",
        _("Cost rate"),
        _("Cost of the points that the tenant funded ÷ the tenant's net sales."),
        Unit.PERCENT,
        _("month to date"),
        "tenant_manager",
        Freshness.MINUTES,
    )
)
