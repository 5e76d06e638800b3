"""What a reader asks of sales, as their address says it: days, comparison, place, and by what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.marks import Text

DAY = dt.timedelta(days=1)
WEEKS_SHOWN = dt.timedelta(weeks=4)
YEAR = dt.timedelta(weeks=52)
LONGEST = dt.timedelta(days=371)


class By(Enum):
    """What sales are told by; the value stands in the address."""

    MALL = "mall"
    TENANT = "tenant"
    STORE = "store"
    TRADE = "trade"
    CATEGORY = "category"
    PRODUCT = "product"

    @property
    def label(self) -> Text:
        return _LABELS[self]

    @property
    def is_of_goods(self) -> bool:
        return self in (By.CATEGORY, By.PRODUCT)


_LABELS: dict[By, Text] = {
    By.MALL: _("Mall"),
    By.TENANT: _("Tenant"),
    By.STORE: _("Store"),
    By.TRADE: _("Trade category"),
    By.CATEGORY: _("Category of goods"),
    By.PRODUCT: _("Product"),
}


class Against(Enum):
    """What a period is compared with."""

    BEFORE = "before"
    YEAR = "year"

    @property
    def label(self) -> Text:
        return _("the period before") if self is Against.BEFORE else _("the year before")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def back(self, by: dt.timedelta) -> Span:
        return Span(self.first - by, self.last - by)

    def against(self, against: Against) -> Span:
        """The days to compare with: as many right before, or the same weekdays a year ago."""
        return self.back(YEAR if against is Against.YEAR else self.days * DAY)


@dataclass(frozen=True, slots=True)
class Months:
    """Whole months, from the first day of one to the first day of another, both included."""

    first: dt.date
    last: dt.date

    @property
    def count(self) -> int:
        return _number(self.last) - _number(self.first) + 1

    @property
    def span(self) -> Span:
        return Span(self.first, _month(_number(self.last) + 1) - DAY)

    @property
    def bounds(self) -> tuple[dt.date, dt.date]:
        return self.first, self.last

    def against(self, against: Against) -> Months:
        """As many months right before, or the same ones a year ago."""
        back = 12 if against is Against.YEAR else self.count
        return Months(_month(_number(self.first) - back), _month(_number(self.last) - back))

    def latest(self, most: int) -> Months:
        """The last ``most`` of them."""
        return Months(max(self.first, _month(_number(self.last) - most + 1)), self.last)


def whole_months(span: Span) -> Months:
    """The months that a period holds whole; the last one before its end where it holds none.

    A month that has only begun, set beside a whole one, would look like a fall.
    """
    ends_whole = (span.last + DAY).day == 1
    last = _number(span.last) - (0 if ends_whole else 1)
    first = _number(span.first) + (0 if span.first.day == 1 else 1)
    return Months(_month(min(first, last)), _month(last))


def _number(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _month(number: int) -> dt.date:
    return dt.date(number // 12, number % 12 + 1, 1)


PLACES = ("mall", "tenant", "store", "trade")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be answered; ``problems`` tells what of the address could not be used."""

    span: Span
    by: By
    against: Against
    places: Mapping[str, UUID] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def query(self) -> dict[str, str]:
        """The address's parameters."""
        return {
            "day_from": self.span.first.isoformat(),
            "day_to": self.span.last.isoformat(),
            "by": self.by.value,
            "against": self.against.value,
            **{name: str(id_) for name, id_ in self.places.items()},
        }

    def address(self, **changed: str) -> str:
        """The address of the same question with something changed."""
        return "?" + urlencode({**self.query, **changed})


def read(given: Mapping[str, str], *, last_day: dt.date, by: By) -> Asked:
    """What the address asks; what makes no sense is told and left out. Without days it is the four
    weeks until ``last_day``; without anything else sales are told by ``by``."""
    problems: list[str] = []
    span = _span(given, last_day, problems)
    asked_by = next((one for one in By if one.value == given.get("by")), None)
    against = next((one for one in Against if one.value == given.get("against")), None)
    if given.get("by") and asked_by is None:
        problems.append(gettext("Sales cannot be told by that."))
    if given.get("against") and against is None:
        problems.append(gettext("Sales cannot be compared with that."))
    places: dict[str, UUID] = {}
    for name in PLACES:
        if given.get(name):
            try:
                places[name] = UUID(given[name])
            except ValueError:
                problems.append(gettext("There is no such place among yours."))
    return Asked(span, asked_by or by, against or Against.BEFORE, places, tuple(problems))


def _span(given: Mapping[str, str], last_day: dt.date, problems: list[str]) -> Span:
    usual = Span(last_day - WEEKS_SHOWN + DAY, last_day)
    first, last = (_day(given.get(name, ""), problems) for name in ("day_from", "day_to"))
    if first is None and last is None:
        return usual
    last = last or last_day
    first = first or last - WEEKS_SHOWN + DAY
    if first > last:
        problems.append(gettext("The period ends before it begins."))
        return usual
    if last - first > LONGEST:
        problems.append(gettext("A period has at most 53 weeks: these are its last."))
        return Span(last - LONGEST + DAY, last)
    return Span(first, last)


def _day(text: str, problems: list[str]) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if not 1990 <= day.year <= 2999:
        problems.append(gettext("A day is written like 2026-11-22."))
        return None
    return day
