"""What a rule says beyond "so many points for so much": kinds, conditions and limits.

Terms are data. They are read from JSON and checked when they are built, so whatever holds a
`Terms` holds one that makes sense.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

BASIS_POINTS = 10_000
MAX_FACTOR_BP = 100 * BASIS_POINTS
MAX_POINTS = 1_000_000_000
POINTS_TENDER = "points"
"""What tills call points as a means of payment: whatever the rule, they earn nothing."""
TENDERS = ("cash", "card", "wechat", "alipay", "voucher", "other")


class Kind(enum.StrEnum):
    """How a rule gives points.

    ``AMOUNT`` and ``UNIT`` are base points: of these the most specific one applies to a line. A
    ``MULTIPLIER`` adds to base points, an ``AWARD`` gives a fixed number on a receipt; all that
    fit are added up. ``WELCOME``, ``PROFILE`` and ``CHECK_IN`` (once a business day) need no
    receipt; ``REFERRAL`` rewards whoever brought a friend, once the friend has bought.
    """

    AMOUNT = "amount"
    UNIT = "unit"
    MULTIPLIER = "multiplier"
    AWARD = "award"
    WELCOME = "welcome"
    PROFILE = "profile"
    CHECK_IN = "check_in"
    REFERRAL = "referral"


BASE_KINDS = frozenset({Kind.AMOUNT, Kind.UNIT})
RECEIPT_KINDS = frozenset({Kind.AMOUNT, Kind.UNIT, Kind.MULTIPLIER, Kind.AWARD})
CAPPED_BY_TIME = frozenset({Kind.REFERRAL, Kind.CHECK_IN})
"""Their limits are by year and for ever, and they have no other terms."""


class Basis(enum.StrEnum):
    """The amount that counts: what was paid; with discounts put back; with tax taken off."""

    PAID = "paid"
    BEFORE_DISCOUNTS = "before_discounts"
    BEFORE_TAX = "before_tax"


class Scope(enum.StrEnum):
    """What a limit is counted over. A visit is a person's business day in one mall."""

    RECEIPT = "receipt"
    VISIT = "visit"
    DAY = "day"
    YEAR = "year"
    MEMBER = "member"


class Birthday(enum.StrEnum):
    DAY = "day"
    MONTH = "month"


class TermsInvalid(ValueError):
    """Terms that make no sense; ``field`` says which one."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


_IDS = ("malls", "tenants", "stores", "trade_categories", "categories", "products")


@dataclass(frozen=True, slots=True)
class Terms:
    """An empty condition is no condition. ``caps`` are most points per scope, narrow first."""

    kind: Kind = Kind.AMOUNT
    basis: Basis = Basis.PAID
    tax_bp: int = 0
    tenders_left_out: tuple[str, ...] = ()
    units: int = 1
    factor_bp: int = 2 * BASIS_POINTS
    malls: tuple[UUID, ...] = ()
    tenants: tuple[UUID, ...] = ()
    stores: tuple[UUID, ...] = ()
    trade_categories: tuple[UUID, ...] = ()
    categories: tuple[UUID, ...] = ()
    products: tuple[UUID, ...] = ()
    tiers: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    hours: tuple[int, int] | None = None
    birthday: Birthday | None = None
    is_first_purchase: bool = False
    segment: str = ""
    caps: tuple[tuple[Scope, int], ...] = ()
    total_cap: int | None = None
    budget: str = ""

    def __post_init__(self) -> None:
        _require(0 <= self.tax_bp < BASIS_POINTS, "tax_bp")
        _require(self.basis is Basis.BEFORE_TAX or self.tax_bp == 0, "tax_bp")
        _require(set(self.tenders_left_out) <= set(TENDERS), "tenders_left_out")
        _require(self.units >= 1, "units")
        _require(BASIS_POINTS < self.factor_bp <= MAX_FACTOR_BP, "factor_bp")
        _require(all(1 <= day <= 7 for day in self.weekdays), "weekdays")
        _require(all(1 <= day <= 31 for day in self.month_days), "month_days")
        if self.hours is not None:
            first, end = self.hours
            _require(0 <= first <= 23 and 0 <= end <= 24 and first != end, "hours")
        _require(all(1 <= most <= MAX_POINTS for _scope, most in self.caps), "caps")
        _require(self.total_cap is None or 1 <= self.total_cap <= MAX_POINTS, "total_cap")
        if self.kind in BASE_KINDS:
            # Base points answer to goods, place and time alone; who the member is adds layers.
            _require(not self.asks_who, "kind")
        if self.kind in (Kind.WELCOME, Kind.PROFILE):
            plain = all(getattr(self, one.name) == one.default for one in fields(self)[1:])
            _require(plain, "kind")
        if self.kind in CAPPED_BY_TIME:
            others = [one for one in fields(self)[1:] if one.name != "caps"]
            _require(all(getattr(self, one.name) == one.default for one in others), "kind")
            _require({scope for scope, _ in self.caps} <= {Scope.YEAR, Scope.MEMBER}, "caps")

    @property
    def asks_who(self) -> bool:
        return bool(self.tiers or self.birthday or self.segment or self.is_first_purchase)

    @property
    def asks_when(self) -> bool:
        return bool(self.weekdays or self.month_days or self.hours)

    @property
    def is_linked(self) -> bool:
        """Whether what it gives on a receipt depends on the person's other receipts."""
        return self.is_first_purchase or any(scope is not Scope.RECEIPT for scope, _ in self.caps)

    @property
    def is_for_life(self) -> bool:
        """Whether it depends on more than the receipts of the same business day."""
        wide = (Scope.YEAR, Scope.MEMBER)
        return self.is_first_purchase or any(scope in wide for scope, _ in self.caps)

    def to_json(self) -> dict[str, Any]:
        """Only what differs from plain terms, so that what is stored can be read."""
        found: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            if value == getattr(PLAIN, name):
                continue
            if name in _IDS:
                value = [str(one) for one in value]
            elif name == "caps":
                value = {str(scope): most for scope, most in value}
            elif isinstance(value, tuple):
                value = list(value)
            elif isinstance(value, enum.Enum):
                value = str(value)
            found[name] = value
        return found

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Terms:
        """Raises :class:`TermsInvalid` for what it does not know."""
        values = dict(found)
        unknown = set(values) - set(cls.__slots__)
        if unknown:
            raise TermsInvalid(min(unknown))
        for name, make in _READERS.items():
            if values.get(name) is not None:
                try:
                    values[name] = make(values[name])
                except (ValueError, TypeError, AttributeError, KeyError):
                    raise TermsInvalid(name) from None
        return cls(**values)


def _require(is_right: bool, field: str) -> None:
    if not is_right:
        raise TermsInvalid(field)


def _caps(found: Mapping[str, int]) -> tuple[tuple[Scope, int], ...]:
    caps = {Scope(scope): int(most) for scope, most in found.items()}
    return tuple((scope, caps[scope]) for scope in Scope if scope in caps)


_READERS: dict[str, Any] = {
    "kind": Kind,
    "basis": Basis,
    "tenders_left_out": tuple,
    **{name: lambda ids: tuple(UUID(one) for one in ids) for name in _IDS},
    "tiers": tuple,
    "weekdays": lambda days: tuple(sorted({int(day) for day in days})),
    "month_days": lambda days: tuple(sorted({int(day) for day in days})),
    "hours": lambda hours: (int(hours[0]), int(hours[1])),
    "birthday": Birthday,
    "caps": _caps,
}

PLAIN = Terms()
