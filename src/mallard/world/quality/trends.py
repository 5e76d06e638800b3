"""How shares went, to look at: a small line in each cell, a chart of one field or of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui import formats
from mallard.kernel.ui.marks import Text
from mallard.kernel.ui.parts import Chart
from mallard.world.quality.queries import PER_MILLE, TrendDay

SHARES: dict[str, Text] = {
    "complete": _("Complete"),
    "validity": _("Valid"),
    "freshness": _("Fresh"),
}
WIDTH, HEIGHT = 72, 20
_MARGIN = 2
_LEAST_SPAN = 100
"""Ten in a hundred: less than that looks as little as it is."""
_NOTED = 10
"""One in a hundred, per mille: less has no colour."""


@dataclass(frozen=True, slots=True)
class Spark:
    """A line without axes: ``points`` of an SVG polyline, and what it says in ``words``."""

    points: str
    words: str
    tone: str
    width: int = WIDTH
    height: int = HEIGHT


def percent(share: int) -> str:
    return formats.percent(share, PER_MILLE, digits=0)


def spark(days: Sequence[TrendDay], share: str) -> Spark | None:
    """The way of one share over ``days``; None with fewer than two of them."""
    of = attrgetter(share)
    known = [(one.day, of(one)) for one in days if of(one) is not None]
    if len(known) < 2:
        return None
    (first_day, first), (last_day, last) = known[0], known[-1]
    span = (last_day - first_day).days
    lowest, highest = _range([value for _day, value in known])
    points = [
        (
            _MARGIN + (WIDTH - 2 * _MARGIN) * (day - first_day).days / span,
            HEIGHT - _MARGIN - (HEIGHT - 2 * _MARGIN) * (value - lowest) / (highest - lowest),
        )
        for day, value in known
    ]
    words = gettext("%(first)s on %(first_day)s, %(last)s on %(last_day)s") % {
        "first": percent(first),
        "first_day": formats.day(first_day),
        "last": percent(last),
        "last_day": formats.day(last_day),
    }
    tone = "neutral"
    if abs(last - first) >= _NOTED:
        tone = "success" if last > first else "danger"
    return Spark(" ".join(f"{x:.1f},{y:.1f}" for x, y in points), words, tone)


def _range(values: Sequence[int]) -> tuple[int, int]:
    """From where to where the line is drawn: what there is, and no less than `_LEAST_SPAN`."""
    lowest, highest = min(values), max(values)
    lacking = max(_LEAST_SPAN - (highest - lowest), 0)
    return lowest - lacking // 2, highest + lacking - lacking // 2


def chart(days: Sequence[TrendDay], label: str = "") -> Chart | None:
    """The three shares day by day, of the field called ``label`` or of all together."""
    if not days:
        return None
    names = {share: str(name) for share, name in SHARES.items()}
    shares = {share: [attrgetter(share)(one) for one in days] for share in names}
    option = {
        "legend": {"data": list(names.values())},
        "xAxis": {"type": "category", "data": [formats.day(one.day) for one in days]},
        "yAxis": {"type": "value", "max": 100},
        "series": [
            {
                "type": "line",
                "name": name,
                "data": [None if value is None else value / 10 for value in shares[share]],
            }
            for share, name in names.items()
        ],
    }
    rows = [
        [formats.day(one.day), *(_known(values[place]) for values in shares.values())]
        for place, one in reversed(list(enumerate(days)))
    ]
    header: list[Any] = [_("Day"), *names.values()]
    return Chart("quality-trend", _title(label), _in_words(days[-1], label), option, header, rows)


def _title(label: str) -> Text:
    if not label:
        return _("All fields together, in percent")
    return gettext("%(field)s, in percent") % {"field": label}


def _in_words(last: TrendDay, label: str) -> str:
    shares = {
        "complete": _known(last.complete),
        "valid": _known(last.validity),
        "fresh": _known(last.freshness),
        "field": label,
    }
    sentence = (
        gettext(
            "%(field)s: %(complete)s are filled; of what is filled %(valid)s is valid and "
            "%(fresh)s fresh."
        )
        if label
        else gettext(
            "Of all fields %(complete)s are filled; of what is filled %(valid)s is valid and "
            "%(fresh)s fresh."
        )
    )
    return sentence % shares


def _known(share: int | None) -> str:
    return "–" if share is None else percent(share)
