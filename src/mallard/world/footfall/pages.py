"""Console pages: how many people came in, day by day, and the entrances they came through."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import name_order, named, with_shown_name
from mallard.kernel.errors import NotFound
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import ChoiceFilter, DateRangeFilter, SearchFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage, Total
from mallard.kernel.ui.parts import Badge
from mallard.world.footfall import queries, services
from mallard.world.footfall.facts import EntranceInput
from mallard.world.footfall.forms import EntranceForm
from mallard.world.footfall.models import Entrance, FootfallDay
from mallard.world.footfall.permissions import EDIT_ENTRANCE, VIEW_FOOTFALL
from mallard.world.malls.queries import whole_malls_in


def _mall_choices(request: HttpRequest) -> list[tuple[str, str]]:
    malls = whole_malls_in(actor_of(request).scope).order_by(*name_order())
    return [(str(mall.pk), mall.name) for mall in malls]


def _with_badge(text: str, row: Any) -> SafeString | str:
    if not row.is_generated:
        return text
    return format_html("{} {}", text, Badge(_("Generated"), "generated", "sparkles"))


def _count(name: str) -> Any:
    return lambda row: formats.number(getattr(row, name))


DAYS = ListPage(
    key="footfall",
    title=_("Footfall"),
    columns=(
        Column(
            "day",
            _("Business day"),
            lambda row: _with_badge(formats.day(row.business_day), row),
            sort=("business_day", "mall__code"),
        ),
        Column("mall", _("Mall"), "mall.name", sort="mall__code"),
        Column("entries", _("Entries"), _count("entries"), sort="entries", align="end"),
        Column("exits", _("Exits"), _count("exits"), sort="exits", align="end", from_width="md"),
        Column("quarters", _("Counts"), _count("quarters"), align="end", from_width="md"),
    ),
    default_sort="-day",
    filters=(
        ChoiceFilter("mall", _("Mall"), choices=_mall_choices, column="mall_id"),
        DateRangeFilter("day", _("Business day"), column="business_day"),
    ),
    totals=(Total(_("Entries"), Sum("entries"), formats.number),),
    row_url=lambda row: reverse("footfall:day", args=[row.mall_id, row.business_day.isoformat()]),
    empty=Empty(
        _("Nobody has been counted yet"),
        _("Counters send their quarters of an hour to the interface for footfall."),
        icon="walk",
    ),
)

ENTRANCES = ListPage(
    key="entrances",
    title=_("Entrances"),
    columns=(
        Column("name", _("Name"), lambda row: _with_badge(row.name, row), sort="shown_name"),
        Column("code", _("Code"), "code", sort="code"),
        Column("mall", _("Mall"), "mall.name", sort="mall__code"),
        Column("floor", _("Floor"), "floor.name", sort="floor__level", from_width="md"),
        Column("state", _("Status"), lambda row: _state(row), from_width="sm"),
    ),
    default_sort="name",
    filters=(
        SearchFilter(label=_("Name or code"), search=lambda rows, text: rows.filter(named(text))),
        ChoiceFilter("mall", _("Mall"), choices=_mall_choices, column="mall_id"),
    ),
    empty=Empty(_("No entrances yet"), icon="door-enter"),
    template="footfall/entrances.html",
)


def _state(row: Entrance) -> Badge:
    if row.closed_on is not None:
        closed = _("Closed from %(day)s") % {"day": formats.day(row.closed_on)}
        return Badge(closed, "neutral")
    return Badge(_("Counting"), "success")


@requires(VIEW_FOOTFALL)
def days(request: HttpRequest) -> HttpResponse:
    """How many people came into the malls that the reader holds as a whole, by business day."""
    rows = queries.days_in(actor_of(request).scope).select_related("mall")
    return DAYS.respond(request, rows)


@requires(VIEW_FOOTFALL)
def day(request: HttpRequest, mall_id: UUID, business_day: str) -> HttpResponse:
    """A mall's business day: each entrance by local hour."""
    scope = actor_of(request).scope
    row = _footfall_day(request, mall_id, business_day)
    entrances = queries.entrance_days(scope, mall_id, row.business_day)
    shown = [hour for hour in range(24) if any(one.hours[hour] is not None for one in entrances)]
    first = row.mall.business_day_cutoff_hour
    hours = sorted(shown, key=lambda hour: (hour - first) % 24)
    context = {
        "row": row,
        "hours": [f"{hour:02d}:00" for hour in hours],
        "entrances": [(one, [one.hours[hour] for hour in hours]) for one in entrances],
        "sums": [sum(one.hours[hour] or 0 for one in entrances) for hour in hours],
    }
    return render(request, "footfall/day.html", context)


def _footfall_day(request: HttpRequest, mall_id: UUID, business_day: str) -> FootfallDay:
    try:
        wanted = dt.date.fromisoformat(business_day)
    except ValueError:
        raise NotFound() from None
    rows = queries.days_in(actor_of(request).scope).select_related("mall")
    row = rows.filter(mall=mall_id, business_day=wanted).first()
    if row is None:
        raise NotFound()
    return row


@requires(VIEW_FOOTFALL)
def entrances(request: HttpRequest) -> HttpResponse:
    """The entrances of the malls that the reader holds as a whole."""
    actor = actor_of(request)
    rows = with_shown_name(queries.entrances_in(actor.scope)).select_related("mall", "floor")
    can_edit = _may_change(actor)
    listed = replace(ENTRANCES, row_url=_edit_url) if can_edit else ENTRANCES
    return listed.respond(request, rows, {"can_create": can_edit})


def _edit_url(row: Entrance) -> str:
    return reverse("footfall:edit_entrance", args=[row.pk])


def _may_change(actor: Actor) -> bool:
    return actor.may(EDIT_ENTRANCE) and whole_malls_in(actor.scope).exists()


@requires(EDIT_ENTRANCE)
def create_entrance(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not _may_change(actor):
        raise NotFound()
    return form_page.respond(
        request,
        EntranceForm(request.POST or None, actor=actor),
        save=lambda data: services.create_entrance(_input(data), actor=actor),
        title=_("New entrance"),
        done=_("The entrance is saved."),
        next_url=lambda _row: reverse("footfall:entrances"),
        back_url=reverse("footfall:entrances"),
        back_label=_("Entrances"),
    )


@requires(EDIT_ENTRANCE)
def edit_entrance(request: HttpRequest, entrance_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = queries.entrances_in(actor.scope).filter(pk=entrance_id).first()
    if row is None:
        raise NotFound()
    name, origin = row.name, row.origin
    return form_page.respond(
        request,
        EntranceForm(request.POST or None, instance=row, actor=actor),
        save=lambda data: services.update_entrance(
            entrance_id, _input(data, origin=origin), actor=actor
        ),
        title=_("Edit %(name)s") % {"name": name},
        done=_("The entrance is saved."),
        next_url=lambda _row: reverse("footfall:entrances"),
        back_url=reverse("footfall:entrances"),
        back_label=_("Entrances"),
    )


def _input(data: dict[str, Any], **more: Any) -> EntranceInput:
    floor = data["floor"]
    plain = {name: value for name, value in data.items() if name != "floor"}
    return EntranceInput(mall_id=floor.mall_id, floor_id=floor.pk, **plain, **more)
