"""Versions of earning rules, and which of them fit a line, a place and a moment."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from mallard.value.loyalty.rules.terms import BASE_KINDS, PLAIN, RECEIPT_KINDS, Kind, Terms

__all__ = ["Fitting", "Place", "RuleBook", "RuleVersion", "When", "specificity"]


@dataclass(frozen=True, slots=True, eq=False)
class RuleVersion:
    """An earning rule as it stands for a period: ``points`` for every ``per_minor`` spent.

    The three filters of the first form and those of ``terms`` mean the same: each that is given
    must fit. Two versions are the same only if they are one object: a book holds each once.
    """

    code: str
    version: int
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    store_id: UUID | None
    trade_category_id: UUID | None
    category_id: UUID | None
    points: int
    per_minor: int
    tenant_share_bp: int
    terms: Terms = PLAIN

    def is_in_force(self, at: dt.datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    @property
    def stores(self) -> tuple[UUID, ...]:
        return (self.store_id,) if self.store_id else self.terms.stores

    @property
    def trade_categories(self) -> tuple[UUID, ...]:
        return (self.trade_category_id,) if self.trade_category_id else self.terms.trade_categories

    @property
    def categories(self) -> tuple[UUID, ...]:
        return (self.category_id,) if self.category_id else self.terms.categories


@dataclass(frozen=True, slots=True)
class Place:
    """Where a receipt was made: its own trade category first, then the parent."""

    store_id: UUID
    trade_category_ids: tuple[UUID, ...]
    tenant_id: UUID | None = None
    mall_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class When:
    """The business day of a receipt, and the hour that the mall's clock showed."""

    business_day: dt.date
    hour: int


Fit = tuple[int, int, int, int, int]


def specificity(
    rule: RuleVersion,
    place: Place,
    category_ids: tuple[UUID, ...],
    product_id: UUID | None = None,
) -> Fit | None:
    """How closely a rule fits a line, whatever the time; None when it does not match.

    A product beats a category, a category a store, a store its tenant, a tenant a trade category,
    a trade category the mall, and a nearer category its ancestor. Last, a rule for certain times
    beats one for all times. ``category_ids`` start with the product's own category.
    """
    near_goods = near_trade = 0
    terms = rule.terms
    if terms.products or rule.categories:
        if product_id is not None and product_id in terms.products:
            near_goods = len(category_ids) + 1
        else:
            near_goods = _nearness(rule.categories, category_ids)
        if not near_goods:
            return None
    if rule.stores and place.store_id not in rule.stores:
        return None
    if terms.tenants and place.tenant_id not in terms.tenants:
        return None
    if terms.malls and place.mall_id not in terms.malls:
        return None
    if rule.trade_categories:
        near_trade = _nearness(rule.trade_categories, place.trade_category_ids)
        if not near_trade:
            return None
    nearest = 2 if rule.stores else int(bool(terms.tenants))
    return near_goods, nearest, near_trade, int(bool(terms.malls)), int(terms.asks_when)


def _nearness(wanted: Collection[UUID], own_first: tuple[UUID, ...]) -> int:
    """How near the first of ``own_first`` that is wanted lies; 0 for none."""
    return next((len(own_first) - i for i, one in enumerate(own_first) if one in wanted), 0)


def is_time_for(terms: Terms, when: When | None) -> bool:
    """Whether the times of a rule include this one. Hours may pass midnight: from 22 to 2."""
    if not terms.asks_when:
        return True
    if when is None:
        return False
    if terms.weekdays and when.business_day.isoweekday() not in terms.weekdays:
        return False
    if terms.month_days and when.business_day.day not in terms.month_days:
        return False
    if terms.hours is None:
        return True
    first, end = terms.hours
    if first < end:
        return first <= when.hour < end
    return when.hour >= first or when.hour < end


@dataclass(frozen=True, slots=True)
class Fitting:
    """The rules that fit a line in a place at a moment, times aside: base rules with the closest
    first, and all that may add to them."""

    bases: tuple[RuleVersion, ...]
    extras: tuple[RuleVersion, ...]

    def base(self, when: When | None) -> RuleVersion | None:
        return next((rule for rule in self.bases if is_time_for(rule.terms, when)), None)


_Key = tuple[UUID, tuple[UUID, ...], UUID | None, int]


