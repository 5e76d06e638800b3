"""Whether a floor can look like that: pure geometry in whole decimetres, without a float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from django.utils.translation import gettext as _

from mallard.world.malls.rules import Point, outline_problems

MOST_UNITS = 400
Box = tuple[int, int, int, int]
Edge = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Shape:
    """A unit's outline under the code that people know it by."""

    code: str
    outline: Sequence[Point]


def plan_problems(shapes: Sequence[Shape]) -> list[str]:
    """Sentences about everything that cannot be: too many units, a code twice, an outline that
    crosses itself, two units on the same ground. Units may share walls."""
    if len(shapes) > MOST_UNITS:
        return [_("A floor has at most %(limit)s units.") % {"limit": MOST_UNITS}]
    problems: list[str] = []
    seen: set[str] = set()
    sound: list[Shape] = []
    for shape in shapes:
        if shape.code.casefold() in seen:
            problems.append(_("The code %(code)s occurs twice.") % {"code": shape.code})
        seen.add(shape.code.casefold())
        wrong = outline_problems(shape.outline)
        if not shape.outline:
            problems.append(_("%(code)s is not drawn.") % {"code": shape.code})
        elif wrong:
            problems.append(f"{shape.code}: {wrong['geometry']}")
        else:
            sound.append(shape)
    boxes = [_box(shape.outline) for shape in sound]
    for (i, first), (j, second) in combinations(enumerate(sound), 2):
        if _boxes_overlap(boxes[i], boxes[j]) and overlap(first.outline, second.outline):
            problems.append(
                _("%(first)s and %(second)s overlap.")
                % {"first": first.code, "second": second.code}
            )
    return problems


def overlap(a: Sequence[Point], b: Sequence[Point]) -> bool:
    """Whether two simple polygons share ground; a shared wall or corner is none.

    They do if two edges cross, if a stretch of one's boundary runs inside the other, or if a point
    inside one lies inside the other: then one lies wholly within the other, or they are the same.
    """
    if any(_cross(*e, *f) for e in _edges(a) for f in _edges(b)):
        return True
    return (
        any(_is_inside(point, b) for point in _stretches(a, b))
        or any(_is_inside(point, a) for point in _stretches(b, a))
        or _is_inside(_point_in(a), b)
        or _is_inside(_point_in(b), a)
    )


def _edges(outline: Sequence[Point]) -> list[Edge]:
    return list(zip(outline, [*outline[1:], outline[0]], strict=True))


def _box(outline: Sequence[Point]) -> Box:
    xs, ys = [x for x, _y in outline], [y for _x, y in outline]
    return min(xs), min(ys), max(xs), max(ys)


def _boxes_overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _turn(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether segments ab and cd cross, each strictly within the other."""
    return _turn(c, d, a) * _turn(c, d, b) < 0 and _turn(a, b, c) * _turn(a, b, d) < 0


ExactPoint = tuple[Fraction, Fraction]


def _stretches(a: Sequence[Point], b: Sequence[Point]) -> list[ExactPoint]:
    """The middle of each stretch of a's boundary between corners of its own and of ``b`` on it."""
    middles: list[ExactPoint] = []
    for start, end in _edges(a):
        on = [point for point in b if _turn(start, end, point) == 0 and _within(start, end, point)]
        stops = sorted({tuple(start), tuple(end), *(tuple(point) for point in on)})
        middles += [
            (Fraction(p[0] + q[0], 2), Fraction(p[1] + q[1], 2)) for p, q in pairwise(stops)
        ]
    return middles


def _within(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _is_inside(point: ExactPoint, outline: Sequence[Point]) -> bool:
    """Whether ``point`` lies strictly inside: on a wall is not (even-odd rule by a ray to the
    right)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in _edges(outline):
        turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return False
        if (y1 > y) != (y2 > y) and x < x1 + Fraction(x2 - x1) * (y - y1) / (y2 - y1):
            inside = not inside
    return inside


def _point_in(outline: Sequence[Point]) -> ExactPoint:
    """Some point strictly inside a simple polygon: on a level between two corners, halfway between
    the first two walls."""
    levels = sorted({y for _x, y in outline})
    y = Fraction(levels[0] + levels[1], 2)
    walls = sorted(
        x1 + Fraction(x2 - x1) * (y - y1) / (y2 - y1)
        for (x1, y1), (x2, y2) in _edges(outline)
        if (y1 > y) != (y2 > y)
    )
    return (walls[0] + walls[1]) / 2, y
