"""What loyalty announces. Ids, codes and days only; names of tiers are read through the API."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from mallard.kernel.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChanged(Event):
    """A member is in another tier since the business day ``day``. ``subject_id`` is the member.

    ``was`` and ``tier`` are codes, null for no tier; ``direction`` is ``up`` or ``down``; ``cause``
    is ``reached``, ``lapsed``, ``thresholds`` (tiers take something else), ``given`` (staff gave
    it) or ``gift_ended``. Facts that arrive late are told when they arrive: compare with what was
    told last, not with the days.
    """

    name: ClassVar[str] = "loyalty.tier_changed"
    was: str | None
    tier: str | None
    direction: str
    cause: str
    day: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class TierFallsSoon(Event):
    """Unless more is bought a member loses their tier. ``subject_id`` is the member.

    ``falls_on`` is the first business day in the lower tier ``falls_to`` (null: in none). Told
    once for each such day, a set number of days before it.
    """

    name: ClassVar[str] = "loyalty.tier_falls_soon"
    tier: str
    falls_on: dt.date
    falls_to: str | None
