"""Sales analysis: what sells, where, at which hours, and what it says for what is done next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import name_order
from mallard.kernel.ui import formats
from mallard.kernel.ui.marks import Text
from mallard.kernel.ui.parts import Tab
from mallard.review.reports.analysis import asked as asking
from mallard.review.reports.analysis import charts
from mallard.review.reports.analysis.advice import advice_of
from mallard.review.reports.analysis.asked import PLACES, Against, Asked, By, Span
from mallard.review.reports.analysis.view import Row, SalesView
from mallard.review.reports.card import Change, in_points, relative
from mallard.review.reports.periods import Period
from mallard.review.reports.trade import latest_whole_day
from mallard.value.sales import figures
from mallard.value.sales.figures import change_bp, share_bp
from mallard.value.sales.permissions import VIEW_FIGURES
from mallard.world.malls.models import Store
from mallard.world.malls.queries import trade_category_tree

SHOWN = 15
"""The best and as many of the weakest; all of them one click away."""


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure of the period with its change."""

    label: Text
    text: str
    change: Change
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, ready to read."""

    place: int
    name: str
    narrower: str
    net: str
    share: str
    together: str
    change: Change
    count: str
    each: str
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the form: its options are pairs of value and text."""

    key: str
    label: Text
    options: list[tuple[str, str]]
    value: str


@requires(VIEW_FIGURES)
def sales(request: HttpRequest) -> HttpResponse:
    """The analysis that the address asks for, of the reader's stores."""
    actor = actor_of(request)
    last = latest_whole_day(actor.scope, clock.now())
    if last is None:
        return render(request, "reports/sales.html", {"view": None})
    view = SalesView(actor, asking.read(request.GET, last_day=last, by=By.STORE))
    problems = list(view.asked.problems)
    if view.asked.places and not view.stores:
        problems.append(gettext("There is no such place among yours."))
    shows_all = request.GET.get("all") == "1"
    context = {
        "view": view,
        "asked": view.asked,
        "problems": problems,
        "choices": _choices(view),
        "against": [(one.value, one.label) for one in Against],
        "periods": _periods(view.asked, last),
        "tabs": _tabs(view.asked),
        "stats": _stats(view),
        "advice": advice_of(view),
        "is_empty": not view.total.receipts,
        "lines": _lines(view, shows_all=shows_all),
        "is_cut": not shows_all and len(view.rows) > 2 * SHOWN,
        "all_url": view.asked.address(all="1"),
        "goods_note": _goods_note(view) if view.asked.by.is_of_goods else "",
        "compared_with": _compared_with(view),
        "pareto": charts.pareto_chart(view),
        "days": charts.days_chart(view),
        "hours": charts.hours_chart(view),
        "counts": _("Times sold") if view.asked.by.is_of_goods else figures.RECEIPTS.name,
    }
    return render(request, "reports/sales.html", context)


def _tabs(asked: Asked) -> list[Tab]:
    return [Tab(by.label, asked.address(by=by.value), by is asked.by) for by in By]


def _periods(asked: Asked, last: dt.date) -> list[Tab]:
    """The usual periods, one click each."""
    spans = [(period.label, period.span(last)) for period in Period]
    return [
        Tab(
            label,
            asked.address(day_from=span.first.isoformat(), day_to=span.last.isoformat()),
            span == asked.span,
        )
        for label, span in spans
    ]


def _choices(view: SalesView) -> list[Choice]:
    """What the analysis can be narrowed to: the reader's places only."""
    stores = view.all_stores
    value = {name: str(view.asked.places.get(name, "")) for name in PLACES}
    told: dict[str, Text] = {"mall": _("Mall"), "tenant": _("Tenant"), "store": _("Store")}
    options: dict[str, dict[str, str]] = {
        "mall": {str(one.mall_id): one.mall.name for one in stores},
        "tenant": {str(one.tenant_id): one.tenant.name for one in stores},
        "store": _stores_of(view, stores),
    }
    choices = [
        Choice(key, label, sorted(options[key].items(), key=lambda pair: pair[1]), value[key])
        for key, label in told.items()
        if len(options[key]) > 1 or value[key]
    ]
    trades = _trades(view)
    if len(trades) > 1:
        choices.append(Choice("trade", _("Trade category"), trades, value["trade"]))
    return choices


def _stores_of(view: SalesView, stores: list[Store]) -> dict[str, str]:
    """The stores of the mall and the tenant that are chosen already."""
    places = view.asked.places
    return {
        str(one.pk): one.name
        for one in stores
        if places.get("mall", one.mall_id) == one.mall_id
        and places.get("tenant", one.tenant_id) == one.tenant_id
    }


