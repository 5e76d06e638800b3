"""The figures that exist. Each app declares its own in `figures.py`, loaded at start-up.

One catalogue: a screen or a report takes a figure's name, formula, unit and window from here, so
that a number means the same wherever it stands. How it is reckoned stays with the app.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Unit(Enum):
    """What a figure counts in; the value is what people read."""

    MONEY = _("money")
    COUNT = _("count")
    PERCENT = _("percent")
    PER_HUNDRED = _("per 100")
    POINTS = _("points")
    MONEY_PER_AREA = _("money per m² and day")


class Freshness(Enum):
    """How soon a figure knows of what happened; the value is what people read."""

    AT_ONCE = _("at once, with the receipt")
    SECONDS = _("within seconds")
    MINUTES = _("within ten minutes")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the catalogue, as the reader is told it.

    ``code`` is `app.name`; ``owner`` the code of the role that answers for it (`staff.roles`).
    """

    code: str
    name: Text
    formula: Text
    unit: Unit
    window: Text
    owner: str
    freshness: Freshness = Freshness.AT_ONCE


_declared: dict[str, Figure] = {}


def declare(figure: Figure) -> Figure:
    """Make a figure known and return it. Declaring a code twice is a mistake."""
    if figure.code in _declared:
        raise ValueError(f"figure {figure.code} is declared twice")
    _declared[figure.code] = figure
    return figure


def declared_figures() -> list[Figure]:
    """Every figure, by code."""
    return [_declared[code] for code in sorted(_declared)]


def figure(code: str) -> Figure:
    """The figure of that code; raises KeyError when nobody declared it."""
    return _declared[code]