@dataclass(slots=True)
class RuleBook:
    """The versions of all earning rules. Remembers what it decided: tills repeat themselves."""

    versions: tuple[RuleVersion, ...]
    _decided: dict[_Key, Fitting] = field(default_factory=dict)
    _by_key: dict[tuple[str, int], RuleVersion] = field(default_factory=dict)
    _changes: list[dt.datetime] = field(default_factory=list)
    _categories: tuple[tuple[UUID, ...], ...] = ()
    _timed: tuple[Terms, ...] = ()
    products: frozenset[UUID] = frozenset()
    """The products that any version names."""
    has_first_purchase: bool = False
    """Whether any version asks for the first purchase; a late fact may take it from another."""

    def __post_init__(self) -> None:
        self._by_key = {(rule.code, rule.version): rule for rule in self.versions}
        moments = {rule.starts_at for rule in self.versions}
        moments |= {rule.ends_at for rule in self.versions if rule.ends_at}
        self._changes = sorted(moments)
        self.has_first_purchase = any(rule.terms.is_first_purchase for rule in self.versions)
        self.products = frozenset(one for rule in self.versions for one in rule.terms.products)
        self._categories = tuple({rule.categories for rule in self.versions if rule.categories})
        self._timed = tuple(rule.terms for rule in self.versions if rule.terms.asks_when)

    def version(self, code: str, version: int) -> RuleVersion:
        return self._by_key[code, version]

    def any_terms(self, at: Iterable[dt.datetime]) -> list[Terms]:
        """The terms of all versions in force at one of these moments."""
        moments = list(at)
        if not moments:
            return []
        first, last = min(moments), max(moments)
        return [
            rule.terms
            for rule in self.versions
            if rule.starts_at <= last and (rule.ends_at is None or first < rule.ends_at)
        ]

    def given_without_receipt(self, kind: Kind, at: dt.datetime) -> list[RuleVersion]:
        return [rule for rule in self.versions if rule.terms.kind is kind and rule.is_in_force(at)]

    def period(self, at: dt.datetime) -> int:
        """A number for the stretch of time in which no rule begins or ends."""
        return bisect_right(self._changes, at)

    def fitting(
        self,
        place: Place,
        category_ids: tuple[UUID, ...],
        product_id: UUID | None,
        at: dt.datetime,
        period: int,
    ) -> Fitting:
        """The rules that a line of these goods falls under; ``period`` is that of ``at``."""
        product = product_id if product_id in self.products else None
        key = (place.store_id, category_ids, product, period)
        found = self._decided.get(key)
        if found is None:
            found = self._decided[key] = self._decide(place, category_ids, product, at)
        return found

    def kind_of_goods(self, category_ids: tuple[UUID, ...]) -> tuple[int, ...]:
        """Goods of two categories of one kind fall under the same rules, at all times and
        everywhere, unless a rule names their product: every rule is equally near to both."""
        return tuple(_nearness(wanted, category_ids) for wanted in self._categories)

    def tells_apart(self, when: When) -> tuple[bool, ...]:
        """Moments that give the same are the same to all rules."""
        return tuple(is_time_for(terms, when) for terms in self._timed)

    def rule_for(
        self,
        place: Place,
        category_ids: tuple[UUID, ...],
        at: dt.datetime,
        when: When | None = None,
    ) -> RuleVersion | None:
        """The base rule that a line falls under at a moment, or None."""
        return self.fitting(place, category_ids, None, at, self.period(at)).base(when)

    def _decide(
        self,
        place: Place,
        category_ids: tuple[UUID, ...],
        product_id: UUID | None,
        at: dt.datetime,
    ) -> Fitting:
        fitting = [
            (fit, rule.code, rule)
            for rule in self.versions
            if rule.terms.kind in RECEIPT_KINDS
            and rule.is_in_force(at)
            and (fit := specificity(rule, place, category_ids, product_id)) is not None
        ]
        fitting.sort(key=lambda entry: entry[:2], reverse=True)
        bases = tuple(rule for _f, _c, rule in fitting if rule.terms.kind in BASE_KINDS)
        extras = [rule for _f, _c, rule in fitting if rule.terms.kind not in BASE_KINDS]
        return Fitting(bases, tuple(sorted(extras, key=lambda rule: rule.code)))
