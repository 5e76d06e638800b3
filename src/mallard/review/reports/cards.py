"""Figures as a home shows them: what it is, what it came to, against what, how fresh, how whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from mallard.kernel.figures import Figure
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.review.reports import beside
from mallard.review.reports import figures as own_figures
from mallard.review.reports.card import Card, Change, in_points, relative
from mallard.review.reports.trade import DAY, MONTH, TradeView
from mallard.value.ledger import figures as ledger_figures
from mallard.value.ledger.permissions import VIEW_LEDGER
from mallard.value.loyalty import figures as loyalty_figures
from mallard.value.loyalty.measures import cost_of_tenants_points
from mallard.value.sales import figures
from mallard.value.sales.figures import WEEK, Trade, change_bp, share_bp
from mallard.value.sales.measures import leased_trade
from mallard.value.sales.member_filter import AGAIN, EARLY, YEAR
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.world.malls.permissions import VIEW_LEASE
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.tasks.figures import FOLLOW_UP_RATE

Make = Callable[[TradeView], Card | None]


def cards_for(view: TradeView, codes: tuple[str, ...]) -> list[Card]:
    """The cards of these figures that can be told to this reader, in order."""
    made = (_MAKERS[code](view) for code in codes)
    return [card for card in made if card is not None]


def _net_sales(view: TradeView) -> Card:
    now = view.on(view.day)
    change, against = _day_change(view, lambda trade: trade.net_minor)
    text = formats.money(Money(now.net_minor, view.currency))
    url = view.links.sales(now, view.day)
    return Card(figures.NET_SALES, text, url, change, against)


def _receipts(view: TradeView) -> Card:
    change, against = _day_change(view, lambda trade: trade.receipts)
    text = formats.number(view.on(view.day).receipts)
    return Card(figures.RECEIPTS, text, view.links.receipts(view.day, view.day), change, against)


def _per_receipt(view: TradeView) -> Card:
    change, against = _day_change(view, lambda trade: trade.per_receipt_minor)
    return Card(
        figures.PER_RECEIPT,
        _amount(view.on(view.day).per_receipt_minor, view.currency),
        view.links.receipts(view.day, view.day),
        change,
        against,
    )


def _day_change(view: TradeView, of: Callable[[Trade], int | None]) -> tuple[Change, str]:
    """Against the same weekday a week before: a running day by the hours that have passed."""
    before_day = formats.day(view.day - WEEK)
    if not view.is_running:
        now, before = view.on(view.day), view.on(view.day - WEEK)
        return relative(change_bp(of(now), of(before))), gettext("vs %(day)s") % {"day": before_day}
    hours = view.same_hours
    if hours is None:
        return Change(), gettext("the day has just begun")
    against = gettext("by %(hour)s, vs %(day)s") % {
        "hour": f"{hours.until_hour:02}:00",
        "day": before_day,
    }
    return relative(change_bp(of(hours.now), of(hours.before))), against


def _identification(view: TradeView) -> Card:
    first = view.day - WEEK + DAY
    week, before = view.on(first, view.day), view.on(first - WEEK, view.day - WEEK)
    return Card(
        figures.IDENTIFICATION,
        formats.percent(week.member_receipts, week.receipts),
        view.links.receipts(first, view.day, member="1"),
        in_points(
            share_bp(week.member_receipts, week.receipts),
            share_bp(before.member_receipts, before.receipts),
        ),
        gettext("vs the 7 days before"),
        gettext("of %(receipts)s receipts") % {"receipts": formats.number(week.receipts)},
    )


def _member_share(view: TradeView) -> Card:
    now, before = view.on(view.day), view.on(view.day - WEEK)
    return Card(
        figures.MEMBER_SHARE,
        formats.percent(now.member_net_minor, now.net_minor),
        view.links.receipts(view.day, view.day, member="1"),
        in_points(
            share_bp(now.member_net_minor, now.net_minor),
            share_bp(before.member_net_minor, before.net_minor),
        ),
        gettext("vs %(day)s") % {"day": formats.day(view.day - WEEK)},
    )


def _per_customer(view: TradeView) -> Card:
    def each(day: dt.date) -> int | None:
        people = view.buyers.get(day, 0)
        net = view.on(day).member_net_minor
        return (2 * net + people) // (2 * people) if people else None

    now, before = each(view.day), each(view.day - WEEK)
    return Card(
        figures.PER_CUSTOMER,
        _amount(now, view.currency),
        view.links.receipts(view.day, view.day, member="1"),
        relative(change_bp(now, before)),
        gettext("vs %(day)s") % {"day": formats.day(view.day - WEEK)},
        gettext("of %(people)s members who bought")
        % {"people": formats.number(view.buyers.get(view.day, 0))},
    )


def _active(view: TradeView) -> Card | None:
    return _rate(view, figures.ACTIVE_RATE, _members(view, status="open", bought=YEAR))


def _repurchase(view: TradeView) -> Card | None:
    return _rate(view, figures.REPURCHASE, _members(view, bought=AGAIN))


def _conversion(view: TradeView) -> Card | None:
    first, last = view.today - dt.timedelta(days=60), view.today - dt.timedelta(days=31)
    days = {"joined_from": first.isoformat(), "joined_to": last.isoformat()}
    url = _members(view, bought=EARLY, **days)
    return _rate(view, figures.NEW_MEMBER_CONVERSION, url)


def _members(view: TradeView, **query: str) -> str:
    if not (view.actor.may(VIEW_MEMBER) and view.actor.may(VIEW_RECEIPT)):
        return ""
    return f"{reverse('members:list')}?{urlencode(query)}"


def _rate(view: TradeView, figure: Figure, url: str = "") -> Card | None:
    """A rate that a job reads off, against the same rate 28 days before."""
    now = view.read[view.today].get(figure.code)
    if now is None or not now.whole:
        return None
    before = view.read[view.today - MONTH].get(figure.code)
    was = share_bp(before.part, before.whole) if before and before.whole else None
    return Card(
        figure,
        formats.percent(now.part, now.whole),
        url,
        in_points(share_bp(now.part, now.whole), was),
        gettext("vs 28 days before") if was is not None else "",
        gettext("%(part)s of %(whole)s")
        % {"part": formats.number(now.part), "whole": formats.number(now.whole)},
        now.taken_at,
    )


def _new_to_store(view: TradeView) -> Card | None:
    now = view.read[view.today].get(figures.NEW_TO_STORE.code)
    if now is None:
        return None
    before = view.read[view.today - MONTH].get(figures.NEW_TO_STORE.code)
    change = change_bp(now.part, before.part) if before else None
    return Card(
        figures.NEW_TO_STORE,
        formats.number(now.part),
        view.links.receipts(view.today - dt.timedelta(days=29), view.today, member="1"),
        relative(change),
        gettext("vs 28 days before") if change is not None else "",
        as_of=now.taken_at,
    )


def _burn(view: TradeView) -> Card | None:
    if not (view.actor.may(VIEW_LEDGER) and view.scope.is_group):
        return None
    return _rate(view, ledger_figures.BURN_RATIO, reverse("ledger:funders"))


def _liability(view: TradeView) -> Card | None:
    if not (view.actor.may(VIEW_LEDGER) and view.scope.is_group):
        return None
    code = loyalty_figures.POINTS_LIABILITY.code
    now, before = view.read[view.today].get(code), view.read[view.today - MONTH].get(code)
    if now is None:
        return None
    change = relative(change_bp(now.part, before.part if before else None))
    return Card(
        loyalty_figures.POINTS_LIABILITY,
        formats.money(Money(now.part, now.currency)),
        reverse("ledger:funders"),
        Change(change.text, "flat", change.sign),
        gettext("vs 28 days before") if change.text else "",
        as_of=now.taken_at,
    )


def _density(view: TradeView) -> Card | None:
    if not view.actor.may(VIEW_LEASE):
        return None
    last = view.whole_day
    trade = leased_trade(view.told_store_days, view.stores, last.replace(day=1), last)
    if trade.density_minor is None:
        return None
    return Card(
        figures.DENSITY,
        _amount(trade.density_minor, view.currency),
        view.links.receipts(last.replace(day=1), last),
        coverage=gettext("until %(day)s") % {"day": formats.day(last)},
    )


def _cost_rate(view: TradeView) -> Card | None:
    """Of whole tenants only: a store's share of its tenant's points is not known."""
    tenants = view.scope.tenant_ids
    if not tenants or view.scope.mall_ids or view.scope.store_ids:
        return None
    first = view.day.replace(day=1)
    cost, net = cost_of_tenants_points(tenants, first, view.day), view.on(first, view.day)
    if cost is None or cost.currency != view.currency or net.net_minor <= 0:
        return None
    return Card(
        loyalty_figures.COST_RATE,
        formats.percent(cost.minor, net.net_minor, 2),
        view.links.receipts(first, view.day),
        coverage=gettext("%(cost)s of points") % {"cost": formats.money(cost)},
    )


_MAKERS: dict[str, Make] = {
    figures.NET_SALES.code: _net_sales,
    figures.RECEIPTS.code: _receipts,
    figures.PER_RECEIPT.code: _per_receipt,
    figures.PER_CUSTOMER.code: _per_customer,
    figures.IDENTIFICATION.code: _identification,
    figures.MEMBER_SHARE.code: _member_share,
    figures.ACTIVE_RATE.code: _active,
    figures.REPURCHASE.code: _repurchase,
    figures.NEW_MEMBER_CONVERSION.code: _conversion,
    figures.NEW_TO_STORE.code: _new_to_store,
    figures.DENSITY.code: _density,
    figures.MEMBER_SALES_SHARE.code: beside.member_sales_share,
    figures.CAPTURE_COVERAGE.code: beside.capture_coverage,
    own_figures.RECEIPTS_PER_100.code: beside.receipts_per_100,
    FOLLOW_UP_RATE.code: beside.follow_up_rate,
    ledger_figures.BURN_RATIO.code: _burn,
    loyalty_figures.POINTS_LIABILITY.code: _liability,
    loyalty_figures.COST_RATE.code: _cost_rate,
}


def _amount(minor: int | None, currency: str) -> str:
    return "–" if minor is None else formats.money(Money(minor, currency))
