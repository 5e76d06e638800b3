"""Sample data of the style page: invented, shown nowhere else."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge, Chart, Fact, Tab, TimelineEntry

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 11, 21, 4, 5, tzinfo=dt.UTC)
SALES = ((1, 1_204_000), (2, 1_322_500), (3, 1_286_300), (4, 1_410_900), (5, 1_879_200))


def facts() -> list[Fact]:
    return [
        Fact(_("Number"), "M 2041 7788 3"),
        Fact(_("Status"), Badge(_("Open"), "success")),
        Fact(_("Joined"), formats.day(NOON, SHANGHAI), hint=_("at the service desk")),
        Fact(_("Birthday"), formats.day(dt.date(1991, 5, 4)), is_generated=True),
        Fact(_("Occupation"), None),
        Fact(_("Spent in 12 months"), formats.money(Money(1_984_250, "CNY")), url="#receipts"),
    ]


def entries() -> list[TimelineEntry]:
    yesterday = NOON - dt.timedelta(days=1)
    return [
        TimelineEntry(
            NOON,
            _("Receipt recorded"),
            formats.money(Money(32_850, "CNY")),
            icon="receipt",
            url="#receipt",
            tone="accent",
            zone=SHANGHAI,
        ),
        TimelineEntry(
            NOON, _("Points earned"), "+328", icon="coins", tone="success", zone=SHANGHAI
        ),
        TimelineEntry(
            yesterday,
            _("Consent given"),
            icon="shield-check",
            tone="info",
            is_generated=True,
            zone=SHANGHAI,
        ),
        TimelineEntry(
            yesterday, _("Goods returned"), icon="receipt-refund", tone="warning", zone=SHANGHAI
        ),
    ]


def tabs() -> list[Tab]:
    return [
        Tab(_("Overview"), "#", is_current=True),
        Tab(_("Receipts"), "#receipts", count=1204),
        Tab(_("Points"), "#points", count=38),
        Tab(_("Consents"), "#consents"),
    ]


def sales_chart() -> Chart:
    days = [formats.day(dt.date(2026, 11, number)) for number, _sales in SALES]
    yuan = [minor // 100 for _number, minor in SALES]
    option = {
        "xAxis": {"type": "category", "data": [f"11/{number}" for number, _sales in SALES]},
        "yAxis": {"type": "value"},
        "legend": {},
        "series": [
            {
                "type": "bar",
                "name": _("Sales"),
                "data": yuan,
                "itemStyle": {"borderRadius": [4, 4, 0, 0]},
            },
            {
                "type": "line",
                "name": _("Week before"),
                "data": [one * 9 // 10 for one in yuan],
                "smooth": True,
            },
        ],
    }
    rows = [
        [name, formats.money(Money(minor, "CNY"))]
        for name, (_n, minor) in zip(days, SALES, strict=True)
    ]
    description = _("Sales rise from Monday to Friday and stand a tenth above the week before.")
    return Chart("sales", _("Sales of the week"), description, option, [_("Day"), _("Sales")], rows)


def share_chart() -> Chart:
    shares = [(_("Food"), 46), (_("Fashion"), 31), (_("Children"), 23)]
    data = [{"name": name, "value": value} for name, value in shares]
    option = {
        "tooltip": {"trigger": "item"},
        "legend": {},
        "series": [
            {"type": "pie", "radius": ["48%", "70%"], "data": data, "label": {"show": False}}
        ],
    }
    rows = [[name, formats.percent(value, 100, 0)] for name, value in shares]
    description = _("Food makes 46 % of sales, fashion 31 %, children's goods 23 %.")
    return Chart(
        "shares",
        _("Share by trade category"),
        description,
        option,
        [_("Trade category"), _("Share")],
        rows,
    )
