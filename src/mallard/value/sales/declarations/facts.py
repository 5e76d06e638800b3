"""Plain facts about declarations that cross the door, in and out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mallard.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class DeclarationInput:
    """Net sales of a store on a business day, as its tenant says. ``receipts`` is how many there
    were, where the tenant knows. ``declared_at`` is when it was said; None: now."""

    store_code: str
    business_day: dt.date
    amount_minor: int
    currency: str
    receipts: int | None = None
    declared_at: dt.datetime | None = None


class DeclarationResult(StrEnum):
    """What became of an item of a batch."""

    RECORDED = "recorded"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class DeclarationOutcome:
    """The answer to one item of a batch."""

    result: DeclarationResult
    declaration_id: UUID | None = None
    revision: int = 0
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class ComparedDay:
    """A store's business day: what was declared (None: nothing yet) and what receipts say."""

    store_id: UUID
    business_day: dt.date
    declaration_id: UUID | None
    declared_minor: int | None
    declared_receipts: int | None
    status: str | None
    reason: str
    declared_at: dt.datetime | None
    is_generated: bool
    recorded_minor: int
    recorded_receipts: int

    @property
    def difference_minor(self) -> int | None:
        """Declared less recorded; None while nothing is declared."""
        return None if self.declared_minor is None else self.declared_minor - self.recorded_minor


@dataclass(frozen=True, slots=True)
class ComparedTotal:
    """Declared and recorded net sales over the same tenant-days, of one place in one currency.

    A day counts where a store declared and was open or traded. ``open_days`` are all the days on
    which its stores were open, ``declared_days`` those with a declaration: coverage is their
    share. ``place_id`` is a mall, a tenant or a store, or None for all of them together.
    """

    place_id: UUID | None
    currency: str
    declared_minor: int
    recorded_minor: int
    member_minor: int
    declared_days: int
    open_days: int

    @property
    def difference_minor(self) -> int:
        return self.declared_minor - self.recorded_minor
