"""The periods that pages of figures offer, and what each is compared with."""

from __future__ import annotations

import datetime as dt
from enum import Enum

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.marks import Text
from mallard.review.reports.analysis.asked import DAY, Span

WEEK = dt.timedelta(days=7)


class Period(Enum):
    """A period that ends with the last whole day, or with the month before; the value stands in
    the address. Tomorrow the same address tells of tomorrow's days."""

    DAY = "day"
    WEEK = "week"
    FOUR_WEEKS = "28"
    MONTH = "month"
    LAST_MONTH = "last_month"
    QUARTER = "91"
    YEAR = "52w"

    @property
    def label(self) -> Text:
        return _LABELS[self]

    def span(self, last: dt.date) -> Span:
        """Its days, seen from the last whole day."""
        month = last.replace(day=1)
        if self is Period.MONTH:
            return Span(month, last)
        if self is Period.LAST_MONTH:
            return Span((month - DAY).replace(day=1), month - DAY)
        return Span(last - (_LENGTHS[self] - 1) * DAY, last)

    def before(self, span: Span) -> Span:
        """The days that ``span`` is compared with: a day with the same weekday a week before, a
        month (or what has passed of it) with the same days of the month before, else as many days
        right before."""
        if self is Period.DAY:
            return span.back(WEEK)
        if self in (Period.MONTH, Period.LAST_MONTH):
            end = span.first - DAY
            is_whole = (span.last + DAY).day == 1
            last = end if is_whole else end.replace(day=min(span.last.day, end.day))
            return Span(end.replace(day=1), last)
        return span.back(span.days * DAY)


_LABELS: dict[Period, Text] = {
    Period.DAY: _("One day"),
    Period.WEEK: _("7 days"),
    Period.FOUR_WEEKS: _("28 days"),
    Period.MONTH: _("This month"),
    Period.LAST_MONTH: _("Last month"),
    Period.QUARTER: _("91 days"),
    Period.YEAR: _("52 weeks"),
}
_LENGTHS = {
    Period.DAY: 1,
    Period.WEEK: 7,
    Period.FOUR_WEEKS: 28,
    Period.QUARTER: 91,
    Period.YEAR: 364,
}
