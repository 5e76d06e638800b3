"""What sales say for stock, display (陈列) and promotions: plain sentences by rules.

Rules, not a model: each says what it saw, by which measure, and opens the rows. The thresholds are
here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.marks import Text
from mallard.review.reports.analysis.asked import By
from mallard.review.reports.analysis.view import Row, SalesView
from mallard.value.sales.figures import change_bp

RISE_BP, FALL_BP = 1_500, -1_500
"""Goods rise or fall when they change by 15 percentage points more than all goods together."""
ENOUGH_SHARE_BP = 100
"""… and make at least 1 % of sales: below that, chance alone does it."""
PEAK_HOURS = 3
PEAK_SHARE_BP = 700
"""Hours are told when the three busiest of the week bring 7 % of receipts or more."""
WEAK_WEEKDAY_BP = -1_500
DISCOUNT_RISE_BP = 100
FEW_STORES_BP = 5_000
NAMED = 3
AREAS: dict[str, Text] = {
    "stock": _("Stock"),
    "display": _("Display"),
    "promotion": _("Promotions"),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about what was seen: for which area, why it is told, and where its rows are."""

    area: str
    text: str
    why: str
    url: str = ""

    @property
    def area_name(self) -> Text:
        return AREAS[self.area]


def advice_of(view: SalesView) -> list[Advice]:
    """Everything that the rules find, stock first."""
    return [one for rule in _RULES for one in rule(view)]


def _moved(view: SalesView, *, is_rise: bool) -> Iterator[Advice]:
    """Goods that moved against all goods: what to order more or less of."""
    goods = view.goods
    all_of_them = change_bp(goods.net_minor, goods.before_minor)
    if all_of_them is None:
        return
    found: list[tuple[int, str]] = []
    rows = view.goods_rows
    for row in rows:
        change = change_bp(row.now.net_minor, row.before.net_minor)
        weight = max(row.now.net_minor, row.before.net_minor)
        if change is None or weight * 10_000 < goods.net_minor * ENOUGH_SHARE_BP:
            continue
        if is_rise and row.is_restricted:
            continue
        moved = change - all_of_them
        if (moved >= RISE_BP and change > 0) if is_rise else (moved <= FALL_BP and change < 0):
            sign = "+" if change > 0 else "−"
            text = f"{row.name} ({sign}{formats.percent(abs(change), 10_000, 0)})"
            found.append((abs(row.now.net_minor - row.before.net_minor), text))
    if not found:
        return
    names = gettext(", ").join(text for _weight, text in sorted(found, reverse=True)[:NAMED])
    if is_rise:
        text = gettext("Order more of what rises: %(names)s.") % {"names": names}
        why = gettext("At least 15 points ahead of all goods, and 1 % of their sales or more.")
    else:
        text = gettext("Order less of what falls, and look why: %(names)s.") % {"names": names}
        why = gettext("At least 15 points behind all goods, and 1 % of their sales or more.")
    url = view.asked.address(by=By.PRODUCT.value if view.asked.by is By.PRODUCT else "category")
    yield Advice("stock", text, why, url)


def _rising(view: SalesView) -> Iterator[Advice]:
    yield from _moved(view, is_rise=True)


def _falling(view: SalesView) -> Iterator[Advice]:
    yield from _moved(view, is_rise=False)


def _best_places(view: SalesView) -> Iterator[Advice]:
    """The best goods belong where everybody passes; restricted goods are never put forward."""
    goods = view.goods
    best: list[Row] = []
    for row in view.goods_rows:
        if not row.is_restricted and row.name not in {one.name for one in best}:
            best.append(row)
    best = best[:NAMED]
    if goods.net_minor <= 0 or len(best) < NAMED or goods.count <= NAMED:
        return
    share = sum(row.now.net_minor for row in best)
    text = gettext("Give the best places to %(names)s: together %(share)s of goods' sales.") % {
        "names": gettext(", ").join(row.name for row in best),
        "share": formats.percent(share, goods.net_minor),
    }
    why = gettext("The three that sold most, of %(count)s; restricted goods are left out.") % {
        "count": formats.number(goods.count)
    }
    yield Advice("display", text, why, view.rows_url(_goods_by(view), best[0].id))


