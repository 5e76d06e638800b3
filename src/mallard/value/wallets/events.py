"""What wallets announce. Ids and figures only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from mallard.kernel.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletFrozen(Event):
    """The subject is the member."""

    name: ClassVar[str] = "wallets.wallet_frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletReleased(Event):
    name: ClassVar[str] = "wallets.wallet_released"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolDownLifted(Event):
    """A member may spend again, before the time after a change of phone was over."""

    name: ClassVar[str] = "wallets.cool_down_lifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpiring(Event):
    """Points of a member (the subject) expire within 30 days, on this day (UTC). Once for each
    member and day."""

    name: ClassVar[str] = "wallets.points_expiring"
    expires_on: dt.date
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsGiven(Event):
    """The subject is the gift."""

    name: ClassVar[str] = "wallets.points_given"
    giver_id: UUID
    receiver_id: UUID
    points: int
