"""Floor plans as pages draw them: pure geometry over rows that are fetched already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mallard.world.malls.models import Floor, Store, Unit

MARGIN_DM = 20
LETTERS_ACROSS = 0.62  # a letter's width as a share of its height, for Latin text


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit on the plan. ``points`` is its outline for SVG, the label stands at ``x``, ``y``."""

    unit: Unit
    store: Store | None
    points: str
    x: int
    y: int
    letter_dm: int
    label: str


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """A floor, its units that are drawn, and the part of the plane that shows them all."""

    floor: Floor
    view_box: str
    units: list[PlannedUnit]


def floor_plan(floor: Floor) -> FloorPlan | None:
    """The plan of a floor with ``units`` and their ``stores`` fetched; None when nothing is drawn.

    A unit shows the store that is still open in it, or else the last in the list.
    """
    drawn = [_planned(unit) for unit in floor.units.all() if unit.geometry]
    if not drawn:
        return None
    corners = [point for planned in drawn for point in planned.unit.geometry]
    left, top = min(x for x, _y in corners), min(y for _x, y in corners)
    width = max(x for x, _y in corners) - left + 2 * MARGIN_DM
    height = max(y for _x, y in corners) - top + 2 * MARGIN_DM
    view_box = f"{left - MARGIN_DM} {top - MARGIN_DM} {width} {height}"
    return FloorPlan(floor, view_box, drawn)


def present_store(unit: Unit) -> Store | None:
    """Who is in the unit now, of the stores that were fetched with it."""
    stores: Sequence[Store] = list(unit.stores.all())
    still_open = [store for store in stores if store.closed_on is None]
    return next(iter(still_open or stores[-1:]), None)


def _planned(unit: Unit) -> PlannedUnit:
    store = present_store(unit)
    xs = [x for x, _y in unit.geometry]
    ys = [y for _x, y in unit.geometry]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    letter, label = _fitting(store.name if store else unit.code, width, height)
    return PlannedUnit(
        unit=unit,
        store=store,
        points=" ".join(f"{x},{y}" for x, y in unit.geometry),
        x=(max(xs) + min(xs)) // 2,
        y=(max(ys) + min(ys)) // 2,
        letter_dm=letter,
        label=label,
    )


def _fitting(text: str, width: int, height: int) -> tuple[int, str]:
    """A letter height and as much of ``text`` as fits across the unit."""
    letter = max(6, min(height // 4, width // 8, 40))
    room = int(width * 0.9 / letter)
    used, kept = 0.0, ""
    for character in text:
        used += 1.0 if ord(character) > 0x2E80 else LETTERS_ACROSS
        if used > room:
            return letter, kept.rstrip() + "…" if kept else ""
        kept += character
    return letter, kept
