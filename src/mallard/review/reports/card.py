"""One figure as a home shows it, and how its change reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext

from mallard.kernel.figures import Figure
from mallard.kernel.ui import formats
from mallard.kernel.ui.marks import Text

Direction = Literal["up", "down", "flat"]


@dataclass(frozen=True, slots=True)
class Change:
    """A change ready to read, and whether it is good (up), bad (down) or neither (flat).
    ``sign``: which way the number went."""

    text: str = ""
    direction: Direction = "flat"
    sign: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """One figure on a home. ``against`` says what the change compares with, ``coverage`` of how
    much the figure knows, ``as_of`` when it was read if it is not of this moment; a generator made
    some of what ``is_generated`` counts."""

    figure: Figure
    text: str
    url: str = ""
    change: Change = Change()
    against: str = ""
    coverage: str = ""
    as_of: dt.datetime | None = None
    is_generated: bool = False

    @property
    def key(self) -> str:
        """An id for the page."""
        return self.figure.code.replace(".", "-")

    @property
    def read_at(self) -> str:
        """The time of day when a slow figure was read."""
        return formats.time_of_day(self.as_of) if self.as_of else ""

    @property
    def window(self) -> Text:
        return self.figure.window


def relative(change: int | None) -> Change:
    """A relative change in basis points."""
    if change is None:
        return Change()
    return _change(change, formats.percent(abs(change), 10_000))


def in_points(now: int | None, before: int | None) -> Change:
    """The change of a rate in percentage points, from basis points."""
    if now is None or before is None:
        return Change()
    # As many digits as are shown: a tenth of a point or more is a change.
    tenths = round((now - before) / 10)
    figure = f"{abs(tenths) // 10}.{abs(tenths) % 10}"
    return _change(tenths, gettext("%(change)s pp") % {"change": figure})


def _change(change: int, text: str) -> Change:
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    direction: Direction = "up" if change > 0 else "down" if change < 0 else "flat"
    return Change(sign + text, direction, (change > 0) - (change < 0))
