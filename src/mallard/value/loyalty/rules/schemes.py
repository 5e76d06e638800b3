"""How tiers are reached and kept: windows, thresholds by version, overrides, and the history.

Pure, and a function of the days a person bought on: facts that arrive late give the tier that they
would have given in time.
"""

from __future__ import annotations

import datetime as dt
import enum
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from mallard.value.loyalty.rules.tiers import TierLevel, add_months

MAX_GRACE_DAYS = 180
ONE_DAY = dt.timedelta(days=1)


class Window(enum.StrEnum):
    """What counts towards a tier, and for how long it is kept.

    ``ROLLING``: the 12 months before each day; a tier goes when they no longer reach it.
    ``CALENDAR``: a year from 1 January; a tier counts from the next business day on until the end
    of the following year. ``ANNIVERSARY``: the same with years from the day of joining.
    """

    ROLLING = "rolling"
    CALENDAR = "calendar"
    ANNIVERSARY = "anniversary"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of the thresholds, in force from business day ``starts_on`` on.

    Qualifying value (成长值) is one for every ``value_per_minor`` spent (0: none) and
    ``value_per_visit`` for every visit; nobody can spend it. ``grace_days`` is how much longer
    a tier is kept after the period in which it should have been reached again.
    """

    starts_on: dt.date
    levels: tuple[TierLevel, ...]
    window: Window = Window.ROLLING
    grace_days: int = 0
    value_per_minor: int = 0
    value_per_visit: int = 0

    def value(self, spend_minor: int, visits: int, brought: int = 0) -> int:
        """``brought`` is what another system had counted (`brought_value`)."""
        of_spend = max(0, spend_minor) // self.value_per_minor if self.value_per_minor else 0
        return of_spend + visits * self.value_per_visit + brought

    def reached(self, spend_minor: int, visits: int, brought: int = 0) -> TierLevel | None:
        """The highest tier whose spend, visits and value are all reached; never by invitation."""
        value = self.value(spend_minor, visits, brought)
        found = [
            level
            for level in self.levels
            if not level.by_invitation
            and spend_minor >= level.spend_minor
            and visits >= level.visits
            and value >= level.value
        ]
        return max(found, key=lambda level: level.rank) if found else None

    def level(self, code: str | None) -> TierLevel | None:
        return next((level for level in self.levels if level.code == code), None)

    def spans(self, day: dt.date, joined_on: dt.date | None) -> list[tuple[dt.date, dt.date]]:
        """The stretches of days (first, the one after the last) of which any may give the tier of
        ``day``: the present one first. The day itself never counts."""
        if self.window is Window.ROLLING:
            spans = [(add_months(day, -12), day)]
            if self.grace_days:
                before = day - dt.timedelta(days=self.grace_days)
                spans.append((add_months(before, -12), before))
            return spans
        begin = period_start(day, self.window, joined_on)
        last = period_start(begin - ONE_DAY, self.window, joined_on)
        spans = [(begin, day), (last, begin)]
        if day < begin + dt.timedelta(days=self.grace_days):
            spans.append((period_start(last - ONE_DAY, self.window, joined_on), last))
        return spans


def period_start(day: dt.date, window: Window, joined_on: dt.date | None) -> dt.date:
    """The first day of the period that ``day`` is in. Who joined on 29 February has their years
    begin on the 28th where there is none."""
    if window is Window.CALENDAR or joined_on is None:
        return dt.date(day.year, 1, 1)
    start = add_months(joined_on, 12 * (day.year - joined_on.year))
    return start if start <= day else add_months(joined_on, 12 * (day.year - joined_on.year - 1))


@dataclass(frozen=True, slots=True)
class Override:
    """A tier given by staff: at least this one, from ``first_day`` to ``last_day`` (both in).

    ``value`` is qualifying value that came with it from another system. It counts as if it had
    been earned on the day before ``first_day``, also when the tier is over; until
    ``value_last_day`` where it was taken back.
    """

    tier_code: str
    first_day: dt.date
    last_day: dt.date
    reason: str
    value: int = 0
    value_last_day: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return self.first_day <= day <= self.last_day

    @property
    def value_day(self) -> dt.date:
        return self.first_day - ONE_DAY


def brought_value(
    overrides: Sequence[Override], first: dt.date, until: dt.date, day: dt.date
) -> int:
    """The value of other systems that counts for the tier of ``day`` between ``first`` and the
    day before ``until``."""
    return sum(
        one.value
        for one in overrides
        if first <= one.value_day < until
        and (one.value_last_day is None or day <= one.value_last_day)
    )


def scheme_on(schemes: Sequence[Scheme], day: dt.date) -> Scheme:
    """The version in force on a business day; ``schemes`` by their start."""
    found = schemes[0]
    for scheme in schemes[1:]:
        if scheme.starts_on > day:
            break
        found = scheme
    return found


def with_overrides(
    reached: TierLevel | None, scheme: Scheme, overrides: Sequence[Override], day: dt.date
) -> TierLevel | None:
    """The tier of ``day``: what was reached, or a higher one that staff gave."""
    best = reached
    for override in overrides:
        level = scheme.level(override.tier_code) if override.holds(day) else None
        if level is not None and (best is None or level.rank > best.rank):
            best = level
    return best


@dataclass(slots=True)
class Days:
    """A person's days with what they spent and how often they came, as running sums."""

    days: list[dt.date] = field(default_factory=list)
    spend: list[int] = field(default_factory=lambda: [0])
    visits: list[int] = field(default_factory=lambda: [0])
    joined_on: dt.date | None = None
    overrides: tuple[Override, ...] = ()

    @classmethod
    def of(
        cls,
        by_day: Mapping[dt.date, tuple[int, int]],
        joined_on: dt.date | None = None,
        overrides: Sequence[Override] = (),
    ) -> Days:
        days = sorted(by_day)
        return cls(
            days,
            list(accumulate((by_day[day][0] for day in days), initial=0)),
            list(accumulate((by_day[day][1] for day in days), initial=0)),
            joined_on,
            tuple(overrides),
        )

    def between(self, first: dt.date, until: dt.date) -> tuple[int, int]:
        """Spend and visits from ``first`` to the day before ``until``."""
        begin, end = bisect_left(self.days, first), bisect_left(self.days, until)
        return self.spend[end] - self.spend[begin], self.visits[end] - self.visits[begin]

    def tier_on(self, day: dt.date, schemes: Sequence[Scheme]) -> TierLevel | None:
        """The tier at the start of a business day."""
        scheme = scheme_on(schemes, day)
        best: TierLevel | None = None
        for first, until in scheme.spans(day, self.joined_on):
            brought = brought_value(self.overrides, first, until, day)
            level = scheme.reached(*self.between(first, until), brought)
            if level is not None and (best is None or level.rank > best.rank):
                best = level
        return with_overrides(best, scheme, self.overrides, day)


