"""What callers hand over, and what they get: frozen, without ORM rows in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.provenance import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskInput:
    code: str
    mall_id: UUID
    name_en: str = ""
    name_zh: str = ""
    origin: Origin = Origin.STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardInput:
    """See `models.Reward` for the meaning and units of each."""

    code: str
    kind: str
    points: int
    currency: str
    funder_kind: str
    funder_id: UUID
    name_en: str = ""
    name_zh: str = ""
    about_en: str = ""
    about_zh: str = ""
    price_minor: int = 0
    cost_minor: int = 0
    is_counted: bool = True
    least_tier: str = ""
    member_limit: int | None = None
    limit_days: int | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    hold_minutes: int = 30
    collect_days: int = 30
    keeps_uncollected: bool = False
    origin: Origin = Origin.STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionInput:
    """A member takes ``quantity`` of a reward at a desk.

    ``key`` names the act for ever. ``payers`` are further members whose wallets pay after the
    member's own, in this order. Without ``origin`` the actor decides. ``card_code`` is the code
    that changes, from the member's phone; empty: the one that the actor scanned minutes ago.
    """

    key: str
    member_id: UUID
    reward_id: UUID
    desk_id: UUID
    quantity: int = 1
    payers: tuple[UUID, ...] = ()
    origin: Origin | None = None
    card_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRedemption:
    """A redemption that was over before Mallard knew of it: points spent, goods handed out."""

    key: str
    member_id: UUID
    reward_id: UUID
    desk_id: UUID
    quantity: int
    placed_at: dt.datetime
    collected_at: dt.datetime
    origin: Origin = Origin.IMPORT
