"""A floor coloured by a figure, ready to be drawn: units, legend, table, and further choices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from mallard.kernel.access.actor import Actor
from mallard.review.reports.analysis.asked import Span
from mallard.review.reports.card import Change
from mallard.review.reports.periods import Period
from mallard.review.reports.plan.asked import PlanAsked, read
from mallard.review.reports.plan.facts import PlanFacts
from mallard.review.reports.plan.figures import PlanFigure, Values, readings
from mallard.review.reports.trade import MONTH, Links
from mallard.value.sales.breakdowns import counts_generated
from mallard.value.sales.permissions import VIEW_DECLARATION, VIEW_RECEIPT
from mallard.world.malls.models import Floor, Mall, Store, Unit
from mallard.world.malls.permissions import VIEW_STORE
from mallard.world.malls.plans import FloorPlan, PlannedUnit, floor_plan, shades
from mallard.world.malls.queries import floors_of, malls_in
from mallard.world.members.permissions import VIEW_MEMBER

ZERO, NONE, EMPTY = "zero", "none", "empty"
"""Beside the steps 1 to 5: the figure is 0; the store has no such figure; there is no store."""
UNCHANGED = Change()


@dataclass(frozen=True, slots=True)
class ColouredUnit:
    """A unit with its figure: ``level`` is its step of the legend, or why it has none."""

    planned: PlannedUnit
    level: str
    text: str = ""
    change: Change = UNCHANGED
    url: str = ""
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the legend: which colour stands for which values."""

    level: str
    text: str


@dataclass(frozen=True, slots=True)
class ColouredPlan:
    """A floor coloured by a figure, and what else can be chosen. ``span`` is what the figure is of,
    ``before`` what its change is against; ``has_changes``: whether there is one."""

    mall: Mall
    floor: Floor
    plan: FloorPlan
    asked: PlanAsked
    units: Sequence[ColouredUnit]
    steps: Sequence[Step]
    malls: Sequence[Mall]
    floors: Sequence[Floor]
    span: Span
    before: Span
    is_generated: bool

    @property
    def figure(self) -> PlanFigure:
        return self.asked.figure

    @property
    def periods(self) -> list[Period]:
        return list(Period)

    @property
    def rows(self) -> list[ColouredUnit]:
        """The units with a store, the highest figure first, those without a figure last."""
        let = [unit for unit in self.units if unit.planned.store]
        return sorted(let, key=lambda one: (one.value is None, -(one.value or 0)))

    @property
    def has_changes(self) -> bool:
        return any(one.change.text for one in self.units)

    @property
    def address(self) -> str:
        """The page with just this plan, to be shared or kept."""
        place = {"mall": str(self.mall.pk), "floor": str(self.floor.pk)}
        return reverse("reports:plan") + self.asked.address(**place)


def coloured_plan(actor: Actor, given: QueryDict, last: dt.date) -> ColouredPlan | None:
    """The floor that was asked for, or the one with most stores, coloured by what was asked for.
    A choice that does not exist, or lies out of the reader's scope, is the first one."""
    malls = list(_drawn_malls(actor).order_by("code"))
    if not malls:
        return None
    mall = next((one for one in malls if str(one.pk) == given.get("mall")), malls[0])
    drawn = [
        (floor, plan)
        for floor in floors_of(mall, actor.scope)
        if (plan := floor_plan(floor)) is not None
    ]
    most = max(drawn, key=lambda pair: sum(unit.store is not None for unit in pair[1].units))
    floor, plan = next((pair for pair in drawn if str(pair[0].pk) == given.get("floor")), most)
    asked = read(given, actor, last)
    facts = _facts(actor, mall, plan)
    span, before, values, were = _values(asked, facts)
    units = _coloured(plan, asked.figure, values, were, Rows(actor, asked.figure, span), mall)
    return ColouredPlan(
        mall=mall,
        floor=floor,
        plan=plan,
        asked=asked,
        units=units,
        steps=_steps(units, asked.figure, mall),
        malls=malls,
        floors=[floor for floor, _plan in drawn],
        span=span,
        before=before,
        is_generated=floor.is_generated or counts_generated(actor.scope, span.first, span.last),
    )


