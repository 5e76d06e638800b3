"""Plain facts about the place that cross the app's door, in and out.

Inputs name rows by id, and carry every attribute: what is left out takes its default.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from mallard.kernel import clock
from mallard.kernel.provenance import Origin
from mallard.world.malls.models import LeaseKind, TenantStatus


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """What recording a receipt needs to know of its store.

    ``trade_category_ids`` are the store's own category and the one above it, if any.
    """

    id: UUID
    code: str
    mall_id: UUID
    tenant_id: UUID
    trade_category_ids: tuple[UUID, ...]
    zone: ZoneInfo
    cutoff_hour: int
    currency: str
    opened_on: dt.date | None
    closed_on: dt.date | None

    @property
    def is_open(self) -> bool:
        """Whether the store trades on the present business day."""
        return self.is_open_on(self.business_day(clock.now()))

    def is_open_on(self, day: dt.date) -> bool:
        """Whether the store trades on business day ``day``; the closing day is the first without
        it."""
        return (self.opened_on is None or self.opened_on <= day) and (
            self.closed_on is None or day < self.closed_on
        )

    def business_day(self, at: dt.datetime) -> dt.date:
        """The business day of ``at`` here."""
        return clock.business_day(at, self.zone, self.cutoff_hour)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupInput:
    code: str
    name_en: str = ""
    name_zh: str = ""
    origin: str = Origin.STAFF
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MallInput:
    group_id: UUID
    code: str
    currency: str
    time_zone: str
    name_en: str = ""
    name_zh: str = ""
    business_day_cutoff_hour: int = 5
    address_en: str = ""
    address_zh: str = ""
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None
    origin: str = Origin.STAFF
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorInput:
    mall_id: UUID
    code: str
    level: int
    name_en: str = ""
    name_zh: str = ""
    origin: str = Origin.STAFF
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitInput:
    """``geometry`` is the outline on the floor plan: ``[[x, y], …]`` in whole decimetres."""

    floor_id: UUID
    code: str
    area_dm2: int
    geometry: Sequence[Sequence[int]] = ()
    origin: str = Origin.STAFF
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeCategoryInput:
    code: str
    name_en: str = ""
    name_zh: str = ""
    parent_id: UUID | None = None
    origin: str = Origin.STAFF
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantInput:
    code: str
    name_en: str = ""
    name_zh: str = ""
    status: str = TenantStatus.ACTIVE
    origin: str = Origin.STAFF
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandInput:
    tenant_id: UUID
    code: str
    name_en: str = ""
    name_zh: str = ""
    origin: str = Origin.STAFF
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreInput:
    code: str
    mall_id: UUID
    tenant_id: UUID
    trade_category_id: UUID
    name_en: str = ""
    name_zh: str = ""
    brand_id: UUID | None = None
    unit_id: UUID | None = None
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None
    origin: str = Origin.STAFF
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseInput:
    """Rent in minor units of the mall's currency a month; ``percentage_bp`` in basis points."""

    tenant_id: UUID
    unit_id: UUID
    starts_on: dt.date
    ends_on: dt.date
    kind: str = LeaseKind.FIXED
    area_dm2: int
    store_id: UUID | None = None
    base_rent_minor: int | None = None
    percentage_bp: int | None = None
    origin: str = Origin.STAFF
    id: UUID | None = None
