"""What members announce. Ids only: whoever needs more asks the queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from mallard.kernel.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEnrolled(Event):
    name: ClassVar[str] = "members.member_enrolled"
    store_id: UUID | None
    mall_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChanged(Event):
    """Profile fields changed; ``fields`` are their codes, without values."""

    name: ClassVar[str] = "members.member_changed"
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberClosed(Event):
    name: ClassVar[str] = "members.member_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberReopened(Event):
    name: ClassVar[str] = "members.member_reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberErased(Event):
    name: ClassVar[str] = "members.member_erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersMerged(Event):
    """``subject_id`` was merged into ``survivor_id``."""

    name: ClassVar[str] = "members.members_merged"
    survivor_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUnmerged(Event):
    name: ClassVar[str] = "members.member_unmerged"
    survivor_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitiesChanged(Event):
    """An identity of this kind was added, verified or removed."""

    name: ClassVar[str] = "members.identities_changed"
    kind: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecorded(Event):
    name: ClassVar[str] = "members.consent_recorded"
    purpose: str
    channel: str
    is_granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralGiven(Event):
    """It became known who brought ``subject_id``."""

    name: ClassVar[str] = "members.referral_given"
    referrer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralEnded(Event):
    """``subject_id`` was not brought by that member after all."""

    name: ClassVar[str] = "members.referral_ended"
    referrer_id: UUID
