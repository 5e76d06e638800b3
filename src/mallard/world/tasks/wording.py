"""What a machine asks, in the reader's language: messages with parameters.

A parameter is text, a whole number, or one of the mappings below, which are written as the reader
writes them. Parameters lie in clear: name a member by the task's `member`, never in here.

    {"en": "Bakery", "zh": "面包房"}          a name in two languages
    {"money": 1980_00, "currency": "CNY"}    an amount in minor units
    {"day": "2026-11-22"}                    a date
    {"month": "2026-11-01"}                  a month
    {"bp": 8750}                             a share in basis points
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from babel.dates import format_skeleton
from django.utils.translation import gettext

from mallard.kernel.bilingual import localised
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.world.tasks.kinds import Message, kind_of

MAX_PARAMS = 20


class _Spoken(dict[str, str]):
    """A parameter that an old row does not have is a dash, never an error."""

    def __missing__(self, _key: str) -> str:
        return "–"


def spoken(params: Mapping[str, Any]) -> Mapping[str, str]:
    """``params`` as the active language writes them."""
    return _Spoken({name: _spoken(value) for name, value in params.items()})


def _spoken(value: Any) -> str:
    if isinstance(value, Mapping):
        if "money" in value:
            return formats.money(Money(value["money"], value["currency"]))
        if "day" in value:
            return formats.day(dt.date.fromisoformat(value["day"]))
        if "month" in value:
            return month_name(dt.date.fromisoformat(value["month"]))
        if "bp" in value:
            return formats.percent(value["bp"], 10_000)
        return localised(str(value.get("en", "")), str(value.get("zh", "")))
    return formats.number(value) if isinstance(value, int) else str(value)


def month_name(month: dt.date) -> str:
    """A month with its year, e.g. ``November 2026`` or ``2026年11月``."""
    return format_skeleton("yMMMM", month, locale=formats.reader_locale())


def message_of(kind: str, message: str) -> Message | None:
    """What this message of this kind says; None for one that no longer exists."""
    found = kind_of(kind)
    return found.messages.get(message) if found else None


def asked(kind: str, message: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Title and detail of a message, in the active language; empty when it no longer exists."""
    found = message_of(kind, message)
    if found is None:
        return "", ""
    words = spoken(params)
    return str(found.title) % words, str(found.detail) % words


def too_long(limit: int) -> str:
    """What to say of words that are missing or too many."""
    return gettext("Use between 1 and %(limit)s characters.") % {"limit": formats.number(limit)}
