"""Figures, money, dates written for a reader: pure functions over Babel, no request needed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.numbers import format_decimal, format_percent
from django.utils import timezone, translation
from django.utils.translation import npgettext

from mallard.kernel.money import Money, format_minor

# Django's language codes and the CLDR names that Babel knows.
BABEL_NAMES = {"zh-hans": "zh_Hans_CN", "en": "en"}


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse(BABEL_NAMES.get(language, "en"))


def reader_locale() -> Locale:
    """The Babel locale of the language that is active in this thread."""
    return _locale(translation.get_language() or "en")


def money(amount: Money) -> str:
    """An amount in its currency, e.g. ``¥1,980.00``."""
    return format_minor(amount.minor, amount.currency, str(reader_locale()))


def number(value: int | Decimal) -> str:
    """A number with the reader's grouping, e.g. ``12,345``."""
    return _number(value, str(reader_locale()))


# A page says the same figures again each time that it is opened, and Babel takes its time.
@lru_cache(maxsize=20_000)
def _number(value: int | Decimal, locale: str) -> str:
    return format_decimal(value, locale=locale)


def points(value: int) -> str:
    """Points with their unit, as plain text, e.g. ``1,234 points`` or ``1 point``."""
    # Translators: an amount of loyalty points, e.g. "1,234 points"
    text = npgettext("amount", "%(figure)s point", "%(figure)s points", value)
    return text % {"figure": number(value)}


def percent(numerator: int, denominator: int, digits: int = 1) -> str:
    """``numerator / denominator`` as a percentage; a dash when there is nothing to divide by."""
    if denominator == 0:
        return "–"
    pattern = "0." + "0" * digits + "%" if digits else "0%"
    return format_percent(numerator / denominator, pattern, locale=reader_locale())


def local(moment: dt.datetime, zone: dt.tzinfo | None = None) -> dt.datetime:
    """``moment`` in ``zone`` (a mall's), or in the zone that is active in this thread."""
    return moment.astimezone(zone or timezone.get_current_timezone())


def moment(value: dt.datetime, zone: dt.tzinfo | None = None) -> str:
    """Date and time of day, e.g. ``22 Nov 2026, 18:05`` or ``2026年11月22日 18:05``."""
    here = local(value, zone)
    between = " " if reader_locale().language == "zh" else ", "
    return f"{day(here.date())}{between}{here:%H:%M}"


def day(value: dt.date | dt.datetime, zone: dt.tzinfo | None = None) -> str:
    """A date, e.g. ``22 Nov 2026`` or ``2026年11月22日``."""
    date = local(value, zone).date() if isinstance(value, dt.datetime) else value
    return _day(date, str(reader_locale()))


@lru_cache(maxsize=5_000)
def _day(date: dt.date, locale: str) -> str:
    pattern = "y年M月d日" if locale.startswith("zh") else "d MMM y"
    return format_date(date, pattern, locale=locale)


def month(value: dt.date) -> str:
    """The month of a date, e.g. ``March 2026`` or ``2026年3月``."""
    locale = reader_locale()
    return format_date(value, "y年M月" if locale.language == "zh" else "MMMM y", locale=locale)


def weekday(value: dt.date) -> str:
    """The day of the week, e.g. ``Saturday`` or ``星期六``."""
    return format_date(value, "EEEE", locale=reader_locale())


def weekday_names(width: Literal["abbreviated", "wide"] = "abbreviated") -> list[str]:
    """Monday to Sunday, e.g. ``Mon`` or ``周一``; ``width`` as CLDR names it."""
    names = get_day_names(width, locale=reader_locale())
    return [names[number] for number in range(7)]


def time_of_day(value: dt.datetime, zone: dt.tzinfo | None = None) -> str:
    """Hours and minutes, e.g. ``18:05``."""
    return format_time(local(value, zone), "HH:mm", locale=reader_locale())


def zone_note(value: dt.datetime, zone: dt.tzinfo | None = None) -> str:
    """Which zone a time is told in, for the tooltip, e.g. ``Asia/Shanghai, UTC+08:00``."""
    here = local(value, zone)
    name = zone.key if isinstance(zone, ZoneInfo) else str(here.tzinfo)
    offset = here.strftime("%z")
    return f"{name}, UTC{offset[:3]}:{offset[3:5]}"
