"""Where the trade was: places and trade categories as tables, a floor coloured by a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.marks import Text
from mallard.review.reports.trade import DAY, Links, TradeView
from mallard.value.sales import figures
from mallard.value.sales.breakdowns import By, trade_per
from mallard.value.sales.figures import WEEK, Trade, change_bp, share_bp
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.value.sales.queries import store_days_in
from mallard.world.malls.models import Floor, Mall, TradeCategory
from mallard.world.malls.plans import FloorPlan, PlannedUnit, floor_plan
from mallard.world.malls.queries import floors_of, malls_in

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


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """A figure that a plan can be coloured by: its value of a store's trade, and how it reads."""

    code: str
    name: Text
    value: Callable[[Trade, int], int | None]
    text: Callable[[int, str], str]


def _money_text(minor: int, currency: str) -> str:
    return formats.money(Money(minor, currency))


PLAN_FIGURES = (
    PlanFigure("net_sales", figures.NET_SALES.name, lambda trade, _area: trade.net_minor,
               _money_text),
    PlanFigure("receipts", figures.RECEIPTS.name, lambda trade, _area: trade.receipts,
               lambda count, _currency: formats.number(count)),
    PlanFigure("per_receipt", figures.PER_RECEIPT.name,
               lambda trade, _area: trade.per_receipt_minor, _money_text),
    PlanFigure("member_share", figures.MEMBER_SHARE.name,
               lambda trade, _area: share_bp(trade.member_net_minor, trade.net_minor),
               lambda bp, _currency: formats.percent(bp, 10_000)),
    PlanFigure("density", _("Net sales per m²"),
               lambda trade, area: trade.net_minor * 100 // area if area else None, _money_text),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColouredUnit:
    """A unit with its figure. ``level`` 1 to 5 is its fifth among the floor's stores; 0: none."""

    planned: PlannedUnit
    text: str
    level: int
    url: str


@dataclass(frozen=True, slots=True)
class ColouredPlan:
    """A floor coloured by a figure, and what else can be chosen."""

    mall: Mall
    floor: Floor
    plan: FloorPlan
    figure: PlanFigure
    units: list[ColouredUnit]
    malls: Sequence[Mall]
    floors: Sequence[Floor]
    first: dt.date
    last: dt.date

    @property
    def choices(self) -> tuple[PlanFigure, ...]:
        return PLAN_FIGURES

    @property
    def levels(self) -> range:
        return range(1, LEVELS + 1)

    @property
    def rows(self) -> list[ColouredUnit]:
        """The units with a store, the highest figure first."""
        return sorted(
            (unit for unit in self.units if unit.planned.store), key=lambda unit: -unit.level
        )


def coloured_plan(actor: Actor, asked: QueryDict, last: dt.date) -> ColouredPlan | None:
    """The floor that was asked for, or the first that is drawn, by its stores' seven days until
    ``last``. A choice that does not exist, or lies out of the reader's scope, is the first one."""
    malls = list(malls_in(actor.scope).order_by("code"))
    chosen = next((mall for mall in malls if str(mall.pk) == asked.get("mall")), None)
    # The mall asked for; else the first with a plan (one question each, for a handful of malls).
    for mall in [chosen] if chosen else malls:
        floors = floors_of(mall, actor.scope)
        drawn = [(floor, plan) for floor in floors if (plan := floor_plan(floor)) is not None]
        if drawn:
            break
    else:
        return None
    wanted = next((pair for pair in drawn if str(pair[0].pk) == asked.get("floor")), drawn[0])
    if not asked.get("floor"):
        # Without a choice the floor with most stores says most.
        wanted = max(drawn, key=lambda pair: sum(unit.store is not None for unit in pair[1].units))
    figure = next((one for one in PLAN_FIGURES if one.code == asked.get("figure")), PLAN_FIGURES[0])
    first = last - WEEK + DAY
    floor, plan = wanted
    return ColouredPlan(
        mall, floor, plan, figure, _coloured(actor, mall, plan, figure, first, last), malls,
        [floor for floor, _plan in drawn], first, last,
    )  # fmt: skip


def _coloured(
    actor: Actor, mall: Mall, plan: FloorPlan, figure: PlanFigure, first: dt.date, last: dt.date
) -> list[ColouredUnit]:
    days = store_days_in(actor.scope).filter(store__mall=mall)
    trade = trade_per(days, By.STORE, first, last)
    links = Links(actor.may(VIEW_RECEIPT))
    values = {
        unit.store.pk: value
        for unit in plan.units
        if unit.store and unit.store.pk in trade
        if (value := figure.value(trade[unit.store.pk], unit.unit.area_dm2)) is not None
    }
    ranked = sorted(values, key=lambda store_id: values[store_id])
    level = {store: 1 + place * LEVELS // len(ranked) for place, store in enumerate(ranked)}
    coloured = []
    for unit in plan.units:
        value = values.get(unit.store.pk) if unit.store else None
        text = gettext("nothing sold") if value is None else figure.text(value, mall.currency)
        url = links.receipts(first, last, store=str(unit.store.pk)) if unit.store else ""
        coloured.append(
            ColouredUnit(unit, text, level.get(unit.store.pk, 0) if unit.store else 0, url)
        )
    return coloured
