"""What the ledger takes and gives: frozen, without ORM rows in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Accrual:
    """Points that a member earns at a funder's cost; opens one lot.

    ``key`` names the posting for ever. ``source_kind`` and ``source_id`` say what earned it (a
    receipt), ``reason`` why, for people. Usable from ``matures_at`` until ``expires_at`` (None:
    never expires). Accruals of one ``group_id`` belong together.
    """

    key: str
    member_id: UUID
    funder_id: UUID
    points: int
    source_kind: str
    source_id: UUID
    reason: str
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    matures_at: dt.datetime
    expires_at: dt.datetime | None
    group_id: UUID


@dataclass(frozen=True, slots=True)
class PostedAccrual:
    """The answer to an accrual: its transfer (and lot), and how much of it settled a debt."""

    key: str
    transfer_id: UUID
    points: int
    settled_points: int
    is_replay: bool


@dataclass(frozen=True, slots=True)
class Reversal:
    """Points that a funder takes back because what earned them (``source_id``) was undone."""

    key: str
    member_id: UUID
    funder_id: UUID
    points: int
    source_kind: str
    source_id: UUID
    reason: str
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    group_id: UUID


@dataclass(frozen=True, slots=True)
class Reversed:
    """The answer to a reversal: what came from the sale's own lots, from the member's other lots,
    and what the member now owes the funder. They sum to the points reversed."""

    key: str
    taken_from_own_lots: int
    taken_from_other_lots: int
    owed_points: int
    is_replay: bool


@dataclass(frozen=True, slots=True)
class Redemption:
    """Points that a member spends.

    ``member_id`` is who spends; their own wallet pays first, then those merged with it, then
    ``further_wallets`` (members) in that order. ``redemption_account_id`` is whose counter took
    the points (`open_redemption`).
    """

    key: str
    member_id: UUID
    redemption_account_id: UUID
    points: int
    source_kind: str
    source_id: UUID
    reason: str
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    group_id: UUID
    further_wallets: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The answer to a redemption: its group and how much each funder bears, by account id."""

    key: str
    group_id: UUID
    points: int
    by_funder: dict[UUID, int]
    is_replay: bool


@dataclass(frozen=True, slots=True)
class Restoration:
    """A redemption taken back, in whole (``points`` None) or in part.

    ``redemption_key`` is the key that `redeem` was given, or the ``key`` that `post_hold` answered.
    """

    key: str
    redemption_key: str
    points: int | None
    source_kind: str
    source_id: UUID
    reason: str
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    group_id: UUID


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points that staff add (``points`` > 0) or take (< 0), at a funder's cost, with a reason.

    ``matures_at`` and ``expires_at`` are the life of added points.
    """

    key: str
    member_id: UUID
    funder_id: UUID
    points: int
    reason: str
    source_kind: str
    source_id: UUID
    recorded_at: dt.datetime
    expires_at: dt.datetime | None
    group_id: UUID


@dataclass(frozen=True, slots=True)
class Restored:
    """The answer to a reversed redemption: what went back, and what of it lives longer now."""

    key: str
    points: int
    revived_points: int
    is_replay: bool


@dataclass(frozen=True, slots=True)
class PlacedHold:
    """Points pinned until ``deadline_at``."""

    hold_id: UUID
    points: int
    deadline_at: dt.datetime
    is_replay: bool


@dataclass(frozen=True, slots=True)
class Expired:
    """One batch of expiry: how many lots, how many points, and whether more may be due."""

    lots: int
    points: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class LotState:
    """One lot as it is under its member's lock. ``free`` is what no hold pins."""

    id: UUID
    account_id: UUID
    member_id: UUID
    funder_id: UUID
    remaining: int
    held: int
    matures_at: dt.datetime
    expires_at: dt.datetime | None
    source_id: UUID
    grace_ends_at: dt.datetime | None = None
    """Until when it lives in grace, once points came back to it after its end."""
    expired: int = 0
    """Points of it that expired already (asked for only where it matters)."""

    @property
    def free(self) -> int:
        return self.remaining - self.held

    def is_spendable_at(self, at: dt.datetime) -> bool:
        return self.matures_at <= at and (self.expires_at is None or self.expires_at > at)
