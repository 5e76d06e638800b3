"""Floor plans as pages draw them: pure geometry over rows that are fetched already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from mallard.world.malls.models import Floor, Store, Unit

MARGIN_DM = 20
ROOM_ACROSS = 0.9
SMALLEST_LETTER_DM, LARGEST_LETTER_DM = 12, 40
CHINESE_FROM = 0x2E80
LETTERS_ACROSS = 0.62  # a letter's width as a share of its height, for Latin text
SHADES = 5


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


@dataclass(frozen=True, slots=True)
class Legend:
    """What the colours of a plan mean: the figure's ``title``, how a value is shown as text, and
    where a store's figure leads (None: to the store's page)."""

    title: str | Promise
    show: Callable[[int], str]
    url: Callable[[Store], str] | None = None


@dataclass(frozen=True, slots=True)
class ShadedUnit:
    """A unit with its figure. ``shade`` is 1 (least) to `SHADES`, 0 without a figure."""

    planned: PlannedUnit
    shade: int
    figure: str
    url: str


@dataclass(frozen=True, slots=True)
class Shade:
    """A step of the legend: from the least to the greatest value that has it."""

    shade: int
    least: str
    greatest: str


def coloured_plan(floor: Floor, values: Mapping[UUID, int], legend: Legend) -> SafeString:
    """The floor's plan, each store's unit shaded by its value, with a legend and the same figures
    as a table; empty when nothing is drawn.

    ``floor`` comes from `queries.floors_of`, so that only the reader's stores are on it; ``values``
    are whole numbers by store id. Steps hold equally many stores: a single giant does not make all
    others pale. Equal values share a step. No colour is chosen here: stylesheets know the themes.
    """
    plan = floor_plan(floor)
    if plan is None:
        return SafeString()
    known = [values[p.store.pk] for p in plan.units if p.store and p.store.pk in values]
    shade_of = shades(known)
    shown = [_shaded(planned, values, shade_of, legend) for planned in plan.units]
    context = {
        "plan": plan,
        "units": shown,
        "let": [one for one in shown if one.planned.store],
        "legend": legend,
        "steps": _steps(shade_of, legend),
    }
    return render_to_string("malls/coloured_plan.html", context)


def shades(values: Sequence[int]) -> dict[int, int]:
    """The step, 1 to `SHADES`, of each value: by its rank among all, the lowest of equals."""
    ordered = sorted(values)
    rank: dict[int, int] = {}
    for place, value in enumerate(ordered):
        rank.setdefault(value, place)
    return {value: 1 + place * SHADES // len(ordered) for value, place in rank.items()}


def _shaded(
    planned: PlannedUnit, values: Mapping[UUID, int], shade_of: Mapping[int, int], legend: Legend
) -> ShadedUnit:
    store = planned.store
    if store is None:
        return ShadedUnit(planned, 0, "", "")
    url = legend.url(store) if legend.url else store_url(store)
    if store.pk not in values:
        return ShadedUnit(planned, 0, "", url)
    value = values[store.pk]
    return ShadedUnit(planned, shade_of[value], legend.show(value), url)


def store_url(store: Store) -> str:
    """The page of a store."""
    return reverse("malls:store", args=[store.pk])


def _steps(shade_of: Mapping[int, int], legend: Legend) -> list[Shade]:
    steps = []
    for shade in range(1, SHADES + 1):
        held = [value for value, step in shade_of.items() if step == shade]
        if held:
            steps.append(Shade(shade, legend.show(min(held)), legend.show(max(held))))
    return steps


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
