"""What a reader asks of a plan, as the address says it: figure, days, mall and floor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from mallard.kernel.access.actor import Actor
from mallard.review.reports.analysis import asked as asking
from mallard.review.reports.analysis.asked import Span
from mallard.review.reports.periods import Period
from mallard.review.reports.plan.figures import PLAN_FIGURES, PlanFigure


@dataclass(frozen=True, slots=True)
class PlanAsked:
    """A question that can be answered. ``period`` is None where the address names days of its own;
    ``before`` are the days to compare with; ``problems`` tells what could not be used."""

    figure: PlanFigure
    offered: Sequence[PlanFigure]
    period: Period | None
    span: Span
    before: Span
    problems: tuple[str, ...] = ()

    @property
    def query(self) -> dict[str, str]:
        """The address's parameters, without the place."""
        days = {"day_from": self.span.first.isoformat(), "day_to": self.span.last.isoformat()}
        chosen = {"period": self.period.value} if self.period else days
        return {"figure": self.figure.code, **chosen}

    def address(self, **place: str) -> str:
        return "?" + urlencode({**place, **self.query})


def read(given: Mapping[str, str], actor: Actor, last: dt.date) -> PlanAsked:
    """What the address asks, seen from the last whole day. A figure that does not exist, or that
    the reader may not see, is the first one; without days it is the last seven."""
    offered = [one for one in PLAN_FIGURES if one.permission is None or actor.may(one.permission)]
    figure = next((one for one in offered if one.code == given.get("figure")), offered[0])
    period = next((one for one in Period if one.value == given.get("period")), None)
    if period is None and (given.get("day_from") or given.get("day_to")):
        own = asking.read(
            {name: given.get(name, "") for name in ("day_from", "day_to")},
            last_day=last,
            by=asking.By.STORE,
        )
        return PlanAsked(
            figure, offered, None, own.span, own.span.against(own.against), own.problems
        )
    period = period or Period.WEEK
    span = period.span(last)
    return PlanAsked(figure, offered, period, span, period.before(span))
