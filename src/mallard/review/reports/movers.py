"""Who grew and who fell: tenants and upper trade categories against the period before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.money import Money
from mallard.kernel.ui.marks import Text
from mallard.review.reports.analysis.asked import Against, Asked, By, Span
from mallard.review.reports.analysis.view import SalesView
from mallard.review.reports.card import Change, relative
from mallard.review.reports.periods import Period
from mallard.value.sales.figures import Trade, change_bp
from mallard.world.malls.models import Store
from mallard.world.malls.permissions import VIEW_TENANT

MOST = 5
PERIODS = (Period.WEEK, Period.FOUR_WEEKS, Period.MONTH, Period.LAST_MONTH)
USUAL = Period.FOUR_WEEKS


@dataclass(frozen=True, slots=True)
class Mover:
    """A tenant or a trade category, what it sold in the period and before, and by how much that
    differs. ``url`` leads to it, ``rows_url`` to what it sold."""

    name: str
    url: str
    rows_url: str
    now: Money
    before: Money
    change: Change

    @property
    def difference(self) -> Money:
        return Money(self.now.minor - self.before.minor, self.now.currency)

    @property
    def is_new(self) -> bool:
        """Nothing to be compared with."""
        return self.before.minor <= 0


@dataclass(frozen=True, slots=True)
class Moved:
    """Those that grew most, the largest gain first, and that fell most, the largest loss first."""

    key: str
    title: Text
    kind: Text
    grew: Sequence[Mover]
    fell: Sequence[Mover]


@dataclass(frozen=True, slots=True)
class Movers:
    """What one page tells: a table by tenant and one by trade category, of sums in ``currency``."""

    period: Period
    span: Span
    before: Span
    tables: Sequence[Moved]
    currency: str
    is_partial: bool
    is_generated: bool


def period_of(asked: str) -> Period:
    """The period that an address names; the usual one where there is no such."""
    return next((one for one in PERIODS if one.value == asked), USUAL)


def movers(actor: Actor, asked: str, last: dt.date) -> Movers:
    """Who grew and fell until the last whole day, over the period that the address names. Two
    sums of the rollup, whatever the number of stores."""
    period = period_of(asked)
    span = period.span(last)
    before = period.before(span)
    view = SalesView(actor, Asked(span, By.TENANT, Against.BEFORE), before=before)
    tables = (
        _moved(view, "tenants", _("Tenants that grew and fell"), By.TENANT, _tenant),
        _moved(view, "trades", _("Trade categories that grew and fell"), By.TRADE, _trade),
    )
    return Movers(period, span, before, tables, view.currency, view.is_partial, view.has_generated)


def _tenant(store: Store) -> tuple[UUID, str]:
    return store.tenant_id, store.tenant.name


def _trade(store: Store) -> tuple[UUID, str]:
    upper = store.trade_category.parent or store.trade_category
    return upper.pk, upper.name


def _moved(
    view: SalesView, key: str, title: Text, by: By, of: Callable[[Store], tuple[UUID, str]]
) -> Moved:
    names: dict[UUID, str] = {}
    sums: dict[UUID, list[Trade]] = {}
    for which, trades in enumerate(view.by_store):
        for store_id, trade in trades.items():
            id_, names_of = of(view.stores[store_id])
            names[id_] = names_of
            own = sums.setdefault(id_, [Trade(), Trade()])
            own[which] += trade
    moved = {id_: now.net_minor - was.net_minor for id_, (now, was) in sums.items()}
    ordered = sorted(moved, key=lambda id_: (-moved[id_], names[id_]))
    grew = [id_ for id_ in ordered if moved[id_] > 0][:MOST]
    fell = [id_ for id_ in reversed(ordered) if moved[id_] < 0][:MOST]

    def row(id_: UUID) -> Mover:
        now, was = sums[id_]
        rows_url = _rows_url(view, by, id_)
        return Mover(
            names[id_],
            _page_of(view.actor, by, id_) or rows_url,
            rows_url,
            Money(now.net_minor, view.currency),
            Money(was.net_minor, view.currency),
            relative(change_bp(now.net_minor, was.net_minor)),
        )

    return Moved(key, title, by.label, [row(id_) for id_ in grew], [row(id_) for id_ in fell])


def _page_of(actor: Actor, by: By, id_: UUID) -> str:
    """The tenant's page, for whoever may open it; categories have none."""
    if by is By.TENANT and actor.may(VIEW_TENANT):
        return reverse("malls:tenant", args=[id_])
    return ""


def _rows_url(view: SalesView, by: By, id_: UUID) -> str:
    """The receipts; the analysis for whoever may not see them."""
    span = view.asked.span
    query = {
        "day_from": span.first.isoformat(),
        "day_to": span.last.isoformat(),
        by.value: str(id_),
    }
    return view.rows_url(by, id_) or f"{reverse('reports:sales')}?{urlencode(query)}"