def _trades(view: SalesView) -> list[tuple[str, str]]:
    used = {store.trade_category_id for store in view.all_stores}
    options: list[tuple[str, str]] = []
    for upper in trade_category_tree().order_by(*name_order()):
        lower = [one for one in upper.children.all() if one.pk in used]
        if lower or upper.pk in used:
            options.append((str(upper.pk), upper.name))
            options += [(str(one.pk), f"{upper.name} › {one.name}") for one in lower]
    return options


def _stats(view: SalesView) -> list[Stat]:
    now, before = view.total, view.total_before
    span = view.asked.span
    places = {name: str(id_) for name, id_ in view.asked.places.items()}
    url = view.links.receipts(span.first, span.last, **places)
    of_members = view.links.receipts(span.first, span.last, **places, member="1")
    each = now.per_receipt_minor
    return [
        Stat(
            figures.NET_SALES.name,
            charts.shown(now.net_minor, view.currency),
            relative(change_bp(now.net_minor, before.net_minor)),
            url,
        ),
        Stat(
            figures.RECEIPTS.name,
            formats.number(now.receipts),
            relative(change_bp(now.receipts, before.receipts)),
            url,
        ),
        Stat(
            figures.PER_RECEIPT.name,
            "–" if each is None else charts.shown(each, view.currency),
            relative(change_bp(each, before.per_receipt_minor)),
            url,
        ),
        Stat(
            figures.MEMBER_SHARE.name,
            formats.percent(now.member_net_minor, now.net_minor),
            in_points(
                share_bp(now.member_net_minor, now.net_minor),
                share_bp(before.member_net_minor, before.net_minor),
            ),
            of_members,
        ),
    ]


def _lines(view: SalesView, *, shows_all: bool) -> list[Line]:
    rows = view.rows
    if not shows_all and len(rows) > 2 * SHOWN:
        rows = [*rows[:SHOWN], *rows[-SHOWN:]]
    whole = charts.whole_of(view)
    lines: list[Line] = []
    running = 0
    for number, row in enumerate(rows, start=1):
        running += row.now.net_minor
        # Beyond a gap (the middle of many goods) nobody knows what the first bring together.
        together = formats.percent(running, whole) if row.place == number and whole > 0 else ""
        lines.append(_line(view, row, whole, together))
    return lines


def _line(view: SalesView, row: Row, whole: int, together: str) -> Line:
    each = row.now.per_receipt_minor
    by = view.asked.by
    return Line(
        row.place,
        row.name,
        "" if by.is_of_goods else view.asked.address(**{by.value: str(row.id)}, by=_narrower(by)),
        charts.shown(row.now.net_minor, view.currency),
        formats.percent(row.now.net_minor, whole) if whole > 0 else "–",
        together,
        relative(change_bp(row.now.net_minor, row.before.net_minor)),
        formats.number(row.now.receipts),
        "–" if each is None else charts.shown(each, view.currency),
        view.rows_url(by, row.id),
    )


def _narrower(by: By) -> str:
    """What somebody who opens a row wants to see next."""
    return By.CATEGORY.value if by is By.STORE else By.STORE.value


def _goods_note(view: SalesView) -> str:
    months, before = view.months, view.months_before
    return gettext(
        "Goods are told by whole months, three at most: %(first)s to %(last)s, against %(before)s "
        "to %(until)s. The goods that the catalogue knows make %(share)s of net sales."
    ) % {
        "first": formats.month(months.first),
        "last": formats.month(months.last),
        "before": formats.month(before.first),
        "until": formats.month(before.last),
        "share": _known_share(view),
    }


def _known_share(view: SalesView) -> str:
    span = view.months.span
    days = view.days.filter(business_day__range=(span.first, span.last))
    whole = int(days.aggregate(net=Sum(F("net_minor") - F("refund_minor")))["net"] or 0)
    return formats.percent(view.goods.net_minor, whole) if whole > 0 else "–"


def _compared_with(view: SalesView) -> str:
    if not view.total_before.receipts:
        return gettext("Nothing was sold from %(first)s to %(last)s to compare with.") % _of(
            view.before
        )
    return gettext("Compared with %(first)s to %(last)s.") % _of(view.before)


def _of(span: Span) -> Mapping[str, Any]:
    return {"first": formats.day(span.first), "last": formats.day(span.last)}
