"""How far malls, stores and people are: from the group's malls down to a store's days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge, Chart
from mallard.review.targets import queries
from mallard.review.targets.files import month_of
from mallard.review.targets.permissions import EDIT_TARGET, VIEW_TARGET
from mallard.review.targets.queries import PlaceAttainment
from mallard.review.targets.rules import Attainment, days_of, first_of
from mallard.review.targets.settings import ALERT_BELOW_PERCENT
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import covers_mall, malls_in, stores_in
from mallard.world.tasks.wording import month_name


@dataclass(frozen=True, slots=True)
class Row:
    """A place in a table."""

    name: str
    url: str
    target: Money
    to_date: Money
    actual: Money
    state: Badge | None
    is_generated: bool


def wanted_month(request: HttpRequest, default: dt.date) -> dt.date:
    """The month in the address (``?month=2026-11``), or ``default`` when there is no such."""
    try:
        return month_of(request.GET.get("month", ""))
    except ValueError:
        return default


def row_of(one: PlaceAttainment, currency: str, url: str) -> Row:
    reached = one.attainment
    return Row(
        one.name,
        url,
        Money(reached.amount, currency),
        Money(reached.target_to_date, currency),
        Money(reached.actual_to_date, currency),
        attainment_badge(reached),
        one.is_generated,
    )


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
    attained = queries.mall_attainments([(mall, month) for mall in malls], actor.scope)
    sections = []
    for mall in malls:
        if covers_mall(actor.scope, mall.pk):
            whole = attained.get(mall.pk)
            rows = [row_of(whole, mall.currency, _url("mall", mall.pk, month))] if whole else []
        else:
            rows = _store_rows(mall, month, request)
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


def _store_rows(mall: Mall, month: dt.date, request: HttpRequest) -> list[Row]:
    found = queries.store_attainments(mall, month, actor_of(request).scope)
    return [row_of(one, mall.currency, _url("store", one.place_id, month)) for one in found]


@requires(VIEW_TARGET)
def mall_page(request: HttpRequest, mall_id: UUID) -> HttpResponse:
    """A mall and its stores, the one furthest behind first."""
    actor = actor_of(request)
    mall = malls_in(actor.scope).filter(pk=mall_id).first()
    if mall is None or not covers_mall(actor.scope, mall_id):
        raise NotFound()
    month = wanted_month(request, first_of(queries.last_whole_day(mall)))
    whole = queries.mall_attainment(mall, month, actor.scope)
    context = {
        "mall": mall,
        "whole": row_of(whole, mall.currency, "") if whole else None,
        "chart": chart_of(whole, mall.currency) if whole else None,
        "rows": _store_rows(mall, month, request),
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
    rows = queries.store_attainments(mall, month, actor.scope)
    own = next((one for one in rows if one.place_id == store.pk), None)
    people = queries.person_attainments(mall, month, store.pk)
    context = {
        "store": store,
        "whole": row_of(own, mall.currency, "") if own else None,
        "chart": chart_of(own, mall.currency) if own else None,
        "days": _day_rows(own.attainment, mall.currency) if own else [],
        "people": [row_of(one, mall.currency, "") for one in people],
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


def _day_rows(reached: Attainment, currency: str) -> list[tuple[Any, ...]]:
    """Newest first: day, its target and sales, and the attainment from the first of the month."""
    return [
        (
            one.day,
            Money(one.target, currency),
            Money(one.actual, currency),
            formats.percent(one.actual_to_date, one.target_to_date),
        )
        for one in reversed(reached.days)
    ]


def chart_of(place: PlaceAttainment, currency: str) -> Chart | None:
    """Target and net sales, both from the first of the month."""
    reached = place.attainment
    if not reached.days:
        return None
    major = 10 ** get_currency_precision(currency)
    names = [str(_("Target to date")), str(_("Net sales to date"))]
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
    description = gettext("Net sales are %(share)s of the target to date on %(day)s.") % {
        "share": formats.percent(reached.actual_to_date, reached.target_to_date),
        "day": formats.day(reached.days[-1].day),
    }
    rows = [
        [
            formats.day(one.day),
            formats.money(Money(one.target_to_date, currency)),
            formats.money(Money(one.actual_to_date, currency)),
        ]
        for one in reversed(reached.days)
    ]
    return Chart(
        "targets", _("From the first of the month"), description, option,
        [_("Business day"), *names], rows, is_generated=place.is_generated,
    )  # fmt: skip
