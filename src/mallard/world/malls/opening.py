"""When malls and stores are open: pure decisions, and the questions that other apps ask.

A store's own word goes before its mall's, an exception of a day before the weekday. Where nobody
has said anything, a place counts as open: hours are an addition, not a condition, of trade.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.world.malls.models import OpeningHours, Store
from mallard.world.malls.rules import Problems

DAY = dt.timedelta(days=1)
MINUTES_A_DAY = 24 * 60
LATEST_CLOSING = MINUTES_A_DAY + 6 * 60
MOST_EXCEPTIONS = 100


@dataclass(frozen=True, slots=True)
class Hours:
    """From ``opens`` to ``closes``, minutes after the midnight that the day begins with; past
    1440 is the night after."""

    opens: int
    closes: int

    @property
    def text(self) -> str:
        """``10:00–22:00``; a time past midnight as people say it."""
        return f"{clock_text(self.opens)}–{clock_text(self.closes)}"


CLOSED = None
Said = Hours | None


def clock_text(minute: int) -> str:
    """A minute of the day as clocks show it; 24:00 is midnight at its end."""
    shown = minute if minute <= MINUTES_A_DAY else minute - MINUTES_A_DAY
    return f"{shown // 60:02}:{shown % 60:02}"


@dataclass(slots=True)
class Plan:
    """What one place says: by weekday (1 Monday to 7), and of single days."""

    weekly: dict[int, Said] = field(default_factory=dict)
    days: dict[dt.date, Said] = field(default_factory=dict)


class Openings:
    """The hours of some malls and of their stores, read at once."""

    def __init__(self, rows: Iterable[OpeningHours]) -> None:
        self.plans: defaultdict[UUID, Plan] = defaultdict(Plan)
        for row in rows:
            said = (
                CLOSED if row.opens is None or row.closes is None else Hours(row.opens, row.closes)
            )
            plan = self.plans[row.store_id or row.mall_id]
            if row.day is not None:
                plan.days[row.day] = said
            elif row.weekday is not None:
                plan.weekly[row.weekday] = said

    def is_known(self, store: Store) -> bool:
        """Whether anything was said about this store or its mall."""
        return store.pk in self.plans or store.mall_id in self.plans

    def hours_on(self, store: Store, day: dt.date) -> Said:
        """When the store is open on ``day``; None: closed. All day where nobody has said."""
        return said_on([self.plans.get(store.pk), self.plans.get(store.mall_id)], day)

    def is_open(self, store: Store, at: dt.datetime) -> bool:
        """Whether the store is open at that moment of its mall's clock."""
        local = at.astimezone(store.mall.zone)
        minute = local.hour * 60 + local.minute
        today, yesterday = local.date(), local.date() - DAY
        if store.is_open_on(today) and _holds(self.hours_on(store, today), minute):
            return True
        return store.is_open_on(yesterday) and _holds(
            self.hours_on(store, yesterday), minute + MINUTES_A_DAY
        )

    def open_days(self, store: Store, first: dt.date, last: dt.date) -> int:
        """On how many days from ``first`` to ``last`` the store was to be open."""
        begin = max(first, store.opened_on or first)
        end = min(last, store.closed_on - DAY if store.closed_on else last)
        span = max(0, (end - begin).days + 1)
        if not self.is_known(store):
            return span
        return sum(
            self.hours_on(store, begin + DAY * number) is not CLOSED for number in range(span)
        )


def said_on(plans: Iterable[Plan | None], day: dt.date) -> Said:
    """The nearest word on ``day``: exceptions of all places first, then weekdays."""
    known = [plan for plan in plans if plan is not None]
    for plan in known:
        if day in plan.days:
            return plan.days[day]
    for plan in known:
        if day.isoweekday() in plan.weekly:
            return plan.weekly[day.isoweekday()]
    return Hours(0, MINUTES_A_DAY)


def _holds(said: Said, minute: int) -> bool:
    return said is not None and said.opens <= minute < said.closes


def hours_problems(opens: int | None, closes: int | None) -> Problems:
    """Whether a place can be open like that: both times or neither, in order, over by 06:00."""
    if opens is None and closes is None:
        return {}
    if opens is None or closes is None:
        return {"closes": _("Give both times, or choose closed.")}
    if not 0 <= opens < MINUTES_A_DAY or not opens < closes <= LATEST_CLOSING:
        return {"closes": _("Closing comes after opening, by 06:00 of the next day at the latest.")}
    return {}


def openings_of(stores: Collection[Store]) -> Openings:
    """The hours of these stores and of their malls; one statement."""
    malls = {store.mall_id for store in stores}
    return Openings(OpeningHours.objects.filter(mall__in=malls))
