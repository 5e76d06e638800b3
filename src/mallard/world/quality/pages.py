"""The page of data quality: worst first, every figure one click from its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import name_order
from mallard.kernel.clock import now
from mallard.kernel.provenance import Origin
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Chart, Tab
from mallard.world.intake.queries import visible_imports
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import whole_malls_in
from mallard.world.quality import queries
from mallard.world.quality.jobs import measure_now
from mallard.world.quality.models import Source
from mallard.world.quality.permissions import VIEW_QUALITY
from mallard.world.quality.queries import PER_MILLE, Figures
from mallard.world.quality.showing import field_labels, file_label

TREND_DAYS = 90
ROWS_SHOWN = 100
_GOOD, _POOR = 900, 600


@dataclass(frozen=True, slots=True)
class Cell:
    """A share with the members behind what lacks."""

    share: str
    count: int
    url: str
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    group: str
    members: int
    cells: tuple[Cell, ...]


@requires(VIEW_QUALITY)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Completeness, validity and freshness by field, worst first; by mall, channel or file."""
    actor = actor_of(request)
    malls = list(whole_malls_in(actor.scope).order_by(*name_order()))
    mall = next((one for one in malls if str(one.pk) == request.GET.get("mall", "")), None)
    source = request.GET.get("by", "")
    source = source if source in Source.values else Source.MALL.value
    labels = field_labels(actor)
    day = queries.last_day(actor, mall.pk if mall else None)
    found = (
        queries.figures(
            actor, day=day, source=source, mall_id=mall.pk if mall else None, fields=labels
        )
        if day
        else []
    )
    context = {
        "title": gettext("Data quality"),
        "day": day,
        "measured": _measured(day),
        "malls": malls,
        "mall": mall,
        "source": source,
        "tabs": _tabs(source, mall),
        "lines": _lines(found[:ROWS_SHOWN], labels, source, mall, actor),
        "left_out": max(len(found) - ROWS_SHOWN, 0),
        "chart": _chart(actor, mall, labels),
    }
    return render(request, "quality/page.html", context)


def _measured(day: dt.date | None) -> str:
    if day is None:
        return ""
    return gettext("Open members, as measured on %(day)s") % {"day": formats.day(day)}


def _tabs(source: str, mall: Mall | None) -> list[Tab]:
    tabs = []
    for one in Source:
        query = {"by": one.value} | ({"mall": str(mall.pk)} if mall else {})
        tabs.append(Tab(one.label, f"?{urlencode(query)}", is_current=one.value == source))
    return tabs


def _lines(
    found: list[Figures], labels: dict[str, str], source: str, mall: Mall | None, actor: Actor
) -> list[Line]:
    groups = _groups(found, source, actor)
    return [
        Line(
            labels[one.field],
            groups.get(one.key, ""),
            one.members,
            (
                _cell(one.complete, one.members - one.filled, "missing", one, source, mall),
                _cell(one.validity, one.filled - one.valid, "invalid", one, source, mall),
                _cell(one.freshness, one.filled - one.fresh, "stale", one, source, mall),
            ),
        )
        for one in found
        if source != Source.FILE or one.key in groups
    ]


def _groups(found: list[Figures], source: str, actor: Actor) -> dict[str, str]:
    """What channels and files are called; files of others are left out."""
    if source == Source.CHANNEL:
        return {origin.value: str(origin.label) for origin in Origin}
    if source == Source.FILE:
        files = visible_imports(actor).filter(pk__in={UUID(one.key) for one in found})
        return {str(one.pk): file_label(one) for one in files}
    return {}


def _cell(
    share: int | None, count: int, problem: str, one: Figures, source: str, mall: Mall | None
) -> Cell:
    query = {"quality": f"{problem}.{one.field}", "status": "open"}
    if mall is not None:
        query["mall"] = str(mall.pk)
    if source != Source.MALL:
        query["came"] = f"{source}.{one.key}"
    if share is None:
        return Cell("", 0, "", "neutral")
    tone = "success" if share >= _GOOD else "warning" if share >= _POOR else "danger"
    url = f"{reverse('members:list')}?{urlencode(query)}" if count else ""
    return Cell(_percent(share), count, url, tone)


def _percent(share: int) -> str:
    return formats.percent(share, PER_MILLE, digits=0)


def _chart(actor: Actor, mall: Mall | None, labels: dict[str, str]) -> Chart | None:
    since = now().date() - dt.timedelta(days=TREND_DAYS)
    days = queries.trend(actor, since=since, mall_id=mall.pk if mall else None, fields=labels)
    if not days:
        return None
    parts = [
        (gettext("Complete"), [one.complete for one in days]),
        (gettext("Valid"), [one.validity for one in days]),
        (gettext("Fresh"), [one.freshness for one in days]),
    ]
    option = {
        "legend": {"data": [name for name, _values in parts]},
        "xAxis": {"type": "category", "data": [formats.day(one.day) for one in days]},
        "yAxis": {"type": "value", "max": 100},
        "series": [
            {"type": "line", "name": name, "data": [share / 10 for share in values]}
            for name, values in parts
        ],
    }
    last = days[-1]
    shares = {
        "complete": _percent(last.complete),
        "valid": _percent(last.validity),
        "fresh": _percent(last.freshness),
    }
    description = gettext(
        "Of all fields %(complete)s are filled; of what is filled %(valid)s is valid and %(fresh)s "
        "fresh."
    )
    rows = [
        [formats.day(one.day), _percent(one.complete), _percent(one.validity),
         _percent(one.freshness)]
        for one in reversed(days)
    ]  # fmt: skip
    header: list[Any] = [_("Day"), *(name for name, _values in parts)]
    title = _("All fields together, in percent")
    return Chart("quality-trend", title, description % shares, option, header, rows)


@requires(VIEW_QUALITY)
@require_POST
def measure(request: HttpRequest) -> HttpResponse:
    """Measure now, by a job."""
    measure_now.defer()
    messages.success(request, gettext("Measuring has begun. Look again in a minute."))
    return redirect("quality:page")
