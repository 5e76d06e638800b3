"""The morning brief: one sentence on the last whole day, and up to three things to act on.

Rules, not a model: each says what it saw, by which measure, and opens the rows. The thresholds are
here and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.review.reports.trade import DAY, TradeView
from mallard.value.ledger.permissions import VIEW_LEDGER
from mallard.value.loyalty.figures import POINTS_LIABILITY
from mallard.value.sales.breakdowns import silent_stores
from mallard.value.sales.figures import WEEK, Trade, change_bp, share_bp
from mallard.value.sales.permissions import VIEW_FIGURES, VIEW_RECEIPT
from mallard.value.sales.queries import visible_pending_returns
from mallard.world.malls.permissions import VIEW_LEASE, VIEW_STORE
from mallard.world.malls.queries import leases_in, stores_in

MOST_FINDINGS = 3
TREND_WEEKS = 4
OFF_TREND_BP = 3_000
"""A place is off trend 30 % below the mean of the same weekday in four weeks …"""
ENOUGH_RECEIPTS = 20
"""… if it usually has at least so many receipts: below that, chance alone does it."""
SILENCE_SINCE = dt.timedelta(weeks=2)
IDENTIFICATION_FALL_BP = 500
LIABILITY_RISE_BP = 500
WAITING = dt.timedelta(days=1)
EXPIRING = dt.timedelta(days=60)
NAMED = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to act on: what, why it is told, where its rows are. Heavier ones come first."""

    key: str
    text: str
    why: str
    url: str
    tone: Literal["warning", "info"]
    weight: int


@dataclass(frozen=True, slots=True)
class Brief:
    """A sentence and what to do about it; ``calm`` is said when there is nothing to do."""

    sentence: str
    findings: list[Finding]
    calm: str


def morning_brief(view: TradeView) -> Brief:
    """What somebody with this view should know before anything else."""
    found = [one for rule in _RULES for one in rule(view)]
    found.sort(key=lambda one: -one.weight)
    tells_trade = view.actor.may(VIEW_FIGURES)
    sentence = _sentence(view) if tells_trade else _sentence_of_receipts(view)
    calm = gettext("Nothing stands out: no store is silent, no place is far off its usual weekday.")
    return Brief(sentence, found[:MOST_FINDINGS], calm if tells_trade else _calm_at_a_till())


def _sentence(view: TradeView) -> str:
    day = view.whole_day
    trade, before = view.on(day), view.on(day - WEEK)
    parts = {
        "weekday": formats.weekday(day),
        "day": formats.day(day),
        "net": formats.money(Money(trade.net_minor, view.currency)),
        "before": formats.day(day - WEEK),
    }
    change = change_bp(trade.net_minor, before.net_minor)
    if change is None:
        sentence = gettext("%(weekday)s, %(day)s: net sales of %(net)s.") % parts
    else:
        parts["change"] = formats.percent(abs(change), 10_000)
        if change > 0:
            shape = gettext(
                "%(weekday)s, %(day)s: net sales of %(net)s, %(change)s more than on %(before)s."
            )
        elif change < 0:
            shape = gettext(
                "%(weekday)s, %(day)s: net sales of %(net)s, %(change)s less than on %(before)s."
            )
        else:
            shape = gettext("%(weekday)s, %(day)s: net sales of %(net)s, as much as on %(before)s.")
        sentence = shape % parts
    if trade.net_minor > 0:
        share = formats.percent(trade.member_net_minor, trade.net_minor, 0)
        sentence += " " + gettext("Members brought %(share)s of it.") % {"share": share}
    return sentence


def _sentence_of_receipts(view: TradeView) -> str:
    """What a till may tell: how many receipts there were, never what they came to."""
    day = view.whole_day
    trade = view.on(day)
    parts = {
        "weekday": formats.weekday(day),
        "day": formats.day(day),
        "receipts": formats.number(trade.receipts),
        "share": formats.percent(trade.member_receipts, trade.receipts, 0),
    }
    if not trade.receipts:
        return gettext("%(weekday)s, %(day)s: no receipt.") % parts
    return (
        ngettext(
            "%(weekday)s, %(day)s: %(receipts)s receipt, %(share)s with a member.",
            "%(weekday)s, %(day)s: %(receipts)s receipts, %(share)s with a member.",
            trade.receipts,
        )
        % parts
    )


def _calm_at_a_till() -> str:
    return gettext("Nothing stands out: no return waits for its sale, members are asked for.")


def _off_trend(view: TradeView) -> Iterator[Finding]:
    """The place furthest below its own weekday."""
    if not view.actor.may(VIEW_FIGURES):
        return
    day = view.whole_day
    trade: dict[UUID, dict[dt.date, Trade]] = defaultdict(dict)
    for one in view.told:
        trade[one.place_id][one.day] = one.trade
    worst: tuple[int, UUID, int] | None = None
    for place_id, days in trade.items():
        same = [days[on] for n in range(1, TREND_WEEKS + 1) if (on := day - n * WEEK) in days]
        receipts = sum(one.receipts for one in same)
        usual = sum(one.net_minor for one in same) // len(same) if same else 0
        if len(same) < TREND_WEEKS - 1 or receipts < ENOUGH_RECEIPTS * len(same):
            continue
        change = change_bp(days.get(day, Trade()).net_minor, usual)
        if change is not None and change <= -OFF_TREND_BP:
            missing = usual - days.get(day, Trade()).net_minor
            worst = (
                max(worst, (missing, place_id, change)) if worst else (missing, place_id, change)
            )
    if worst is None:
        return
    missing, place_id, change = worst
    place = view.places[place_id]
    text = gettext("%(place)s sold %(change)s less than on its usual %(weekday)s.") % {
        "place": place.name,
        "change": formats.percent(-change, 10_000, 0),
        "weekday": formats.weekday(day),
    }
    why = gettext("Net sales of %(day)s against the mean of the same weekday in four weeks.") % {
        "day": formats.day(day)
    }
    url = view.links.receipts(day, day, **{place.parameter: str(place.id)})
    yield Finding("off-trend", text, why, url, "warning", 90)


