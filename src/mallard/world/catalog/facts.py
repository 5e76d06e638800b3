"""Plain facts about the catalogue that cross the app's door. Inputs name other rows by code, as
the systems that send them do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from mallard.kernel.errors import DomainError
from mallard.kernel.provenance import Origin


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """What recording a receipt line needs to know.

    ``category_ids``: the product's category first, then its ancestors up to the root.
    ``restricted``: the kind of restricted goods (`RestrictedKind` value), own or inherited.
    """

    id: UUID
    product_id: UUID
    sku: str
    category_ids: tuple[UUID, ...]
    restricted: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryInput:
    code: str
    name_en: str = ""
    name_zh: str = ""
    parent_code: str | None = None
    restricted: str | None = None
    origin: str = Origin.STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductBrandInput:
    code: str
    name_en: str = ""
    name_zh: str = ""
    origin: str = Origin.STAFF
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantInput:
    """Without a name of its own a variant takes the product's. Barcodes are added, never taken
    away."""

    sku: str
    name_en: str = ""
    name_zh: str = ""
    barcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductInput:
    """A new product that names no variant gets one whose SKU is the product's code."""

    code: str
    category_code: str
    name_en: str = ""
    name_zh: str = ""
    brand_code: str | None = None
    restricted: str | None = None
    closed_on: dt.date | None = None
    variants: tuple[VariantInput, ...] = ()
    origin: str = Origin.STAFF


@dataclass(frozen=True, slots=True)
class ProductOutcome:
    """What became of one product of a batch."""

    code: str
    status: Literal["created", "changed", "unchanged", "refused"]
    product_id: UUID | None = None
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class NamedOutcome:
    """What became of one category or product brand of a batch."""

    code: str
    status: Literal["created", "changed", "unchanged", "refused"]
    id: UUID | None = None
    error: DomainError | None = None
