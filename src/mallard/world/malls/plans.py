"""Floor plans as pages draw them: pure geometry over rows that are fetched already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mallard.world.malls.models import Floor, Store, Unit

MARGIN_DM = 20
ROOM_ACROSS = 0.9
SMALLEST_LETTER_DM, LARGEST_LETTER_DM = 12, 40
CHINESE_FROM = 0x2E80
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
    letter, label = _fitting(_sign(store) if store else unit.code, width, height)
    return PlannedUnit(
        unit=unit,
        store=store,
        points=" ".join(f"{x},{y}" for x, y in unit.geometry),
        x=(max(xs) + min(xs)) // 2,
        y=(max(ys) + min(ys)) // 2,
        letter_dm=letter,
        label=label,
    )


def _sign(store: Store) -> str:
    """What stands over the door: the brand; the mall is known on its own plan."""
    return store.brand.name if store.brand else store.name


def _fitting(text: str, width: int, height: int) -> tuple[int, str]:
    """A letter height in dm and as much of ``text`` as fits across the unit at that height.

    Letters shrink to let the whole text in, but not below what can be read.
    """
    room = width * ROOM_ACROSS
    fitting = int(room / max(1.0, sum(map(_across, text))))
    letter = max(SMALLEST_LETTER_DM, min(height // 4, LARGEST_LETTER_DM, fitting))
    used, kept = 0.0, ""
    for character in text:
        used += _across(character) * letter
        if used > room:
            return letter, kept.rstrip() + "…" if kept else ""
        kept += character
    return letter, kept


def _across(character: str) -> float:
    """A character's width as a share of its height."""
    return 1.0 if ord(character) > CHINESE_FROM else LETTERS_ACROSS
