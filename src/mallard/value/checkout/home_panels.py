"""The day's trade on the home page: four figures, eight weeks as a chart, and place by place.

Everything comes from the stores' daily figures, never from the receipts themselves.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.access.actor import Scope
from mallard.kernel.access.guards import actor_of
from mallard.kernel.figures import Figure
from mallard.kernel.money import Money
from mallard.kernel.ui import formats, panels
from mallard.kernel.ui.parts import Chart
from mallard.value.sales import figures
from mallard.value.sales.figures import PlaceDay, Trade, change_bp, share_bp, trade_on
from mallard.value.sales.permissions import VIEW_FIGURES, VIEW_RECEIPT
from mallard.value.sales.queries import latest_trading_day, store_days_in, trade_by_place
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import malls_in, stores_in

TREND = dt.timedelta(weeks=8)
DAY = dt.timedelta(days=1)


def register() -> None:
    """Offer the panel to whoever may see sales figures."""
    panels.register(
        panels.Panel(
            "trade", "checkout/parts/home_trade.html", VIEW_FIGURES, _panel, order=10, width="full"
        )
    )


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure as the page shows it, beside the same weekday a week before."""

    figure: Figure
    text: str
    url: str
    delta: str = ""
    direction: str = "flat"


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A mall's or a store's day."""

    name: str
    url: str
    net: Money
    receipts: int
    member_share: str


@dataclass(frozen=True, slots=True)
class Place:
    """A mall or a store that figures are told of; ``parameter`` filters the list of receipts."""

    id: UUID
    name: str
    currency: str
    parameter: str


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the rows behind a figure; empty for whoever may not see receipts."""

    may_open: bool

    def receipts(self, first: dt.date, last: dt.date, **more: str) -> str:
        return self._rows("checkout:receipts", first, last, more)

    def sales(self, trade: Trade, day: dt.date, **more: str) -> str:
        """The rows of a day's net sales: its receipts; its returns if nothing was sold."""
        page = "checkout:receipts" if trade.receipts else "checkout:returns"
        return self._rows(page, day, day, more)

    def _rows(self, page: str, first: dt.date, last: dt.date, more: Mapping[str, str]) -> str:
        if not self.may_open:
            return ""
        query = {"day_from": first.isoformat(), "day_to": last.isoformat(), **more}
        return f"{reverse(page)}?{urlencode(query)}"


def _panel(request: HttpRequest) -> Mapping[str, Any] | None:
    actor = actor_of(request)
    malls = list(malls_in(actor.scope).order_by("code"))
    by_store = len(malls) == 1
    rows = store_days_in(actor.scope)
    day = latest_trading_day(rows)
    if day is None:
        return None
    everything = trade_by_place(rows, day - TREND + DAY, day, by_store=by_store)
    places = _places(malls, actor.scope, by_store=by_store)
    currency = _main_currency(everything, places)
    told = [one for one in everything if places[one.place_id].currency == currency]
    links = Links(actor.may(VIEW_RECEIPT))
    is_running = _is_running(day, malls)
    return {
        "day": day,
        "weekday": formats.weekday(day),
        "before": day - figures.WEEK,
        "is_running": is_running,
        "stats": _stats(told, day, currency, links, is_running=is_running),
        "chart": _chart(told, day, currency),
        "rows": _rows(everything, places, day, links),
        "place_kind": _("Store") if by_store else _("Mall"),
        "is_partial": len({place.currency for place in places.values()}) > 1,
        "currency": currency,
        "catalogue": (
            figures.NET_SALES,
            figures.RECEIPTS,
            figures.IDENTIFICATION,
            figures.PER_RECEIPT,
            figures.MEMBER_SHARE,
        ),
    }


def _places(malls: Sequence[Mall], scope: Scope, *, by_store: bool) -> dict[UUID, Place]:
    if by_store:
        currency = malls[0].currency
        stores = stores_in(scope)
        return {one.pk: Place(one.pk, one.name, currency, "store") for one in stores}
    return {one.pk: Place(one.pk, one.name, one.currency, "mall") for one in malls}


def _main_currency(days: Sequence[PlaceDay], places: Mapping[UUID, Place]) -> str:
    """The currency of most receipts: sums over several currencies would say nothing."""
    receipts: defaultdict[str, int] = defaultdict(int)
    for one in days:
        receipts[places[one.place_id].currency] += one.trade.receipts
    return max(receipts, key=lambda currency: (receipts[currency], currency))


def _is_running(day: dt.date, malls: Sequence[Mall]) -> bool:
    """Whether the day has not ended yet in one of the malls."""
    now = clock.now()
    return any(
        day >= clock.business_day(now, ZoneInfo(mall.time_zone), mall.business_day_cutoff_hour)
        for mall in malls
    )


