"""The clock. Everything that asks for the time asks here, so that tests can say what it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

_frozen: ContextVar[dt.datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> dt.datetime:
    """The present moment in UTC."""
    return _frozen.get() or dt.datetime.now(dt.UTC)


@contextmanager
def frozen(at: dt.datetime) -> Iterator[None]:
    """Hold the clock at ``at`` (an aware datetime) in this context."""
    if at.tzinfo is None:
        raise ValueError("the clock needs an aware datetime")
    token = _frozen.set(at.astimezone(dt.UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def business_day(at: dt.datetime, zone: ZoneInfo, cutoff_hour: int) -> dt.date:
    """The trading day that ``at`` belongs to: before the cut-off hour it is still yesterday."""
    local = at.astimezone(zone)
    day = local.date()
    return day if local.hour >= cutoff_hour else day - dt.timedelta(days=1)


def business_day_start(day: dt.date, zone: ZoneInfo, cutoff_hour: int) -> dt.datetime:
    """The UTC instant at which business day ``day`` begins."""
    return dt.datetime.combine(day, dt.time(cutoff_hour), tzinfo=zone).astimezone(dt.UTC)