def _drawn_malls(actor: Actor) -> QuerySet[Mall]:
    """The reader's malls with a floor that is drawn."""
    drawn = Unit.objects.filter(floor__mall=OuterRef("pk")).exclude(geometry=[])
    return malls_in(actor.scope).filter(Exists(drawn))


def _facts(actor: Actor, mall: Mall, plan: FloorPlan) -> PlanFacts:
    let = [(unit.store, unit.unit) for unit in plan.units if unit.store]
    return PlanFacts(
        actor,
        mall,
        {store.pk: store for store, _unit in let},
        {store.pk: unit.area_dm2 for store, unit in let},
    )


def _values(asked: PlanAsked, facts: PlanFacts) -> tuple[Span, Span, Values, Values]:
    """What the figure is of, against what, and its values then and then."""
    figure = asked.figure
    if figure.values is None:
        window, values, were = readings(figure, facts, asked.span.last)
        return window, window.back(MONTH), values, were
    return (
        asked.span,
        asked.before,
        figure.values(facts, asked.span),
        figure.values(facts, asked.before),
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows behind a store's figure are; for whoever may not see them, its analysis."""

    actor: Actor
    figure: PlanFigure
    span: Span

    def of(self, store: Store) -> str:
        first, last = self.span.first, self.span.last
        links = Links(self.actor.may(VIEW_RECEIPT))
        id_ = str(store.pk)
        found = {
            "receipts": lambda: links.receipts(first, last, store=id_),
            "members": lambda: links.receipts(first, last, store=id_, member="1"),
            "returns": lambda: links.returns(first, last, store=id_),
            "joined": lambda: self._page(VIEW_MEMBER, "members:list", "joined", id_),
            "declarations": lambda: self._page(VIEW_DECLARATION, "sales:declarations", "day", id_),
            "leases": lambda: (
                reverse("malls:store", args=[store.pk]) if self.actor.may(VIEW_STORE) else ""
            ),
        }[self.figure.rows]()
        query = {"store": id_, "day_from": first.isoformat(), "day_to": last.isoformat()}
        return found or f"{reverse('reports:sales')}?{urlencode(query)}"

    def _page(self, permission: str, page: str, days: str, store: str) -> str:
        if not self.actor.may(permission):
            return ""
        query = {
            f"{days}_from": self.span.first.isoformat(),
            f"{days}_to": self.span.last.isoformat(),
            "store": store,
        }
        return f"{reverse(page)}?{urlencode(query)}"


def _coloured(
    plan: FloorPlan,
    figure: PlanFigure,
    values: Values,
    were: Values,
    rows: Rows,
    mall: Mall,
) -> list[ColouredUnit]:
    step = shades([value for value in values.values() if value])
    units = []
    for planned in plan.units:
        if planned.store is None:
            units.append(ColouredUnit(planned, EMPTY, gettext("empty or let to others")))
            continue
        url = rows.of(planned.store)
        value = values.get(planned.store.pk)
        if value is None:
            units.append(ColouredUnit(planned, NONE, gettext("no figure"), url=url))
            continue
        units.append(
            ColouredUnit(
                planned,
                str(step[value]) if value else ZERO,
                figure.text(value, mall.currency),
                figure.change(value, were.get(planned.store.pk)),
                url,
                value,
            )
        )
    return units


def _steps(units: Sequence[ColouredUnit], figure: PlanFigure, mall: Mall) -> list[Step]:
    """The legend: of each step that occurs its least and its greatest value, then what has none."""
    held: dict[str, list[int]] = {}
    for unit in units:
        held.setdefault(unit.level, []).append(unit.value or 0)
    steps = []
    for level in (ZERO, *map(str, range(1, 6))):
        if level in held:
            ends = [figure.text(end(held[level]), mall.currency) for end in (min, max)]
            steps.append(Step(level, " – ".join(dict.fromkeys(ends))))
    words: Mapping[str, str] = {
        NONE: gettext("no figure"),
        EMPTY: gettext("empty or let to others"),
    }
    return steps + [Step(level, text) for level, text in words.items() if level in held]
