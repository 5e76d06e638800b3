"""Plain facts about footfall that cross the app's door, in and out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mallard.kernel.errors import DomainError
from mallard.kernel.provenance import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class EntranceInput:
    """``x_dm`` and ``y_dm`` are where it stands on the floor's plan, or None both."""

    mall_id: UUID
    floor_id: UUID
    code: str
    name_en: str = ""
    name_zh: str = ""
    x_dm: int | None = None
    y_dm: int | None = None
    closed_on: dt.date | None = None
    origin: str = Origin.STAFF
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CountInput:
    """People who passed an entrance in the quarter of an hour that begins at ``quarter_at``.

    ``revision`` is the counter's own number of the statement, if it keeps one: a higher one
    corrects a lower one, in whatever order they arrive. Without it the last word counts.
    """

    mall_code: str
    entrance_code: str
    quarter_at: dt.datetime
    entries: int
    exits: int = 0
    revision: int | None = None


class CountStatus(StrEnum):
    """What became of a count."""

    RECORDED = "recorded"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CountOutcome:
    """The answer to one item of a batch."""

    status: CountStatus
    revision: int = 0
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class PlaceDayEntries:
    """How many people came into a mall on a business day, or in one local hour of it.

    ``quarters`` is how many counts that is of: fewer than expected means that a counter was mute.
    """

    mall_id: UUID
    business_day: dt.date
    entries: int
    exits: int
    quarters: int
    is_generated: bool
    hour: int | None = None
