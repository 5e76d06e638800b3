"""The plan editor: a floor drawn as a whole, and its versions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import DomainError, NotFound
from mallard.world.malls import queries
from mallard.world.malls.drawing.services import DrawnUnit, PlanInvalid, latest_number, save_plan
from mallard.world.malls.models import Floor, FloorPlanVersion, Unit
from mallard.world.malls.permissions import EDIT_MALL
from mallard.world.malls.plans import present_store

LEAST_SIDE_DM = 600
MARGIN_DM = 40
MOST_CHARACTERS = 1_000_000
SHOWN_VERSIONS = 20


@requires(EDIT_MALL)
def edit_plan(request: HttpRequest, floor_id: UUID) -> HttpResponse:
    """A floor's plan to draw on; ``?version=`` begins with what an earlier one looked like."""
    floor = _floor(request, floor_id)
    units = queries.floors_of(floor.mall, actor_of(request).scope)
    known = [unit for one in units if one.pk == floor.pk for unit in one.units.all()]
    if request.method == "POST":
        return _save(request, floor, known)
    return _editor(request, floor, known, _shapes(known, _asked_outlines(request, floor)))


def _save(request: HttpRequest, floor: Floor, known: Sequence[Unit]) -> HttpResponse:
    shapes: list[dict[str, Any]] = []
    try:
        shapes = read_plan(request.POST.get("plan", ""))
        drawn = [
            DrawnUnit(
                code=one["code"],
                outline=one["outline"],
                unit_id=one["id"],
                area_dm2=one["area"],
            )
            for one in shapes
        ]
        based_on = request.POST.get("based_on", "")
        version = save_plan(
            floor.pk,
            drawn,
            based_on=int(based_on) if based_on.isdecimal() else -1,
            actor=actor_of(request),
        )
    except DomainError as error:
        told = [*map(str, error.fields.values())] or [error.sentence]
        return _editor(request, floor, known, shapes, problems=told, status=422)
    messages.success(
        request, _("The plan is saved as version %(number)s.") % {"number": version.number}
    )
    return HttpResponseRedirect(reverse("malls:mall", args=[floor.mall_id]))


def read_plan(text: str) -> list[dict[str, Any]]:
    """What the editor sends: a list of id, code, area and outline. Raises `PlanInvalid` unless it
    is one; whether a floor can look like that is for `save_plan` to say."""
    try:
        given: Any = json.loads(text) if len(text) <= MOST_CHARACTERS else None
        return [
            {
                "id": UUID(one["id"]) if one["id"] else None,
                "code": str(one["code"])[:40],
                "area": None if one["area"] is None else int(one["area"]),
                "outline": [[int(x), int(y)] for x, y in one["outline"]],
            }
            for one in given
        ]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        problem = _("The drawing could not be read.")
        raise PlanInvalid(problems=problem, fields={"plan": problem}) from None


def _asked_outlines(request: HttpRequest, floor: Floor) -> dict[str, Any] | None:
    """The outlines of the version in the address; None for what stands."""
    number = request.GET.get("version", "")
    if not number.isdecimal() or len(number) > 6:
        return None
    version = FloorPlanVersion.objects.filter(floor=floor, number=int(number)).first()
    if version is None:
        raise NotFound()
    outlines: dict[str, Any] = version.outlines
    return outlines


def _shapes(known: Sequence[Unit], outlines: dict[str, Any] | None) -> list[dict[str, Any]]:
    shapes = []
    for unit in known:
        outline = unit.geometry if outlines is None else outlines.get(str(unit.pk))
        if outline:
            shapes.append(
                {"id": unit.pk, "code": unit.code, "area": unit.area_dm2, "outline": outline}
            )
    return shapes


def _editor(
    request: HttpRequest,
    floor: Floor,
    known: Sequence[Unit],
    shapes: Sequence[dict[str, Any]],
    *,
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    stores = {unit.pk: store.name for unit in known if (store := present_store(unit))}
    corners = [point for shape in shapes for point in shape["outline"]]
    width = max((x for x, _y in corners), default=0)
    height = max((y for _x, y in corners), default=0)
    context = {
        "floor": floor,
        "problems": problems,
        "based_on": request.POST.get("based_on") or latest_number(floor.pk),
        "width": max(width, LEAST_SIDE_DM) + MARGIN_DM,
        "height": max(height, LEAST_SIDE_DM // 2) + MARGIN_DM,
        "versions": FloorPlanVersion.objects.filter(floor=floor).order_by("-number")[
            :SHOWN_VERSIONS
        ],
        "given": {
            "units": [
                {
                    "id": str(unit.pk),
                    "code": unit.code,
                    "area": unit.area_dm2,
                    "store": stores.get(unit.pk, ""),
                }
                for unit in known
            ],
            "shapes": [
                {**one, "id": str(one["id"]) if one["id"] else None,
                 "store": stores.get(one["id"], "")}
                for one in shapes
            ],
        },
        "words": _words(),
    }  # fmt: skip
    return render(request, "malls/edit_plan.html", context, status=status)


def _words() -> dict[str, str]:
    """What the editor says, in the reader's language."""
    return {
        "unit": pgettext("code of a unit", "New"),
        "added": _("The unit is drawn."),
        "removed": _("The outline is taken off the plan."),
        "newUnit": _("a new unit"),
        "chooseUnit": _("choose a unit"),
        "cornerX": _("Corner {n}, from the left"),
        "cornerY": _("Corner {n}, from the top"),
        "cannotSplit": _("This outline cannot be split there."),
        "wasSplit": _("The unit is split. Its new half has a code of its own."),
        "wasMerged": _("Merged with {code}."),
        "cannotAdd": _("A rectangle needs a place, a width and a depth."),
    }


def _floor(request: HttpRequest, floor_id: UUID) -> Floor:
    malls = queries.whole_malls_in(actor_of(request).scope)
    row = Floor.objects.filter(mall__in=malls, pk=floor_id).select_related("mall").first()
    if row is None:
        raise NotFound()
    return row
