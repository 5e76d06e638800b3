"""Where the trade was: places and trade categories as tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.review.reports.trade import DAY, TradeView
from mallard.value.sales.breakdowns import By, trade_per
from mallard.value.sales.figures import WEEK, Trade, change_bp
from mallard.world.malls.models import TradeCategory

LEVELS = 5
MOST_CATEGORIES = 10


@dataclass(frozen=True, slots=True)
class TradeRow:
    """What a place or a category sold."""

    name: str
    url: str
    net: Money
    receipts: int
    member_share: str
    change: str = ""
    direction: str = "flat"


def place_rows(view: TradeView) -> list[TradeRow]:
    """The places that traded on the day, the largest first; compared where the day has ended."""
    before = {one.place_id: one.trade for one in view.everything if one.day == view.day - WEEK}
    today = sorted(
        (one for one in view.everything if one.day == view.day),
        key=lambda one: one.trade.net_minor,
        reverse=True,
    )
    rows = []
    for one in today:
        place = view.places[one.place_id]
        was = before.get(one.place_id, Trade())
        change = None if view.is_running else change_bp(one.trade.net_minor, was.net_minor)
        rows.append(
            TradeRow(
                place.name,
                view.links.sales(one.trade, view.day, **{place.parameter: str(place.id)}),
                Money(one.trade.net_minor, place.currency),
                one.trade.receipts,
                formats.percent(one.trade.member_net_minor, one.trade.net_minor),
                _signed(change),
                "flat" if not change else "up" if change > 0 else "down",
            )
        )
    return rows


def category_rows(view: TradeView) -> list[TradeRow]:
    """What each upper trade category sold in the seven days to the last whole day."""
    first, last = view.whole_day - WEEK + DAY, view.whole_day
    now = by_upper_category(view, first, last)
    was = by_upper_category(view, first - WEEK, last - WEEK)
    categories = TradeCategory.objects.in_bulk(list(now))
    rows = []
    for category_id, trade in sorted(now.items(), key=lambda pair: -pair[1].net_minor):
        change = change_bp(trade.net_minor, was.get(category_id, Trade()).net_minor)
        rows.append(
            TradeRow(
                categories[category_id].name,
                view.links.receipts(first, last, trade=str(category_id)),
                Money(trade.net_minor, view.currency),
                trade.receipts,
                formats.percent(trade.member_net_minor, trade.net_minor),
                _signed(change),
                "flat" if not change else "up" if change > 0 else "down",
            )
        )
    return rows[:MOST_CATEGORIES]


def by_upper_category(view: TradeView, first: dt.date, last: dt.date) -> dict[UUID, Trade]:
    """Trade by upper trade category."""
    parents = dict(TradeCategory.objects.values_list("id", "parent_id"))
    sums: dict[UUID, Trade] = {}
    for category_id, trade in trade_per(view.told_store_days, By.CATEGORY, first, last).items():
        upper = parents[category_id] or category_id
        sums[upper] = sums.get(upper, Trade()) + trade
    return sums


def _signed(change: int | None) -> str:
    if change is None:
        return ""
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return sign + formats.percent(abs(change), 10_000)
