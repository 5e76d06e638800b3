"""Pure decisions about the place. Problems come as ``{field: sentence}``; none is an empty dict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Problems = dict[str, str | Promise]
Point = Sequence[int]

MAX_OUTLINE_POINTS = 64
MAX_COORDINATE_DM = 100_000


def mall_problems(*, time_zone: str, currency: str) -> Problems:
    """Whether the mall's zone and currency exist (IANA time zones, ISO 4217)."""
    problems: Problems = {}
    if time_zone not in available_timezones():
        problems["time_zone"] = _("This is not a time zone. Example: Asia/Shanghai.")
    if currency not in list_currencies():
        problems["currency"] = _("This is not a currency. Example: CNY.")
    return problems


def closing_problems(opened_on: dt.date | None, closed_on: dt.date | None) -> Problems:
    """Whether something closes before it opens."""
    if opened_on is not None and closed_on is not None and closed_on < opened_on:
        return {"closed_on": _("The closing day is before the opening day.")}
    return {}


def outline_problems(outline: Sequence[Point]) -> Problems:
    """Whether ``outline`` is a simple polygon in whole decimetres; empty: not drawn yet."""
    if not outline:
        return {}
    if not 3 <= len(outline) <= MAX_OUTLINE_POINTS:
        return {"geometry": _("An outline has 3 to 64 corners.")}
    if not all(_is_corner(point) for point in outline):
        return {"geometry": _("Corners are pairs of whole decimetres, not negative.")}
    if outline_area_dm2(outline) == 0 or _crosses_itself(outline):
        return {"geometry": _("The outline crosses itself or encloses nothing.")}
    return {}


def outline_area_dm2(outline: Sequence[Point]) -> int:
    """The area inside a simple polygon by the shoelace formula, rounded down to whole dm²."""
    return abs(_twice_signed_area(outline)) // 2


def trade_category_problems(
    own_id: UUID | None,
    parent_id: UUID | None,
    *,
    parent_of: Mapping[UUID, UUID | None],
) -> Problems:
    """Whether a trade category fits into two levels. ``parent_of`` has every known category."""
    if parent_id is None:
        return {}
    if parent_id not in parent_of:
        return {"parent": _("There is no such trade category.")}
    has_children = own_id is not None and own_id in parent_of.values()
    if parent_id == own_id or parent_of[parent_id] is not None or has_children:
        return {"parent": _("Trade categories have two levels: choose one of the upper level.")}
    return {}


def store_problems(
    *,
    mall_id: UUID,
    tenant_id: UUID,
    brand_tenant_id: UUID | None,
    unit_mall_id: UUID | None,
    opened_on: dt.date | None,
    closed_on: dt.date | None,
) -> Problems:
    """Whether a store's brand, unit and days fit together; None where it has no brand or unit."""
    problems = closing_problems(opened_on, closed_on)
    if brand_tenant_id not in (None, tenant_id):
        problems["brand"] = _("This brand belongs to another tenant.")
    if unit_mall_id not in (None, mall_id):
        problems["unit"] = _("This unit is in another mall.")
    return problems


def lease_problems(
    *,
    starts_on: dt.date,
    ends_on: dt.date,
    other_terms: Sequence[tuple[dt.date, dt.date]],
    needs_rent: bool,
    has_rent: bool,
    needs_percentage: bool,
    has_percentage: bool,
) -> Problems:
    """Whether a lease's days and terms are whole and overlap none of the unit's ``other_terms``."""
    problems: Problems = {}
    if ends_on < starts_on:
        problems["ends_on"] = _("The lease ends before it starts.")
    elif any(start <= ends_on and starts_on <= end for start, end in other_terms):
        problems["starts_on"] = _("The unit is let for some of these days already.")
    if needs_rent and not has_rent:
        problems["base_rent_minor"] = _("This kind of lease needs a base rent.")
    if needs_percentage and not has_percentage:
        problems["percentage_bp"] = _("This kind of lease needs a share of sales.")
    return problems


def _is_corner(point: object) -> bool:
    return (
        isinstance(point, (list, tuple))
        and len(point) == 2
        and all(type(value) is int and 0 <= value <= MAX_COORDINATE_DM for value in point)
    )


def _twice_signed_area(outline: Sequence[Point]) -> int:
    pairs = zip(outline, [*outline[1:], outline[0]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)


def _crosses_itself(outline: Sequence[Point]) -> bool:
    """Whether two edges that are not neighbours meet; at most 64 corners, so all pairs is fine."""
    edges = list(zip(outline, [*outline[1:], outline[0]], strict=True))
    count = len(edges)
    return any(a == b for a, b in edges) or any(
        _meet(*edges[i], *edges[j])
        for i in range(count)
        for j in range(i + 2, count)
        if (i, j) != (0, count - 1)
    )


def _turn(a: Point, b: Point, c: Point) -> int:
    """Positive, zero, negative: the way from a over b to c turns left, goes on, turns right."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the segments ab and cd share a point (Cormen et al., Introduction to Algorithms,
    section 33.1)."""
    first, second = _turn(c, d, a), _turn(c, d, b)
    third, fourth = _turn(a, b, c), _turn(a, b, d)
    if first * second < 0 and third * fourth < 0:
        return True
    touching = ((first, c, d, a), (second, c, d, b), (third, a, b, c), (fourth, a, b, d))
    return any(turn == 0 and _is_between(p, q, r) for turn, p, q, r in touching)


def _is_between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
