"""Malls: the list, a mall with its floor plans, and its form."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import named, with_shown_name
from mallard.kernel.errors import NotFound
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import SearchFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Fact
from mallard.world.malls import queries, services
from mallard.world.malls.facts import GroupInput, MallInput
from mallard.world.malls.forms import GroupForm, GroupNameForm, MallForm
from mallard.world.malls.models import Group, Mall
from mallard.world.malls.pages import cells
from mallard.world.malls.pages.hours import hours_of_mall
from mallard.world.malls.permissions import EDIT_MALL, VIEW_MALL
from mallard.world.malls.plans import floor_plan, present_store

MALLS = ListPage(
    key="malls",
    title=_("Malls"),
    columns=(
        Column("name", _("Name"), cells.named_cell, sort="shown_name"),
        Column("code", _("Code"), "code", sort="code", from_width="md"),
        Column(
            "stores",
            _("Stores"),
            lambda mall: formats.number(mall.store_count),
            sort="store_count",
            plain="store_count",
            align="end",
        ),
        Column("currency", _("Currency"), "currency", sort="currency", from_width="md"),
        Column("time_zone", _("Time zone"), "time_zone", sort="time_zone", from_width="lg"),
    ),
    default_sort="name",
    filters=(
        SearchFilter(label=_("Name or code"), search=lambda rows, text: rows.filter(named(text))),
    ),
    row_url=lambda mall: reverse("malls:mall", args=[mall.pk]),
    empty=Empty(_("No malls yet"), icon="building"),
    template="malls/malls.html",
)


@requires(VIEW_MALL)
def malls(request: HttpRequest) -> HttpResponse:
    """The malls that the reader's stores stand in, with how many of those stores."""
    actor = actor_of(request)
    stores = queries.stores_in(actor.scope)
    rows = with_shown_name(queries.malls_in(actor.scope)).annotate(
        store_count=Count("stores", filter=Q(stores__in=stores))
    )
    may_edit = actor.may(EDIT_MALL) and actor.scope.is_group
    has_group = Group.objects.exists()
    context = {"can_create": may_edit and has_group, "can_begin": may_edit and not has_group}
    return MALLS.respond(request, rows, context)


@requires(VIEW_MALL)
def mall(request: HttpRequest, mall_id: UUID) -> HttpResponse:
    """A mall: its facts, and each floor as a plan and as a table."""
    actor = actor_of(request)
    row = _visible_mall(request, mall_id)
    floors = queries.floors_of(row, actor.scope)
    drawn = [
        {
            "floor": floor,
            "plan": floor_plan(floor),
            "units": [
                {"unit": unit, "store": present_store(unit), "area": cells.area(unit.area_dm2)}
                for unit in floor.units.all()
            ],
        }
        for floor in floors
    ]
    can_edit = actor.may(EDIT_MALL) and queries.covers_mall(actor.scope, row.pk)
    context = {
        "mall": row,
        "facts": _facts(row),
        "floors": drawn,
        "can_edit": can_edit,
        "hours": hours_of_mall(row),
        "hours_url": reverse("malls:mall_hours", args=[row.pk]) if can_edit else "",
    }
    return render(request, "malls/mall.html", context)


@requires(EDIT_MALL)
def edit_group(request: HttpRequest) -> HttpResponse:
    """The group that this installation serves: named first of all, renamed later."""
    actor = actor_of(request)
    if not actor.scope.is_group:
        raise NotFound()
    row = Group.objects.first()
    data = request.POST or None
    known = {} if row is None else {"code": row.code, "origin": row.origin}
    return form_page.respond(
        request,
        GroupForm(data) if row is None else GroupNameForm(data, instance=row),
        save=lambda data: services.save_group(GroupInput(**(known | data)), actor=actor),
        title=_("The mall group"),
        done=_("The group is saved."),
        next_url=lambda _row: reverse("malls:malls"),
        back_url=reverse("malls:malls"),
        back_label=_("Malls"),
    )


@requires(EDIT_MALL)
def create_mall(request: HttpRequest) -> HttpResponse:
    group = Group.objects.first()
    if group is None or not actor_of(request).scope.is_group:
        raise NotFound()
    return form_page.respond(
        request,
        MallForm(request.POST or None),
        save=lambda data: services.create_mall(
            MallInput(group_id=group.pk, **data), actor=actor_of(request)
        ),
        title=_("New mall"),
        done=_("The mall is saved."),
        next_url=lambda row: reverse("malls:mall", args=[row.pk]),
        back_url=reverse("malls:malls"),
        back_label=_("Malls"),
    )


@requires(EDIT_MALL)
def edit_mall(request: HttpRequest, mall_id: UUID) -> HttpResponse:
    row = _visible_mall(request, mall_id)
    if not queries.covers_mall(actor_of(request).scope, mall_id):
        raise NotFound()
    name, group_id, origin = row.name, row.group_id, row.origin
    return form_page.respond(
        request,
        MallForm(request.POST or None, instance=row),
        save=lambda data: services.update_mall(
            mall_id, MallInput(group_id=group_id, origin=origin, **data), actor=actor_of(request)
        ),
        title=_("Edit %(name)s") % {"name": name},
        done=_("The mall is saved."),
        next_url=lambda saved: reverse("malls:mall", args=[saved.pk]),
        back_url=reverse("malls:mall", args=[mall_id]),
        back_label=name,
    )


def _visible_mall(request: HttpRequest, mall_id: UUID) -> Mall:
    row = queries.malls_in(actor_of(request).scope).filter(pk=mall_id).first()
    if row is None:
        raise NotFound()
    return row


def _facts(mall: Mall) -> list[Fact]:
    cutoff = f"{mall.business_day_cutoff_hour:02d}:00"
    return [
        *cells.name_facts(mall),
        Fact(_("Currency"), mall.currency),
        Fact(_("Time zone"), mall.time_zone),
        Fact(_("Business day begins at"), cutoff),
        Fact(_("Address"), mall.address),
        Fact(_("Opened on"), formats.day(mall.opened_on) if mall.opened_on else None),
        *([Fact(_("Closed on"), formats.day(mall.closed_on))] if mall.closed_on else []),
        cells.origin_fact(mall),
    ]