class Cause(enum.StrEnum):
    """Why a tier changed."""

    REACHED = "reached"
    LAPSED = "lapsed"
    THRESHOLDS = "thresholds"
    GIVEN = "given"
    GIFT_ENDED = "gift_ended"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of tier at the start of a business day. ``detail`` is what staff wrote."""

    day: dt.date
    was: str | None
    now: str | None
    cause: Cause
    detail: str = ""


def history(days: Days, schemes: Sequence[Scheme], until: dt.date) -> list[Change]:
    """Every change of a person's tier up to and including ``until``, the first one first."""
    if not days.days and not days.overrides:
        return []
    changes: list[Change] = []
    tier: TierLevel | None = None
    for day in sorted(turning_days(days, schemes, until)):
        now = days.tier_on(day, schemes)
        was_code, now_code = (one.code if one else None for one in (tier, now))
        if was_code != now_code:
            cause, detail = _cause(tier, now, day, days, schemes)
            changes.append(Change(day, was_code, now_code, cause, detail))
        tier = now
    return changes


def turning_days(days: Days, schemes: Sequence[Scheme], until: dt.date) -> set[dt.date]:
    """The days on which a tier may be another than on the day before."""
    found: set[dt.date] = set()
    starts = [scheme.starts_on for scheme in schemes]
    brought = [override.value_day for override in days.overrides if override.value]
    for counted in [*days.days, *brought]:
        ends = add_months(counted, 12)
        found |= {counted + ONE_DAY, ends, ends + ONE_DAY}
        for scheme in schemes:
            if scheme.window is Window.ROLLING and scheme.grace_days:
                late = dt.timedelta(days=scheme.grace_days)
                found |= {day + late for day in (counted + ONE_DAY, ends + ONE_DAY)}
    for override in days.overrides:
        found |= {override.first_day, override.last_day + ONE_DAY}
        if override.value_last_day is not None:
            found.add(override.value_last_day + ONE_DAY)
    first = min([*days.days, *(override.first_day for override in days.overrides)])
    found |= {start for start in starts if start >= first}
    found |= set(_period_days(days, schemes, first, until))
    return {day for day in found if first < day <= until} | {
        override.first_day for override in days.overrides if override.first_day <= until
    }


