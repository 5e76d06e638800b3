"""The figures that a floor can be coloured by: all of the catalogue's that a single store has.

`OF_NO_STORE` says of every other figure why not; a test holds the two against the catalogue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.figures import Figure, Unit
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.marks import Text
from mallard.review.reports import figures as own
from mallard.review.reports.analysis.asked import DAY, Span
from mallard.review.reports.card import Change, in_points, relative
from mallard.review.reports.plan.facts import PlanFacts
from mallard.value.ledger.figures import BURN_RATIO
from mallard.value.loyalty.figures import COST_RATE, POINTS_LIABILITY
from mallard.value.sales import figures
from mallard.value.sales.by_store import StoreTrade
from mallard.value.sales.figures import change_bp, share_bp
from mallard.value.sales.measures import ACTIVE_DAYS, NEW_DAYS, REPURCHASE_DAYS
from mallard.value.sales.permissions import VIEW_DECLARATION
from mallard.world.malls.permissions import VIEW_LEASE
from mallard.world.tasks.figures import FOLLOW_UP_RATE

Values = Mapping[UUID, int]
"""A figure by store: minor units, a count, or basis points of a rate. Who is not in it has none."""


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """A figure of the catalogue as a plan shows it.

    ``values`` reckons it for a period. Without, a job has read it off over a ``window`` of its own:
    from so many to so many days before the reading. ``rows`` is where its rows are found;
    ``permission`` what it takes beside the right to see figures. ``is_better_high``: whether a
    rise is told as good.
    """

    figure: Figure
    rows: str
    values: Callable[[PlanFacts, Span], Values] | None = None
    window: tuple[int, int] | None = None
    permission: str | None = None
    is_better_high: bool = True

    @property
    def code(self) -> str:
        """What stands in the address."""
        return self.figure.code.partition(".")[2]

    @property
    def name(self) -> Text:
        return self.figure.name

    def text(self, value: int, currency: str) -> str:
        """A value as people read it."""
        if self.figure.unit in (Unit.MONEY, Unit.MONEY_PER_AREA):
            return formats.money(Money(value, currency))
        if self.figure.unit is Unit.PERCENT:
            return formats.percent(value, 10_000)
        return formats.number(value)

    def change(self, now: int, before: int | None) -> Change:
        """How it moved: rates in points, everything else in per cent."""
        of_rate = self.figure.unit is Unit.PERCENT
        made = in_points(now, before) if of_rate else relative(change_bp(now, before))
        return made if self.is_better_high else Change(made.text, "flat", made.sign)


def _of_trade(value: Callable[[StoreTrade], int | None]) -> Callable[[PlanFacts, Span], Values]:
    return lambda facts, span: _known({id_: value(one) for id_, one in facts.trade(span).items()})


def _known(values: Mapping[UUID, int | None]) -> Values:
    return {id_: value for id_, value in values.items() if value is not None}


def _nearest(part: int, whole: int) -> int | None:
    """``part`` ÷ ``whole`` to the nearest, halves up; None of nothing."""
    return (2 * part + whole) // (2 * whole) if whole > 0 else None


def _per_customer(facts: PlanFacts, span: Span) -> Values:
    trade, buyers = facts.trade(span), facts.buyers(span)
    return _known(
        {
            id_: _nearest(one.trade.member_net_minor, buyers[id_].people)
            for id_, one in trade.items()
            if id_ in buyers
        }
    )


def _member_visits(facts: PlanFacts, span: Span) -> Values:
    return {id_: one.visits for id_, one in facts.buyers(span).items()}


def _per_area(facts: PlanFacts, span: Span) -> Values:
    """Per m², of areas in dm²."""
    return _known(
        {
            id_: _nearest(one.trade.net_minor * 100, facts.areas_dm2.get(id_, 0))
            for id_, one in facts.trade(span).items()
        }
    )


def _density(facts: PlanFacts, span: Span) -> Values:
    trade = facts.trade(span)
    return _known(
        {
            id_: _nearest(trade[id_].trade.net_minor * 100, one.open_area_days_dm2)
            for id_, one in facts.leased(span).items()
            if id_ in trade
        }
    )


def _rent_ratio(facts: PlanFacts, span: Span) -> Values:
    trade = facts.trade(span)
    found: dict[UUID, int | None] = {}
    for id_, one in facts.leased(span).items():
        net = trade[id_].trade.net_minor if id_ in trade else 0
        found[id_] = share_bp(one.rent_minor(net), net)
    return _known(found)


def _declared_share(facts: PlanFacts, span: Span) -> Values:
    return _known(
        {
            id_: share_bp(one.member_minor, one.declared_minor)
            for id_, one in facts.declared(span).items()
        }
    )


def _coverage(facts: PlanFacts, span: Span) -> Values:
    return _known(
        {
            id_: share_bp(one.declared_days, one.open_days)
            for id_, one in facts.declared(span).items()
        }
    )


PLAN_FIGURES = (
    PlanFigure(figures.NET_SALES, "receipts", _of_trade(lambda one: one.trade.net_minor)),
    PlanFigure(figures.RECEIPTS, "receipts", _of_trade(lambda one: one.trade.receipts)),
    PlanFigure(figures.PER_RECEIPT, "receipts", _of_trade(lambda one: one.trade.per_receipt_minor)),
    PlanFigure(own.NET_PER_AREA, "receipts", _per_area),
    PlanFigure(figures.DENSITY, "receipts", _density, permission=VIEW_LEASE),
    PlanFigure(own.RENT_RATIO, "leases", _rent_ratio, permission=VIEW_LEASE, is_better_high=False),
    PlanFigure(
        own.RETURN_RATE,
        "returns",
        _of_trade(lambda one: share_bp(one.refund_minor, one.sold_minor)),
        is_better_high=False,
    ),
    PlanFigure(
        figures.MEMBER_SHARE,
        "members",
        _of_trade(lambda one: share_bp(one.trade.member_net_minor, one.trade.net_minor)),
    ),
    PlanFigure(
        figures.IDENTIFICATION,
        "members",
        _of_trade(lambda one: share_bp(one.trade.member_receipts, one.trade.receipts)),
    ),
    PlanFigure(own.MEMBER_VISITS, "members", _member_visits),
    PlanFigure(figures.PER_CUSTOMER, "members", _per_customer),
    PlanFigure(own.NEW_MEMBERS, "joined", lambda facts, span: facts.joined(span)),
    PlanFigure(figures.NEW_TO_STORE, "members", window=(NEW_DAYS - 1, 0)),
    PlanFigure(figures.REPURCHASE, "members", window=(REPURCHASE_DAYS - 1, 0)),
    PlanFigure(figures.ACTIVE_RATE, "members", window=(ACTIVE_DAYS - 1, 0)),
    PlanFigure(figures.NEW_MEMBER_CONVERSION, "joined", window=(60, 31)),
    PlanFigure(
        figures.MEMBER_SALES_SHARE, "declarations", _declared_share, permission=VIEW_DECLARATION
    ),
    PlanFigure(figures.CAPTURE_COVERAGE, "declarations", _coverage, permission=VIEW_DECLARATION),
)

OF_NO_STORE: dict[str, str] = {
    own.RECEIPTS_PER_100.code: "people are counted at the doors of malls",
    BURN_RATIO.code: "points issued and redeemed are rolled up by who funds them",
    POINTS_LIABILITY.code: "points are owed by the programme",
    COST_RATE.code: "a store's part of its tenant's points is not known",
    FOLLOW_UP_RATE.code: "tasks have no rollup by store",
    "targets.attainment": "targets and reports are strangers; its page shows stores by attainment",
}


def readings(figure: PlanFigure, facts: PlanFacts, last: dt.date) -> tuple[Span, Values, Values]:
    """The figure with a window of its own as of the end of ``last``: the window, the values, and
    those of four weeks earlier."""
    read = facts.read_off(figure.figure.code, last)
    if read is None:
        return Span(last, last), {}, {}
    since, until = figure.window or (0, 0)
    window = Span(read.day - since * DAY, read.day - until * DAY)
    before = facts.read_before(figure.figure.code, read)
    return (
        window,
        _rates(facts, figure, read.stores, window),
        # Before anything was read off nobody knows what a count was: it was not 0.
        _rates(facts, figure, before.stores, window) if before.stores else {},
    )


def _rates(
    facts: PlanFacts,
    figure: PlanFigure,
    read: Mapping[UUID, tuple[int, int | None]],
    window: Span,
) -> Values:
    if figure.figure.unit is Unit.COUNT:  # nobody is not written down
        return dict.fromkeys(facts.open_in(window), 0) | {
            id_: part for id_, (part, _) in read.items()
        }
    return _known({id_: share_bp(part, whole or 0) for id_, (part, whole) in read.items()})
