"""What rewards announce. Ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from mallard.kernel.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardConfirmed(Event):
    """A member's points bought a reward."""

    name: ClassVar[str] = "rewards.reward_confirmed"
    member_id: UUID
    reward_id: UUID
    desk_id: UUID
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardCollected(Event):
    name: ClassVar[str] = "rewards.reward_collected"
    member_id: UUID
    reward_id: UUID
    desk_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionEnded(Event):
    """Cancelled or lapsed; ``points`` went back to the member (0: they stay spent)."""

    name: ClassVar[str] = "rewards.redemption_ended"
    member_id: UUID
    reward_id: UUID
    desk_id: UUID
    status: str
    points: int