def _period_days(
    days: Days, schemes: Sequence[Scheme], first: dt.date, until: dt.date
) -> Iterator[dt.date]:
    for scheme in schemes:
        if scheme.window is Window.ROLLING:
            continue
        start = period_start(first, scheme.window, days.joined_on)
        while start <= until:
            yield start
            yield start + dt.timedelta(days=scheme.grace_days)
            start = period_start(add_months(start, 12) + ONE_DAY, scheme.window, days.joined_on)


def _cause(
    was: TierLevel | None,
    now: TierLevel | None,
    day: dt.date,
    days: Days,
    schemes: Sequence[Scheme],
) -> tuple[Cause, str]:
    for override in days.overrides:
        if now is not None and override.holds(day) and override.tier_code == now.code:
            return Cause.GIVEN, override.reason
        is_over = override.last_day + ONE_DAY == day
        if is_over and was is not None and was.code == override.tier_code:
            return Cause.GIFT_ENDED, override.reason
    if any(scheme.starts_on == day for scheme in schemes[1:]):
        return Cause.THRESHOLDS, ""
    is_up = (now.rank if now else 0) > (was.rank if was else 0)
    return (Cause.REACHED if is_up else Cause.LAPSED), ""


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing to a tier in the present period; nothing below zero."""

    tier_code: str
    spend_minor: int
    visits: int
    value: int


def missing_to(
    level: TierLevel, scheme: Scheme, *, spend_minor: int, visits: int, brought: int = 0
) -> Missing:
    """What a member still has to reach for ``level``."""
    return Missing(
        level.code,
        max(0, level.spend_minor - spend_minor),
        max(0, level.visits - visits),
        max(0, level.value - scheme.value(spend_minor, visits, brought)),
    )


def next_level(scheme: Scheme, tier: TierLevel | None) -> TierLevel | None:
    """The next tier that can be reached without an invitation; None at the top."""
    above = [
        level
        for level in scheme.levels
        if not level.by_invitation and (tier is None or level.rank > tier.rank)
    ]
    return min(above, key=lambda level: level.rank) if above else None


def scheme_to_json(scheme: Scheme) -> dict[str, Any]:
    """The levels as they are stored: by code; rank and name are the tier's own."""
    return {
        level.code: {
            "spend_minor": level.spend_minor,
            "visits": level.visits,
            "value": level.value,
            "bonus_bp": level.bonus_bp,
            "by_invitation": level.by_invitation,
        }
        for level in scheme.levels
    }
