"""How far malls, stores and people are: from the group's malls down to a store's days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Scope
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge, Chart
from mallard.review.targets import queries
from mallard.review.targets.files import month_of
from mallard.review.targets.models import Metric
from mallard.review.targets.permissions import EDIT_TARGET, VIEW_TARGET
from mallard.review.targets.queries import PlaceAttainment
from mallard.review.targets.rules import Attainment, days_of, first_of
from mallard.review.targets.settings import ALERT_BELOW_PERCENT
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import covers_mall, malls_in, stores_in
from mallard.world.tasks.wording import month_name


@dataclass(frozen=True, slots=True)
class Row:
    """A place in a table, with one of its targets in words."""

    name: str
    url: str
    metric: Metric
    target: str
    to_date: str
    actual: str
    state: Badge | None
    is_generated: bool
    bp: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """One target of a place from day to day."""

    row: Row
    chart: Chart | None
    days: list[tuple[Any, ...]]


def wanted_month(request: HttpRequest, default: dt.date) -> dt.date:
    """The month in the address (``?month=2026-11``), or ``default`` when there is no such."""
    try:
        return month_of(request.GET.get("month", ""))
    except ValueError:
        return default


def row_of(one: PlaceAttainment, currency: str, url: str, metric: str = Metric.NET_SALES) -> Row:
    reached = one.attainment
    return Row(
        one.name,
        url,
        Metric(metric),
        in_words(reached.amount, currency, metric),
        in_words(reached.target_to_date, currency, metric),
        in_words(reached.actual_to_date, currency, metric),
        attainment_badge(reached),
        one.is_generated,
        reached.bp,
    )


def in_words(value: int, currency: str, metric: str) -> str:
    """An amount of net sales, or a count of new members."""
    if metric == Metric.NEW_MEMBERS:
        return formats.number(value)
    return formats.money(Money(value, currency))


def worst_first(rows: list[Row]) -> list[Row]:
    """Whatever the figure; those without an attainment yet at the end."""
    return sorted(rows, key=lambda row: (row.bp is None, row.bp or 0))


def attainment_badge(reached: Attainment) -> Badge | None:
    """The attainment in its colour: met, close, or below the alert's threshold."""
    if reached.bp is None:
        return None
    tone: Any = "success" if reached.bp >= 10_000 else "warning"
    if reached.bp < ALERT_BELOW_PERCENT.value * 100:
        tone = "danger"
    return Badge(formats.percent(reached.bp, 10_000), tone)


def months_of(request: HttpRequest, month: dt.date) -> list[tuple[str, str, bool]]:
    """The months to choose from: value, name, whether it is the one shown."""
    months = {month, *queries.months_with_targets(actor_of(request))}
    return [(f"{one:%Y-%m}", month_name(one), one == month) for one in sorted(months, reverse=True)]


@requires(VIEW_TARGET)
def overview(request: HttpRequest) -> HttpResponse:
    """The malls; whoever has single stores only sees those of them."""
    actor = actor_of(request)
    malls = list(malls_in(actor.scope).order_by("code"))
    month = wanted_month(request, _current_month(malls))
    whole = mall_rows(
        [(mall, month) for mall in malls],
        actor.scope,
        {mall.pk: _url("mall", mall.pk, month) for mall in malls},
    )
    sections = []
    for mall in malls:
        if covers_mall(actor.scope, mall.pk):
            rows = whole[mall.pk]
        else:
            rows = store_rows(mall, month, actor.scope)
        sections.append((mall, rows, covers_mall(actor.scope, mall.pk)))
    context = {
        "sections": sections,
        "month": month_name(month),
        "month_value": f"{month:%Y-%m}",
        "months": months_of(request, month),
        "may_edit": actor.may(EDIT_TARGET),
        "threshold": ALERT_BELOW_PERCENT.value,
    }
    return render(request, "targets/overview.html", context)


def _current_month(malls: list[Mall]) -> dt.date:
    """The month of the last whole business day anywhere."""
    days = [queries.last_whole_day(mall) for mall in malls]
    return first_of(max(days)) if days else first_of(dt.date.today())  # noqa: DTZ011 no mall, no zone


def _url(name: str, id_: UUID, month: dt.date) -> str:
    return f"{reverse(f'targets:{name}', args=[id_])}?month={month:%Y-%m}"


def mall_rows(
    asked: Sequence[tuple[Mall, dt.date]], scope: Scope, urls: Mapping[UUID, str]
) -> dict[UUID, list[Row]]:
    """Of each mall its rows, net sales before new members. As many statements for ten malls as for
    one of the same zone."""
    rows: dict[UUID, list[Row]] = {mall.pk: [] for mall, _month in asked}
    for metric in Metric.values:
        found = queries.mall_attainments(asked, scope, metric=metric)
        for mall, _month in asked:
            if mall.pk in found:
                one = found[mall.pk]
                rows[mall.pk].append(row_of(one, mall.currency, urls[mall.pk], metric))
    return rows


