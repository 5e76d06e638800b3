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
from mallard.world.quality.queries import Figures, TrendDay
from mallard.world.quality.showing import field_labels, file_label
from mallard.world.quality.trends import Spark, chart, percent, spark

TREND = dt.timedelta(days=90)
SPARK_DAYS = 31
ROWS_SHOWN = 100
_GOOD, _POOR = 900, 600


@dataclass(frozen=True, slots=True)
class Cell:
    """A share with the members behind what lacks."""

    share: str
    count: int
    url: str
    tone: str
    spark: Spark | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """``url`` opens the chart of this line."""

    label: str
    group: str
    members: int
    cells: tuple[Cell, ...]
    url: str
    is_chosen: bool


@requires(VIEW_QUALITY)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Completeness, validity and freshness by field, worst first; by mall, channel or file."""
    actor = actor_of(request)
    malls = list(whole_malls_in(actor.scope).order_by(*name_order()))
    mall = next((one for one in malls if str(one.pk) == request.GET.get("mall", "")), None)
    source = request.GET.get("by", "")
    source = source if source in Source.values else Source.MALL.value
    view = _View(actor, mall, source, field_labels(actor), now().date() - TREND)
    day = queries.last_day(actor, view.mall_id)
    found = view.figures(day) if day else []
    groups = _groups(found, source, actor)
    # Files of others are left out.
    found = [one for one in found if source != Source.FILE or one.key in groups]
    field, key = request.GET.get("field", ""), request.GET.get("key", "")
    chosen = next((one for one in found if (one.field, one.key) == (field, key)), None)
    context = {
        "title": gettext("Data quality"),
        "day": day,
        "measured": _measured(day),
        "malls": malls,
        "mall": mall,
        "source": source,
        "tabs": _tabs(source, mall),
        "lines": _lines(view, found[:ROWS_SHOWN], groups, chosen),
        "left_out": max(len(found) - ROWS_SHOWN, 0),
        "chart": _chart(view, groups, chosen),
        "every_url": f"?{urlencode(view.query)}#quality-trend" if chosen else "",
    }
    return render(request, "quality/page.html", context)


@dataclass(frozen=True, slots=True)
class _View:
    """Whose figures are looked at, and since when."""

    actor: Actor
    mall: Mall | None
    source: str
    labels: dict[str, str]
    since: dt.date

    @property
    def mall_id(self) -> UUID | None:
        return self.mall.pk if self.mall else None

    @property
    def query(self) -> dict[str, str]:
        return {"by": self.source} | ({"mall": str(self.mall.pk)} if self.mall else {})

    def figures(self, day: dt.date) -> list[Figures]:
        return queries.figures(
            self.actor, day=day, source=self.source, mall_id=self.mall_id, fields=self.labels
        )

    def url(self, one: Figures) -> str:
        """The page with the chart of this line."""
        query = self.query | {"field": one.field} | ({"key": one.key} if one.key else {})
        return f"?{urlencode(query)}#quality-trend"


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
    view: _View, found: list[Figures], groups: dict[str, str], chosen: Figures | None
) -> list[Line]:
    ways = queries.trends_by_field(
        view.actor,
        since=view.since,
        most_days=SPARK_DAYS,
        source=view.source,
        keys={one.key for one in found},
        mall_id=view.mall_id,
        fields={one.field for one in found},
    )
    return [
        Line(
            view.labels[one.field],
            groups.get(one.key, ""),
            one.members,
            _cells(view, one, ways.get((one.key, one.field), [])),
            view.url(one),
            one == chosen,
        )
        for one in found
    ]


def _cells(view: _View, one: Figures, days: list[TrendDay]) -> tuple[Cell, ...]:
    shares = (
        ("complete", one.complete, one.members - one.filled, "missing"),
        ("validity", one.validity, one.filled - one.valid, "invalid"),
        ("freshness", one.freshness, one.filled - one.fresh, "stale"),
    )
    return tuple(
        _cell(share, count, problem, one, view, spark(days, name))
        for name, share, count, problem in shares
    )


def _chart(view: _View, groups: dict[str, str], chosen: Figures | None) -> Chart | None:
    """The way of the line that was chosen, or of all fields together."""
    one: dict[str, Any] = {"source": view.source, "key": chosen.key} if chosen else {}
    fields = [chosen.field] if chosen else list(view.labels)
    days = queries.trend(view.actor, since=view.since, mall_id=view.mall_id, fields=fields, **one)
    if chosen is None:
        return chart(days)
    parts = [view.labels[chosen.field], groups.get(chosen.key, "")]
    return chart(days, " · ".join(part for part in parts if part))


def _groups(found: list[Figures], source: str, actor: Actor) -> dict[str, str]:
    """What channels and files are called; files of others are left out."""
    if source == Source.CHANNEL:
        return {origin.value: str(origin.label) for origin in Origin}
    if source == Source.FILE:
        files = visible_imports(actor).filter(pk__in={UUID(one.key) for one in found})
        return {str(one.pk): file_label(one) for one in files}
    return {}


def _cell(
    share: int | None,
    count: int,
    problem: str,
    one: Figures,
    view: _View,
    drawn: Spark | None,
) -> Cell:
    query = {"quality": f"{problem}.{one.field}", "status": "open"}
    if view.mall is not None:
        query["mall"] = str(view.mall.pk)
    if view.source != Source.MALL:
        query["came"] = f"{view.source}.{one.key}"
    if share is None:
        return Cell("", 0, "", "neutral")
    tone = "success" if share >= _GOOD else "warning" if share >= _POOR else "danger"
    url = f"{reverse('members:list')}?{urlencode(query)}" if count else ""
    return Cell(percent(share), count, url, tone, drawn)


@requires(VIEW_QUALITY)
@require_POST
def measure(request: HttpRequest) -> HttpResponse:
    """Measure now, by a job."""
    measure_now.defer()
    messages.success(request, gettext("Measuring has begun. Look again in a minute."))
    return redirect("quality:page")