def _stats(
    days: Sequence[PlaceDay], day: dt.date, currency: str, links: Links, *, is_running: bool
) -> list[Stat]:
    now, before = trade_on(days, day), trade_on(days, day - figures.WEEK)
    week_began = day - figures.WEEK + DAY
    week = trade_on(days, week_began, day)
    week_before = trade_on(days, week_began - figures.WEEK, day - figures.WEEK)
    here = links.receipts(day, day)
    # A day that has not ended is no match for a whole one: no comparison of its totals.
    sales = None if is_running else change_bp(now.net_minor, before.net_minor)
    receipts = None if is_running else change_bp(now.receipts, before.receipts)
    return [
        Stat(
            figures.NET_SALES,
            formats.money(Money(now.net_minor, currency)),
            links.sales(now, day),
            *_change(sales),
        ),
        Stat(figures.RECEIPTS, formats.number(now.receipts), here, *_change(receipts)),
        Stat(
            figures.IDENTIFICATION,
            formats.percent(week.member_receipts, week.receipts),
            links.receipts(week_began, day, member="1"),
            *_points_change(
                share_bp(week.member_receipts, week.receipts),
                share_bp(week_before.member_receipts, week_before.receipts),
            ),
        ),
        Stat(
            figures.PER_RECEIPT,
            _per_receipt(now, currency),
            here,
            *_change(change_bp(now.per_receipt_minor, before.per_receipt_minor)),
        ),
    ]


def _per_receipt(trade: Trade, currency: str) -> str:
    each = trade.per_receipt_minor
    return "–" if each is None else formats.money(Money(each, currency))


def _change(change: int | None) -> tuple[str, str]:
    """A relative change, ready to read, and its direction."""
    if change is None:
        return "", "flat"
    return _sign(change) + formats.percent(abs(change), 10_000), _direction(change)


def _points_change(now: int | None, before: int | None) -> tuple[str, str]:
    """The change of a rate, in percentage points."""
    if now is None or before is None:
        return "", "flat"
    change = now - before
    text = gettext("%(change)s pp") % {
        "change": f"{_sign(change)}{abs(change) // 100}.{abs(change) % 100 // 10}"
    }
    return text, _direction(change)


def _sign(change: int) -> str:
    return "+" if change > 0 else "−" if change < 0 else "±"


def _direction(change: int) -> str:
    return "up" if change > 0 else "down" if change < 0 else "flat"


def _chart(days: Sequence[PlaceDay], last: dt.date, currency: str) -> Chart:
    net: defaultdict[dt.date, int] = defaultdict(int)
    for one in days:
        net[one.day] += one.trade.net_minor
    span = [last - TREND + DAY * number for number in range(1, TREND.days + 1)]
    best = max(span, key=lambda day: net[day])
    minor_per_major = 10 ** get_currency_precision(currency)
    option = {
        "xAxis": {"type": "category", "data": [f"{day.month}/{day.day}" for day in span]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "bar",
                "name": str(figures.NET_SALES.name),
                # Whole units: a picture needs no more, and the table has the rest.
                "data": [net[day] // minor_per_major for day in span],
                "itemStyle": {"borderRadius": [3, 3, 0, 0]},
            }
        ],
    }
    description = gettext(
        "Net sales per business day from %(first)s to %(last)s. The highest is %(most)s on %(day)s."
    ) % {
        "first": formats.day(span[0]),
        "last": formats.day(last),
        "most": formats.money(Money(net[best], currency)),
        "day": formats.day(best),
    }
    rows = [[formats.day(day), formats.money(Money(net[day], currency))] for day in reversed(span)]
    return Chart(
        "trade",
        gettext("Net sales of eight weeks, %(currency)s") % {"currency": currency},
        description,
        option,
        [_("Business day"), figures.NET_SALES.name],
        rows,
    )


def _rows(
    days: Sequence[PlaceDay], places: Mapping[UUID, Place], day: dt.date, links: Links
) -> list[PlaceRow]:
    """The places that traded on the day, the largest first."""
    today = sorted(
        (one for one in days if one.day == day), key=lambda one: one.trade.net_minor, reverse=True
    )
    return [
        PlaceRow(
            place.name,
            links.sales(one.trade, day, **{place.parameter: str(place.id)}),
            Money(one.trade.net_minor, place.currency),
            one.trade.receipts,
            formats.percent(one.trade.member_net_minor, one.trade.net_minor),
        )
        for one in today
        for place in [places[one.place_id]]
    ]
