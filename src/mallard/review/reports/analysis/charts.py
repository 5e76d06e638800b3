"""An analysis as pictures, each with the same figures as a table whose numbers open their rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from babel.numbers import get_currency_precision
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Chart
from mallard.review.reports import charts
from mallard.review.reports.analysis.asked import DAY
from mallard.review.reports.analysis.view import SalesView
from mallard.review.reports.charts import linked
from mallard.value.sales import figures
from mallard.value.sales.figures import Trade

DRAWN = 12
SHORT_NAME = 14


def shown(minor: int, currency: str) -> str:
    return formats.money(Money(minor, currency))


def pareto_chart(view: SalesView) -> Chart | None:
    """The largest first, and how much of everything they bring together; None without any."""
    rows = [row for row in view.rows if row.now.net_minor > 0][:DRAWN]
    total = whole_of(view)
    if len(rows) < 2 or total <= 0:
        return None
    per_major = 10 ** get_currency_precision(view.currency)
    running, shares = 0, []
    for row in rows:
        running += row.now.net_minor
        shares.append(running * 100 // total)
    option = {
        "grid": {"right": 8, "bottom": 40},
        "legend": {},
        "xAxis": {
            "type": "category",
            "data": [row.short or short(row.name) for row in rows],
            "axisLabel": {"interval": 0, "rotate": 40, "hideOverlap": True},
        },
        "yAxis": [
            {"type": "value"},
            {"type": "value", "min": 0, "max": 100, "splitLine": {"show": False}},
        ],
        "series": [
            {
                "type": "bar",
                "name": str(figures.NET_SALES.name),
                "data": [row.now.net_minor // per_major for row in rows],
            },
            {
                "type": "line",
                "name": gettext("Together, %"),
                "yAxisIndex": 1,
                "data": shares,
            },
        ],
    }
    description = gettext(
        "The %(count)s largest bring %(share)s%% of net sales; the first is %(name)s with %(net)s."
    ) % {
        "count": len(rows),
        "share": shares[-1],
        "name": rows[0].name,
        "net": shown(rows[0].now.net_minor, view.currency),
    }
    title = gettext("Where sales come from, %(currency)s") % {"currency": view.currency}
    header = [
        view.asked.by.label, figures.NET_SALES.name, _("Share"), _("Together"), _("Compared with"),
    ]  # fmt: skip
    table = _pareto_table(view, total)
    return Chart(
        "pareto", title, description, option, header, table, is_generated=view.has_generated
    )


def _pareto_table(view: SalesView, total: int) -> list[list[Any]]:
    """Every row, for the table view and the file; the chart draws the first of them."""
    table: list[list[Any]] = []
    running = 0
    for number, row in enumerate(view.rows, start=1):
        running += row.now.net_minor
        url = view.rows_url(view.asked.by, row.id)
        table.append(
            [
                row.name,
                linked(shown(row.now.net_minor, view.currency), url),
                formats.percent(row.now.net_minor, total),
                # Beyond a gap (the middle of many goods) nobody knows what the first bring.
                formats.percent(running, total) if row.place == number else "–",
                shown(row.before.net_minor, view.currency),
            ]
        )
    return table


def short(name: str) -> str:
    """A name that fits under a bar."""
    return name if len(name) <= SHORT_NAME else name[: SHORT_NAME - 1] + "…"


def whole_of(view: SalesView) -> int:
    """What shares are of: all trade of the question, or all goods of its months."""
    return view.goods.net_minor if view.asked.by.is_of_goods else view.total.net_minor


def days_chart(view: SalesView) -> Chart | None:
    """Net sales day by day; None without any."""
    if not view.by_day:
        return None
    span = view.asked.span
    days = [span.first + DAY * number for number in range(span.days)]
    per_major = 10 ** get_currency_precision(view.currency)
    net = {day: view.by_day.get(day, Trade()) for day in days}
    best = max(days, key=lambda day: net[day].net_minor)
    option = {
        "xAxis": {"type": "category", "data": [f"{day.month}/{day.day}" for day in days]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "line",
                "name": str(figures.NET_SALES.name),
                "showSymbol": False,
                "areaStyle": {"opacity": 0.12},
                "data": [net[day].net_minor // per_major for day in days],
            }
        ],
    }
    description = gettext(
        "Net sales per business day from %(first)s to %(last)s. The highest is %(most)s on %(day)s."
    ) % {
        "first": formats.day(span.first),
        "last": formats.day(span.last),
        "most": shown(net[best].net_minor, view.currency),
        "day": formats.day(best),
    }
    rows = [
        [
            formats.day(day),
            linked(shown(net[day].net_minor, view.currency), url),
            linked(formats.number(net[day].receipts), url),
        ]
        for day in reversed(days)
        for url in [_day_url(view, day)]
    ]
    title = gettext("Net sales day by day, %(currency)s") % {"currency": view.currency}
    header = [_("Business day"), figures.NET_SALES.name, figures.RECEIPTS.name]
    return Chart("days", title, description, option, header, rows, is_generated=view.has_generated)


def hours_chart(view: SalesView) -> Chart | None:
    """Receipts by weekday and hour; every number opens its receipts."""
    span = view.asked.span
    places = {name: str(id_) for name, id_ in view.asked.places.items()}

    def url(weekday: int, hour: int) -> str:
        more = {"weekday": str(weekday), "hour": str(hour)}
        return view.links.receipts(span.first, span.last, **places, **more)

    return charts.heat_map(
        view.hours,
        span.first,
        span.last,
        currency=view.currency,
        url=url,
        is_generated=view.has_generated,
    )


def _day_url(view: SalesView, day: dt.date) -> str:
    places = {name: str(id_) for name, id_ in view.asked.places.items()}
    return view.links.receipts(day, day, **places)
