"""Saving a floor's plan: all of its units at once, and what it looked like before stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel import audited_rows, clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Conflict, Invalid
from mallard.world.malls import checks, locks, queries
from mallard.world.malls.drawing.rules import Shape, plan_problems
from mallard.world.malls.facts import UnitInput
from mallard.world.malls.models import Floor, FloorPlanVersion, Unit
from mallard.world.malls.rules import outline_area_dm2
from mallard.world.malls.services import UNITS


class PlanInvalid(Invalid):
    code = "malls.plan_invalid"
    message = _("The plan cannot be like that: %(problems)s")


class PlanChanged(Conflict):
    code = "malls.plan_changed"
    message = _(
        "Somebody else has saved this plan meanwhile. Open it again, and draw your changes anew."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnUnit:
    """A unit on the plan: one that exists (``unit_id``) or a new one under a free code.
    ``area_dm2`` None: as before, of a new unit as drawn."""

    code: str
    outline: Sequence[Sequence[int]]
    unit_id: UUID | None = None
    area_dm2: int | None = None


@atomic_retrying
def save_plan(
    floor_id: UUID, drawn: Sequence[DrawnUnit], *, based_on: int, actor: Actor
) -> FloorPlanVersion:
    """Draw a floor anew; units that are not in ``drawn`` lose their outline and stay otherwise.

    ``based_on`` is the number of the version that was changed. Raises `PlanInvalid` with every
    problem, `PlanChanged`, `NotFound`, `OutsideScope`; then nothing has changed.
    """
    floor = checks.visible(Floor.objects.filter(mall__in=queries.malls_in(actor.scope)), floor_id)
    checks.require_mall(actor, floor.mall_id)
    locks.lock_floor(floor_id)
    if latest_number(floor_id) != based_on:
        raise PlanChanged()
    units = {unit.pk: unit for unit in Unit.objects.filter(floor=floor_id)}
    _refuse(_problems(drawn, units))
    number = based_on
    if number == 0 and any(unit.geometry for unit in units.values()):
        number = _keep(floor_id, 1, units.values(), actor).number
    inputs = [_input(floor_id, one, units) for one in drawn]
    kept = {one.unit_id for one in drawn}
    gone = [unit for unit in units.values() if unit.geometry and unit.pk not in kept]
    inputs += [
        UnitInput(floor_id=floor_id, code=unit.code, area_dm2=unit.area_dm2, origin=unit.origin)
        for unit in gone
    ]
    saved = audited_rows.save(UNITS, inputs, actor=actor)
    version = _keep(floor_id, number + 1, saved, actor)
    after = {"version": version.number, "drawn": len(drawn), "undrawn": len(gone)}
    record(actor, "malls.plan_saved", "floor", floor_id, after=after)
    return version


def latest_number(floor_id: UUID) -> int:
    """The number of the floor's latest version; 0 before the first."""
    versions = FloorPlanVersion.objects.filter(floor=floor_id).order_by("-number")
    return versions.values_list("number", flat=True).first() or 0


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        told = " ".join(problems)
        raise PlanInvalid(problems=told, fields={"plan": told})


def _problems(drawn: Sequence[DrawnUnit], units: dict[UUID, Unit]) -> list[str]:
    problems = plan_problems([Shape(one.code, one.outline) for one in drawn])
    codes = {unit.code.casefold() for unit in units.values()}
    for one in drawn:
        known = units.get(one.unit_id) if one.unit_id else None
        if one.unit_id and (known is None or known.code != one.code):
            problems.append(str(_("%(code)s is not a unit of this floor.") % {"code": one.code}))
        if one.unit_id is None and one.code.casefold() in codes:
            told = _("There is a unit %(code)s already: assign the outline to it.")
            problems.append(str(told % {"code": one.code}))
    return problems


def _input(floor_id: UUID, one: DrawnUnit, units: dict[UUID, Unit]) -> UnitInput:
    outline: Any = [list(point) for point in one.outline]
    known = units.get(one.unit_id) if one.unit_id else None
    area = one.area_dm2 or (known.area_dm2 if known else outline_area_dm2(outline))
    origin: dict[str, Any] = {"origin": known.origin} if known else {}
    return UnitInput(floor_id=floor_id, code=one.code, area_dm2=area, geometry=outline, **origin)


def _keep(floor_id: UUID, number: int, units: Any, actor: Actor) -> FloorPlanVersion:
    """Write down what the floor looks like now."""
    outlines = {str(unit.pk): unit.geometry for unit in units if unit.geometry}
    return FloorPlanVersion.objects.create(
        floor_id=floor_id,
        number=number,
        outlines=outlines,
        saved_at=clock.now(),
        saved_by_label=actor.label[:200],
        saved_by_id=actor.id,
    )
