"""Trade as charts: eight weeks day by day, and the hours of the week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable

from babel.numbers import get_currency_precision
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Chart
from mallard.review.reports.trade import DAY, TREND, Links, TradeView
from mallard.value.sales import figures
from mallard.value.sales.breakdowns import HourTrade, trade_per_hour
from mallard.value.sales.models import StoreHour

Hours = dict[tuple[int, int], HourTrade]


def trend_chart(view: TradeView) -> Chart:
    """Net sales per business day, members' part of them below."""
    net: defaultdict[dt.date, int] = defaultdict(int)
    members: defaultdict[dt.date, int] = defaultdict(int)
    for one in view.told:
        net[one.day] += one.trade.net_minor
        members[one.day] += one.trade.member_net_minor
    span = [view.day - TREND + DAY * number for number in range(1, TREND.days + 1)]
    best = max(span, key=lambda day: net[day])
    per_major = 10 ** get_currency_precision(view.currency)
    bar = {"type": "bar", "stack": "net"}
    option = {
        "xAxis": {"type": "category", "data": [f"{day.month}/{day.day}" for day in span]},
        "yAxis": {"type": "value"},
        "legend": {},
        # Whole units: a picture needs no more, and the table has the rest.
        "series": [
            {**bar, "name": gettext("Members"), "data": [members[d] // per_major for d in span]},
            {
                **bar,
                "name": gettext("Others"),
                "data": [(net[d] - members[d]) // per_major for d in span],
            },
        ],
    }
    description = gettext(
        "Net sales per business day from %(first)s to %(last)s. The highest is %(most)s on %(day)s."
    ) % {
        "first": formats.day(span[0]),
        "last": formats.day(view.day),
        "most": formats.money(Money(net[best], view.currency)),
        "day": formats.day(best),
    }
    rows = [
        [
            formats.day(day),
            linked(_money(net[day], view.currency), view.links.receipts(day, day)),
            linked(_money(members[day], view.currency), view.links.receipts(day, day, member="1")),
        ]
        for day in reversed(span)
    ]
    return Chart(
        "trend",
        gettext("Net sales of eight weeks, %(currency)s") % {"currency": view.currency},
        description,
        option,
        [_("Business day"), figures.NET_SALES.name, _("Members")],
        rows,
        is_generated=view.counts_generated,
    )


def hours_chart(
    hours: QuerySet[StoreHour],
    first: dt.date,
    last: dt.date,
    *,
    currency: str,
    links: Links,
    is_generated: bool = False,
) -> Chart | None:
    """Receipts by weekday and hour of the mall's clock, as a heat map whose numbers open their
    receipts; None without any."""

    def url(weekday: int, hour: int) -> str:
        return links.receipts(first, last, weekday=str(weekday), hour=str(hour))

    found = trade_per_hour(hours, first, last)
    return heat_map(found, first, last, currency=currency, url=url, is_generated=is_generated)


def heat_map(
    found: Hours,
    first: dt.date,
    last: dt.date,
    *,
    currency: str,
    url: Callable[[int, int], str] = lambda _weekday, _hour: "",
    is_generated: bool = False,
) -> Chart | None:
    """The same of hours that were read already; ``url`` is of the rows of a weekday and hour."""
    if not found:
        return None
    columns = _opening_hours(found)
    names = formats.weekday_names()
    peak = busiest(found)
    option = {
        "grid": {"bottom": 56},
        "xAxis": {"type": "category", "data": [f"{hour:02}" for hour in columns]},
        "yAxis": {"type": "category", "data": names, "inverse": True},
        "tooltip": {"trigger": "item"},
        "visualMap": {"min": 0, "max": peak.receipts, "calculable": False},
        "series": [
            {
                "type": "heatmap",
                "name": str(figures.RECEIPTS.name),
                "data": [
                    [columns.index(one.hour), one.weekday - 1, one.receipts]
                    for one in found.values()
                ],
            }
        ],
    }
    description = gettext(
        "Receipts by weekday and hour from %(first)s to %(last)s. The busiest hour is %(weekday)s "
        "from %(hour)s with %(receipts)s receipts."
    ) % {
        "first": formats.day(first),
        "last": formats.day(last),
        "weekday": names[peak.weekday - 1],
        "hour": f"{peak.hour:02}:00",
        "receipts": formats.number(peak.receipts),
    }
    rows = [
        [names[one.weekday - 1], f"{one.hour:02}:00",
         linked(formats.number(one.receipts), url(one.weekday, one.hour)),
         linked(_money(one.net_minor, currency), url(one.weekday, one.hour))]
        for _key, one in sorted(found.items())
    ]  # fmt: skip
    return Chart(
        "hours",
        gettext("Receipts by weekday and hour"),
        description,
        option,
        [_("Weekday"), _("Hour"), figures.RECEIPTS.name, figures.NET_SALES.name],
        rows,
        is_generated=is_generated,
    )


def busiest(found: Hours) -> HourTrade:
    """The weekday and hour with most receipts; of several the earliest in the week."""
    return max(found.values(), key=lambda one: (one.receipts, -one.weekday, -one.hour))


def _opening_hours(found: Hours) -> list[int]:
    """From the first hour with trade to the last, the small hours after midnight at the end."""
    order = sorted({(one.hour - 5) % 24 for one in found.values()})
    return [(number + 5) % 24 for number in range(order[0], order[-1] + 1)]


def linked(text: str, url: str) -> SafeString | str:
    """A number that opens its rows; plain where there are none to open."""
    return format_html('<a href="{}">{}</a>', url, text) if url else text


def _money(minor: int, currency: str) -> str:
    return formats.money(Money(minor, currency))
