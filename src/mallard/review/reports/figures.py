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
RETURN_RATE = declare(
    Figure(
        "reports.return_rate",
        _("Return rate"),
        _("Refunds ÷ sales before refunds, each on its own day."),
        Unit.PERCENT,
        _("chosen period"),
        "tenant_manager",
    )
)
MEMBER_VISITS = declare(
    Figure(
        "reports.member_visits",
        _("Members' visits"),
        _("Members who bought, each counted once a business day."),
        Unit.COUNT,
        _("chosen period"),
        "crm_manager",
        Freshness.SECONDS,
    )
)
NEW_MEMBERS = declare(
    Figure(
        "reports.new_members",
        _("New members"),
        _("Members who enrolled at the store, by the calendar day of its mall."),
        Unit.COUNT,
        _("chosen period"),
        "crm_manager",
    )
)
NET_PER_AREA = declare(
    Figure(
        "reports.net_sales_per_area",
        _("Net sales per m²"),
        _("Net sales ÷ the area of the unit."),
        Unit.MONEY,
        _("chosen period"),
        "leasing",
    )
)
RENT_RATIO = declare(
    Figure(
        "reports.rent_ratio",
        _("Rent to sales"),
        _(
            "Rent for the days ÷ net sales: the base rent by the day, the share of sales, or the "
            "greater, as the lease says."
        ),
        Unit.PERCENT,
        _("chosen period"),
        "leasing",
    )
)
