"""What callers hand over: plain, frozen, ready to be made by the thousand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from mallard.kernel.provenance import Origin


@dataclass(frozen=True, slots=True)
class MemberRef:
    """What a till knows a member by: an identity kind, ``number`` or a moving kind (`moving`), and
    the value as typed. ``at``: when it was shown, for what changes; None: now."""

    kind: str
    value: str
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class IdentityInput:
    """An identity to record, in whatever spelling it was given."""

    kind: str
    value: str
    verified_at: dt.datetime | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class ConsentInput:
    """A purpose and channel that was allowed or refused, when, where said, and what proves it."""

    purpose: str
    is_granted: bool = True
    channel: str = "any"
    occurred_at: dt.datetime | None = None
    source: str = ""
    proof: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Where a member is at home: a store, a mall, or nowhere in particular."""

    store_id: UUID | None = None
    mall_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person who joins. Only the times and ids that are given differ from here and now.

    ``origin`` (and ``origins`` by profile field) say where the facts come from; without it the
    actor decides: staff, API, or import for jobs. ``custom`` holds values of custom fields by code.
    """

    profile: Mapping[str, str] = field(default_factory=dict)
    identities: tuple[IdentityInput, ...] = ()
    consents: tuple[ConsentInput, ...] = ()
    tags: tuple[str, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)
    store_id: UUID | None = None
    mall_id: UUID | None = None
    joined_at: dt.datetime | None = None
    recorded_at: dt.datetime | None = None
    language: str = "zh-hans"
    referrer: str = ""
    """Referral code or member number of who brought them."""
    member_id: UUID | None = None
    origin: Origin | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A member made by enrolment."""

    id: UUID
    number: str