def store_rows(mall: Mall, month: dt.date, scope: Scope) -> list[Row]:
    """The stores' rows of both figures, the furthest behind first."""
    return worst_first(
        [
            row_of(one, mall.currency, _url("store", one.place_id, month), metric)
            for metric in Metric.values
            for one in queries.store_attainments(mall, month, scope, metric=metric)
        ]
    )


def wholes_of(places: Mapping[str, PlaceAttainment | None], currency: str) -> list[Whole]:
    """What a page shows of its own place, by metric."""
    return [
        Whole(
            row_of(place, currency, "", metric),
            chart_of(place, currency, metric),
            _day_rows(place.attainment, currency, metric),
        )
        for metric, place in places.items()
        if place is not None
    ]


@requires(VIEW_TARGET)
def mall_page(request: HttpRequest, mall_id: UUID) -> HttpResponse:
    """A mall and its stores, the one furthest behind first."""
    actor = actor_of(request)
    mall = malls_in(actor.scope).filter(pk=mall_id).first()
    if mall is None or not covers_mall(actor.scope, mall_id):
        raise NotFound()
    month = wanted_month(request, first_of(queries.last_whole_day(mall)))
    places = {
        metric: queries.mall_attainment(mall, month, actor.scope, metric=metric)
        for metric in Metric.values
    }
    context = {
        "mall": mall,
        "wholes": wholes_of(places, mall.currency),
        "rows": store_rows(mall, month, actor.scope),
        "may_edit": actor.may(EDIT_TARGET),
        **_month_context(request, month, mall),
    }
    return render(request, "targets/mall.html", context)


@requires(VIEW_TARGET)
def store_page(request: HttpRequest, store_id: UUID) -> HttpResponse:
    """A store's days and its people."""
    actor = actor_of(request)
    store = stores_in(actor.scope).select_related("mall").filter(pk=store_id).first()
    if store is None:
        raise NotFound()
    mall = store.mall
    month = wanted_month(request, first_of(queries.last_whole_day(mall)))
    alone = Scope(store_ids=frozenset([store.pk]))
    places = {
        metric: next(iter(queries.store_attainments(mall, month, alone, metric=metric)), None)
        for metric in Metric.values
    }
    context = {
        "store": store,
        "wholes": wholes_of(places, mall.currency),
        "people": [
            row_of(one, mall.currency, "", metric)
            for metric in Metric.values
            for one in queries.person_attainments(mall, month, [store.pk], metric=metric)
        ],
        "may_edit": actor.may(EDIT_TARGET) and covers_mall(actor.scope, mall.pk),
        **_month_context(request, month, mall),
    }
    return render(request, "targets/store.html", context)


def _month_context(request: HttpRequest, month: dt.date, mall: Mall) -> dict[str, Any]:
    return {
        "month": month_name(month),
        "month_value": f"{month:%Y-%m}",
        "months": months_of(request, month),
        "as_of": min(queries.last_whole_day(mall), days_of(month)[-1]),
    }


def _day_rows(reached: Attainment, currency: str, metric: str) -> list[tuple[Any, ...]]:
    """Newest first: day, its target, what came, and the attainment from the first on."""
    return [
        (
            one.day,
            in_words(one.target, currency, metric),
            in_words(one.actual, currency, metric),
            formats.percent(one.actual_to_date, one.target_to_date),
        )
        for one in reversed(reached.days)
    ]


def chart_of(place: PlaceAttainment, currency: str, metric: str) -> Chart | None:
    """Target and net sales, or new members, both from the first of the month."""
    reached = place.attainment
    if not reached.days:
        return None
    is_count = metric == Metric.NEW_MEMBERS
    major = 1 if is_count else 10 ** get_currency_precision(currency)
    so_far = _("New members to date") if is_count else _("Net sales to date")
    names = [str(_("Target to date")), str(so_far)]
    lines = [
        [one.target_to_date // major for one in reached.days],
        [one.actual_to_date // major for one in reached.days],
    ]
    option = {
        "legend": {"data": names},
        "xAxis": {"type": "category", "data": [f"{one.day:%-m/%-d}" for one in reached.days]},
        "yAxis": {"type": "value"},
        "series": [
            {"type": "line", "name": name, "data": line, "showSymbol": False}
            for name, line in zip(names, lines, strict=True)
        ],
    }
    sentence = (
        gettext("New members are %(share)s of the target to date on %(day)s.")
        if is_count
        else gettext("Net sales are %(share)s of the target to date on %(day)s.")
    )
    description = sentence % {
        "share": formats.percent(reached.actual_to_date, reached.target_to_date),
        "day": formats.day(reached.days[-1].day),
    }
    rows = [
        [
            formats.day(one.day),
            in_words(one.target_to_date, currency, metric),
            in_words(one.actual_to_date, currency, metric),
        ]
        for one in reversed(reached.days)
    ]
    return Chart(
        f"targets-{metric}", _("From the first of the month"), description, option,
        [_("Business day"), *names], rows, is_generated=place.is_generated,
    )  # fmt: skip
