"""Floors and units: their forms. They are seen on the mall's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.ui import form_page
from mallard.world.malls import queries, services
from mallard.world.malls.facts import FloorInput, UnitInput
from mallard.world.malls.forms import FloorForm, UnitForm
from mallard.world.malls.models import Floor, Mall, Unit
from mallard.world.malls.permissions import EDIT_MALL


@requires(EDIT_MALL)
def create_floor(request: HttpRequest, mall_id: UUID) -> HttpResponse:
    mall = queries.whole_malls_in(actor_of(request).scope).filter(pk=mall_id).first()
    if mall is None:
        raise NotFound()
    return form_page.respond(
        request,
        FloorForm(request.POST or None),
        save=lambda data: services.create_floor(
            FloorInput(mall_id=mall_id, **data), actor=actor_of(request)
        ),
        title=_("New floor"),
        done=_("The floor is saved."),
        **_back_to(mall),
    )


@requires(EDIT_MALL)
def edit_floor(request: HttpRequest, floor_id: UUID) -> HttpResponse:
    row = _floor(request, floor_id)
    mall, name, origin = row.mall, row.name, row.origin
    return form_page.respond(
        request,
        FloorForm(request.POST or None, instance=row),
        save=lambda data: services.update_floor(
            floor_id, FloorInput(mall_id=mall.pk, origin=origin, **data), actor=actor_of(request)
        ),
        title=_("Edit %(name)s") % {"name": name},
        done=_("The floor is saved."),
        **_back_to(mall),
    )


@requires(EDIT_MALL)
def create_unit(request: HttpRequest, floor_id: UUID) -> HttpResponse:
    row = _floor(request, floor_id)
    return form_page.respond(
        request,
        UnitForm(request.POST or None),
        save=lambda data: services.create_unit(
            UnitInput(floor_id=floor_id, **data), actor=actor_of(request)
        ),
        title=_("New unit on %(floor)s") % {"floor": row.name},
        done=_("The unit is saved."),
        **_back_to(row.mall),
    )


@requires(EDIT_MALL)
def edit_unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    units = queries.units_in(actor_of(request).scope).select_related("floor__mall")
    row = units.filter(pk=unit_id).first()
    if row is None:
        raise NotFound()
    initial = {"code": row.code, "area_dm2": f"{row.area_dm2 / 100:.2f}"}
    return form_page.respond(
        request,
        UnitForm(request.POST or None, initial=initial),
        save=lambda data: services.update_unit(
            unit_id, _same_outline(row, data), actor=actor_of(request)
        ),
        title=_("Edit %(name)s") % {"name": row.code},
        done=_("The unit is saved."),
        **_back_to(row.floor.mall),
    )


def _same_outline(unit: Unit, data: dict[str, Any]) -> UnitInput:
    return UnitInput(floor_id=unit.floor_id, geometry=unit.geometry, origin=unit.origin, **data)


def _floor(request: HttpRequest, floor_id: UUID) -> Floor:
    malls = queries.whole_malls_in(actor_of(request).scope)
    row = Floor.objects.filter(mall__in=malls, pk=floor_id).select_related("mall").first()
    if row is None:
        raise NotFound()
    return row


def _back_to(mall: Mall) -> dict[str, Any]:
    """Where a floor's or unit's form comes from, and goes to when it is saved."""
    url = reverse("malls:mall", args=[mall.pk])
    return {"next_url": lambda _saved: url, "back_url": url, "back_label": mall.name}
