"""Figures that set receipts beside what others count: tenants' declarations, counters at the doors,
and tasks done in time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from mallard.kernel import clock
from mallard.kernel.ui import formats
from mallard.review.reports import figures as own_figures
from mallard.review.reports.card import Card, in_points, relative
from mallard.review.reports.trade import DAY, TradeView
from mallard.value.sales import figures
from mallard.value.sales.declarations.facts import ComparedTotal
from mallard.value.sales.declarations.queries import compared_totals, has_generated_days
from mallard.value.sales.figures import WEEK, change_bp, share_bp, trade_on
from mallard.value.sales.permissions import VIEW_DECLARATION
from mallard.world.footfall.permissions import VIEW_FOOTFALL
from mallard.world.footfall.queries import entries_by_day
from mallard.world.tasks.figures import FOLLOW_UP_RATE
from mallard.world.tasks.kinds import FOLLOW_UP
from mallard.world.tasks.permissions import VIEW_TASK
from mallard.world.tasks.queries import follow_up


def member_sales_share(view: TradeView) -> Card | None:
    """Members' net sales of what tenants declare, month to date, against the month before."""
    if not view.actor.may(VIEW_DECLARATION):
        return None
    last = view.whole_day
    first = last.replace(day=1)
    now = _declared(view, first, last)
    if now is None or now.declared_minor <= 0:
        return None
    end = first - DAY
    until = end.replace(day=min(last.day, end.day))
    before = _declared(view, end.replace(day=1), until)
    was = share_bp(before.member_minor, before.declared_minor) if before else None
    return Card(
        figures.MEMBER_SALES_SHARE,
        formats.percent(now.member_minor, now.declared_minor),
        _declarations(first, last),
        in_points(share_bp(now.member_minor, now.declared_minor), was),
        gettext("vs the month before") if was is not None else "",
        gettext("%(share)s of tenant-days declared")
        % {"share": formats.percent(now.declared_days, now.open_days)},
        is_generated=has_generated_days(view.scope, first, last),
    )


def capture_coverage(view: TradeView) -> Card | None:
    """How much of the last seven whole days is known by declaration, against the seven before."""
    if not view.actor.may(VIEW_DECLARATION):
        return None
    last = view.whole_day
    first = last - WEEK + DAY
    now, before = _declared(view, first, last), _declared(view, first - WEEK, last - WEEK)
    if now is None or not now.open_days:
        return None
    was = share_bp(before.declared_days, before.open_days) if before else None
    return Card(
        figures.CAPTURE_COVERAGE,
        formats.percent(now.declared_days, now.open_days),
        reverse("sales:months"),
        in_points(share_bp(now.declared_days, now.open_days), was),
        gettext("vs the 7 days before") if was is not None else "",
        gettext("%(part)s of %(whole)s tenant-days")
        % {"part": formats.number(now.declared_days), "whole": formats.number(now.open_days)},
        is_generated=has_generated_days(view.scope, first, last),
    )


def _declared(view: TradeView, first: dt.date, last: dt.date) -> ComparedTotal | None:
    """Declared beside recorded sales of all the reader's stores in the main currency."""
    totals = compared_totals(view.scope, first, last)
    return next((one for one in totals if one.currency == view.currency), None)


def _declarations(first: dt.date, last: dt.date) -> str:
    query = {"day_from": first.isoformat(), "day_to": last.isoformat()}
    return f"{reverse('sales:declarations')}?{urlencode(query)}"


def receipts_per_100(view: TradeView) -> Card | None:
    """Receipts for each 100 people who came in, of the last whole day on which both are known, in
    the malls that the reader holds as a whole."""
    if not view.actor.may(VIEW_FOOTFALL):
        return None
    day = view.whole_day
    counted = [
        one
        for one in entries_by_day(view.scope, day - WEEK, day)
        if one.business_day in (day, day - WEEK) and one.entries
    ]
    rates = {}
    for on in (day, day - WEEK):
        malls = {one.mall_id for one in counted if one.business_day == on}
        entries = sum(one.entries for one in counted if one.business_day == on)
        if entries:
            rates[on] = (_receipts_in(view, malls, on), entries)
    if day not in rates:
        return None
    receipts, entries = rates[day]
    before = rates.get(day - WEEK)
    was = before[0] * 10_000 // before[1] if before else None
    query = {"day_from": day.isoformat(), "day_to": day.isoformat()}
    return Card(
        own_figures.RECEIPTS_PER_100,
        formats.number(Decimal((receipts * 2_000 + entries) // (2 * entries)) / 10),
        f"{reverse('footfall:days')}?{urlencode(query)}",
        relative(change_bp(receipts * 10_000 // entries, was)),
        gettext("vs %(day)s") % {"day": formats.day(day - WEEK)} if before else "",
        gettext("%(day)s: %(receipts)s receipts, %(entries)s people")
        % {
            "day": formats.day(day),
            "receipts": formats.number(receipts),
            "entries": formats.number(entries),
        },
        is_generated=any(one.is_generated for one in counted if one.business_day == day),
    )


def _receipts_in(view: TradeView, mall_ids: set[UUID], day: dt.date) -> int:
    """The receipts of a day in these malls."""
    if not view.by_store:
        days = [one for one in view.everything if one.place_id in mall_ids]
        return trade_on(days, day).receipts
    return view.on(day).receipts


def follow_up_rate(view: TradeView) -> Card | None:
    """Follow-ups of the reader's places that were done in time; away when none was due."""
    if not view.actor.may(VIEW_TASK):
        return None
    now = clock.now()
    found, before = follow_up(view.scope, as_of=now), follow_up(view.scope, as_of=now - WEEK)
    if not found.due:
        return None
    was = share_bp(before.in_time, before.due)
    query = {"kind": FOLLOW_UP.code, "closed": "1"}
    return Card(
        FOLLOW_UP_RATE,
        formats.percent(found.in_time, found.due),
        f"{reverse('tasks:team')}?{urlencode(query)}",
        in_points(share_bp(found.in_time, found.due), was),
        gettext("vs the 7 days before") if was is not None else "",
        gettext("%(part)s of %(whole)s")
        % {"part": formats.number(found.in_time), "whole": formats.number(found.due)},
        is_generated=found.generated > 0,
    )