def _filled_shelves(view: SalesView) -> Iterator[Advice]:
    """Shelves are full before the busiest hours."""
    total = sum(one.receipts for one in view.hours.values())
    busiest = sorted(view.hours.values(), key=lambda one: (-one.receipts, one.weekday, one.hour))
    peak = busiest[:PEAK_HOURS]
    share = sum(one.receipts for one in peak)
    if not total or share * 10_000 < total * PEAK_SHARE_BP:
        return
    names = formats.weekday_names("wide")
    first = peak[0]
    text = gettext("Fill shelves and staff tills before %(hours)s: %(share)s of receipts.") % {
        "hours": gettext(", ").join(
            gettext("%(weekday)s %(hour)s")
            % {"weekday": names[one.weekday - 1], "hour": f"{one.hour:02}:00"}
            for one in peak
        ),
        "share": formats.percent(share, total),
    }
    why = gettext("The three busiest hours of the week in this period.")
    url = _receipts(view, weekday=str(first.weekday), hour=str(first.hour))
    yield Advice("display", text, why, url)


def _weak_weekday(view: SalesView) -> Iterator[Advice]:
    """An offer belongs on the weekday that needs it."""
    days = view.weekdays
    if len(days) < 7 or view.asked.span.days < 14:
        return
    mean = sum(one.net_minor for one in days.values()) // 7
    weakest = min(days.values(), key=lambda one: (one.net_minor, one.weekday))
    gap = change_bp(weakest.net_minor, mean)
    if gap is None or gap > WEAK_WEEKDAY_BP:
        return
    text = gettext(
        "Put a weekday offer on %(weekday)s: it sells %(gap)s less than the mean day."
    ) % {
        "weekday": formats.weekday_names("wide")[weakest.weekday - 1],
        "gap": formats.percent(-gap, 10_000, 0),
    }
    why = gettext("The weakest weekday, at least 15 % below the mean of all seven.")
    yield Advice("promotion", text, why, _receipts(view, weekday=str(weakest.weekday)))


def _costly_discounts(view: SalesView) -> Iterator[Advice]:
    """Discounts that grew and did not bring more."""
    now = view.weekdays.values()
    before = view.weekdays_before.values()
    given, net = sum(one.discount_minor for one in now), sum(one.net_minor for one in now)
    was, net_was = sum(one.discount_minor for one in before), sum(one.net_minor for one in before)
    if net <= 0 or net_was <= 0:
        return
    rise = given * 10_000 // (net + given) - was * 10_000 // (net_was + was)
    if rise < DISCOUNT_RISE_BP or net > net_was:
        return
    text = gettext(
        "Look through the running offers: discounts rose from %(was)s to %(now)s of shelf prices, "
        "and net sales did not (%(net)s after %(before)s)."
    ) % {
        "was": formats.percent(was, net_was + was),
        "now": formats.percent(given, net + given),
        "net": formats.money(Money(net, view.currency)),
        "before": formats.money(Money(net_was, view.currency)),
    }
    why = gettext("Told when discounts rise by a point or more and net sales do not rise.")
    yield Advice("promotion", text, why, _receipts(view))


def _few_stores(view: SalesView) -> Iterator[Advice]:
    """Whether few stores carry the mall: joint promotions start there."""
    if view.asked.by is not By.STORE:
        return
    rows = view.place_rows
    total = view.total.net_minor
    if len(rows) < 10 or total <= 0:
        return
    count, sum_of = 0, 0
    for row in rows:
        count, sum_of = count + 1, sum_of + row.now.net_minor
        if sum_of * 10_000 >= total * FEW_STORES_BP:
            break
    text = ngettext(
        "%(count)s store of %(all)s brings half of net sales: begin joint promotions with it.",
        "%(count)s stores of %(all)s bring half of net sales: begin joint promotions with them.",
        count,
    ) % {"count": formats.number(count), "all": formats.number(len(rows))}
    why = gettext("By net sales of the period, the largest first (Pareto).")
    yield Advice("promotion", text, why)


def _goods_by(view: SalesView) -> By:
    return By.PRODUCT if view.asked.by is By.PRODUCT else By.CATEGORY


def _receipts(view: SalesView, **more: str) -> str:
    span = view.asked.span
    places = {name: str(id_) for name, id_ in view.asked.places.items()}
    return view.links.receipts(span.first, span.last, **places, **more)


_RULES: tuple[Callable[[SalesView], Iterator[Advice]], ...] = (
    _rising,
    _falling,
    _best_places,
    _filled_shelves,
    _weak_weekday,
    _costly_discounts,
    _few_stores,
)