def _silent(view: TradeView) -> Iterator[Finding]:
    """Stores that sell almost every day and sent nothing."""
    day = view.whole_day
    silent = silent_stores(view.store_days, day, since=day - SILENCE_SINCE)
    stores = [
        store
        for store in stores_in(view.scope).filter(pk__in=silent).order_by("code")
        if store.is_open_on(day)
    ]
    if not stores:
        return
    names = gettext(", ").join(store.name for store in stores[:NAMED])
    if len(stores) > NAMED:
        names += gettext(" and others")
    text = ngettext(
        "%(count)s store sent no receipt on %(day)s: %(names)s.",
        "%(count)s stores sent no receipt on %(day)s: %(names)s.",
        len(stores),
    ) % {"count": len(stores), "day": formats.day(day), "names": names}
    why = gettext("They sold on at least four of five days in the two weeks before.")
    first = stores[0]
    url = reverse("malls:store", args=[first.pk]) if view.actor.may(VIEW_STORE) else ""
    yield Finding("silent", text, why, url, "warning", 80)


def _identification(view: TradeView) -> Iterator[Finding]:
    """Tills that ask for the member less often than a week ago."""
    first, last = view.whole_day - WEEK + DAY, view.whole_day
    week, before = view.on(first, last), view.on(first - WEEK, last - WEEK)
    now = share_bp(week.member_receipts, week.receipts)
    was = share_bp(before.member_receipts, before.receipts)
    if now is None or was is None or was - now < IDENTIFICATION_FALL_BP:
        return
    text = gettext("Fewer receipts name a member: %(now)s in 7 days, %(was)s in the 7 before.") % {
        "now": formats.percent(week.member_receipts, week.receipts),
        "was": formats.percent(before.member_receipts, before.receipts),
    }
    why = gettext("Told when the identification rate falls by 5 percentage points or more.")
    yield Finding("identification", text, why, view.links.receipts(first, last), "warning", 60)


def _waiting_returns(view: TradeView) -> Iterator[Finding]:
    """Returns whose sale never came: a till that did not send it."""
    if not view.actor.may(VIEW_RECEIPT):
        return
    began = dt.datetime.combine(view.today, dt.time(), tzinfo=view.malls[0].zone) - WAITING
    count = visible_pending_returns(view.actor).filter(recorded_at__lt=began).count()
    if not count:
        return
    text = ngettext(
        "%(count)s return still waits for its sale.",
        "%(count)s returns still wait for their sale.",
        count,
    ) % {"count": formats.number(count)}
    why = gettext("For more than a day: the till has probably not sent the receipt.")
    url = reverse("checkout:pending_returns")
    yield Finding("waiting-returns", text, why, url, "info", 40)


def _liability(view: TradeView) -> Iterator[Finding]:
    if not (view.actor.may(VIEW_LEDGER) and view.scope.is_group):
        return
    now = view.read[view.today].get(POINTS_LIABILITY.code)
    before = view.read[view.today - WEEK].get(POINTS_LIABILITY.code)
    change = change_bp(now.part, before.part) if now and before else None
    if now is None or change is None or change < LIABILITY_RISE_BP:
        return
    text = gettext("The points liability rose by %(change)s in a week, to %(cost)s.") % {
        "change": formats.percent(change, 10_000),
        "cost": formats.money(Money(now.part, now.currency)),
    }
    why = gettext("Told when it rises by 5 % or more: see which funders' points were issued.")
    yield Finding("liability", text, why, reverse("ledger:funders"), "warning", 70)


def _expiring_leases(view: TradeView) -> Iterator[Finding]:
    if not view.actor.may(VIEW_LEASE):
        return
    ending = leases_in(view.scope).filter(
        ends_on__gte=view.today, ends_on__lte=view.today + EXPIRING
    )
    rows = list(ending.select_related("tenant").order_by("ends_on", "id")[: NAMED + 1])
    if not rows:
        return
    count = len(rows) if len(rows) <= NAMED else ending.count()
    text = ngettext(
        "%(count)s lease ends within 60 days, the first on %(day)s: %(tenant)s.",
        "%(count)s leases end within 60 days, the first on %(day)s: %(tenant)s.",
        count,
    ) % {
        "count": formats.number(count),
        "day": formats.day(rows[0].ends_on),
        "tenant": rows[0].tenant.name,
    }
    why = gettext("By the leases' last days.")
    url = reverse("malls:tenant", args=[rows[0].tenant_id])
    yield Finding("leases", text, why, url, "info", 50)


_RULES: tuple[Callable[[TradeView], Iterator[Finding]], ...] = (
    _off_trend,
    _silent,
    _liability,
    _identification,
    _expiring_leases,
    _waiting_returns,
)
