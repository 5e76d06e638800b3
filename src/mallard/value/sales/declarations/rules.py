"""Pure decisions about declarations."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from mallard.kernel import clock
from mallard.value.sales.declarations.facts import DeclarationInput, DeclarationResult
from mallard.value.sales.errors import DeclarationConfirmed
from mallard.value.sales.models import DeclarationStatus
from mallard.value.sales.rules import CLOCK_TOLERANCE, MAX_AMOUNT_MINOR
from mallard.world.malls.facts import StoreFacts

MOST_RECEIPTS = 1_000_000
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KnownDeclaration:
    """What is declared of a store's day already."""

    id: UUID
    amount_minor: int
    receipts: int | None
    origin: str
    status: str
    revision: int


def declaration_problem(
    given: DeclarationInput, *, store: StoreFacts, now: dt.datetime
) -> str | None:
    """What is wrong with a declaration by itself, as a sentence; None when nothing is."""
    if given.currency != store.currency:
        return _("the store sells in %(store)s, not in %(given)s.") % {
            "store": store.currency,
            "given": given.currency,
        }
    if given.business_day > store.business_day(now):
        return _("that day has not begun yet.")
    if not store.is_open_on(given.business_day):
        return _("the store was not open on that day.")
    if abs(given.amount_minor) > MAX_AMOUNT_MINOR:
        return _("its amount is larger than any store sells in a day.")
    if given.receipts is not None and not 0 <= given.receipts <= MOST_RECEIPTS:
        return _("its number of receipts is not possible.")
    if given.declared_at is not None and given.declared_at > now + CLOCK_TOLERANCE:
        return _("its time lies in the future.")
    return None


def what_it_does(
    given: DeclarationInput, *, origin: str, known: KnownDeclaration | None
) -> DeclarationResult:
    """What a sound declaration does to what is known. Raises `DeclarationConfirmed`.

    The same figures again are nothing new: they neither settle a dispute nor begin one.
    """
    if known is None:
        return DeclarationResult.RECORDED
    same = (known.amount_minor, known.receipts, known.origin)
    if (given.amount_minor, given.receipts, origin) == same:
        return DeclarationResult.UNCHANGED
    if known.status == DeclarationStatus.CONFIRMED:
        raise DeclarationConfirmed(store=given.store_code, day=given.business_day)
    return DeclarationResult.CORRECTED


def due_at(business_day: dt.date, zone: ZoneInfo, cutoff_hour: int, hours: int) -> dt.datetime:
    """Until when a day's sales are to be declared: ``hours`` after its business day ended."""
    ended_at = clock.business_day_start(business_day + DAY, zone, cutoff_hour)
    return ended_at + dt.timedelta(hours=hours)


def last_day_due(now: dt.datetime, zone: ZoneInfo, cutoff_hour: int, hours: int) -> dt.date:
    """The latest business day whose sales should have been declared by now."""
    return clock.business_day(now - dt.timedelta(hours=hours), zone, cutoff_hour) - DAY
