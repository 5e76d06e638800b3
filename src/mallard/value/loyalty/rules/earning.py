"""What a receipt earns under the rules that its lines fall under, and within their limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from mallard.kernel.money import split_by_largest_remainder
from mallard.value.loyalty.reasons import Reason
from mallard.value.loyalty.rules.attribution import Attribution, Goods, budgets_of
from mallard.value.loyalty.rules.terms import (
    BASIS_POINTS,
    POINTS_TENDER,
    Basis,
    Kind,
    Scope,
    Terms,
)
from mallard.value.loyalty.rules.tiers import TierLevel
from mallard.value.loyalty.rules.versions import RuleVersion


@dataclass(frozen=True, slots=True)
class Part:
    """What one rule gives on a receipt. ``points`` are within the rule's limits, ``wanted`` is
    what it would give without them. ``amount_minor`` is the amount that counted; for a multiplier
    the base points that it multiplies."""

    rule: RuleVersion
    line_nos: tuple[int, ...]
    amount_minor: int
    points: int
    tenant_points: int
    wanted: int

    @property
    def is_base(self) -> bool:
        return self.rule.terms.kind in (Kind.AMOUNT, Kind.UNIT)


@dataclass(frozen=True, slots=True)
class Earning:
    """What a receipt earns: by rule, the tier's bonus, and who funds it."""

    reason: Reason
    parts: tuple[Part, ...] = ()
    bonus_points: int = 0

    @property
    def tenant_points(self) -> int:
        return sum(part.tenant_points for part in self.parts)

    @property
    def mall_points(self) -> int:
        own = sum(part.points - part.tenant_points for part in self.parts)
        return own + self.bonus_points

    @property
    def points(self) -> int:
        return self.tenant_points + self.mall_points


@dataclass(slots=True)
class Allowances:
    """What limits leave: used so far per rule and scope, and what budgets have left."""

    used: dict[tuple[str, Scope, Hashable], int] = field(default_factory=dict)
    budgets: dict[str, int] = field(default_factory=dict)

    def most(self, rule: RuleVersion, wanted: int, keys: Mapping[Scope, Hashable]) -> int:
        """How much of ``wanted`` the limits of ``rule`` leave; it counts as used from now on."""
        points = wanted
        for scope, cap in rule.terms.caps:
            used = self.used.get((rule.code, scope, keys[scope]), 0)
            points = min(points, max(0, cap - used))
        codes = budgets_of(rule)
        for code in codes:
            points = min(points, max(0, self.budgets.get(code, 0)))
        for scope, _cap in rule.terms.caps:
            key = (rule.code, scope, keys[scope])
            self.used[key] = self.used.get(key, 0) + points
        for code in codes:
            self.budgets[code] = self.budgets.get(code, 0) - points
        return points


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else an earning depends on: which receipt of whose day it is, and how it was paid."""

    receipt_id: Hashable = None
    mall_id: Hashable = None
    business_day: dt.date | None = None
    is_first: bool = False
    net_minor: int = 0
    tenders: tuple[tuple[str, int], ...] = ()

    @property
    def points_paid(self) -> int:
        """What of the amount was paid with points."""
        return sum(paid for kind, paid in self.tenders if kind == POINTS_TENDER)

    @property
    def is_paid_in_points(self) -> bool:
        return bool(self.tenders) and self.points_paid >= self.net_minor > 0

    def without(self, figure: int, left_out: int) -> int:
        """The share of a figure that falls to the rest of what was paid, rounded down."""
        if not left_out or self.net_minor <= 0:
            return figure
        return figure * max(0, self.net_minor - left_out) // self.net_minor

    def keys(self) -> dict[Scope, Hashable]:
        day = self.business_day
        return {
            Scope.RECEIPT: self.receipt_id,
            Scope.VISIT: (self.mall_id, day),
            Scope.DAY: day,
            Scope.YEAR: day.year if day else None,
            Scope.MEMBER: None,
        }


_NOWHERE = Circumstances()


def earn(
    goods: Sequence[Goods],
    attribution: Attribution,
    tier: TierLevel | None,
    circumstances: Circumstances = _NOWHERE,
    allowances: Allowances | None = None,
) -> Earning:
    """What these goods earn under the rules given, within what ``allowances`` leave.

    Rounding: the amounts under one rule are added before points are counted; points, the part of
    the amount that counts, every multiplier and the tier's bonus are rounded down. Multipliers and
    the tier's bonus are each taken of base points, never of one another. The tenant's share of a
    rule's points is a largest-remainder split; the mall bears the rest and the tier's bonus.
    """
    if circumstances.is_paid_in_points:
        return Earning(Reason.PAID_IN_POINTS)
    by_rule: dict[RuleVersion, list[Goods]] = {}
    base_of = attribution.base
    for line in goods:
        rule = base_of.get(line.line_no)
        if rule is not None and line.amount_minor > 0:
            by_rule.setdefault(rule, []).append(line)
    if not by_rule and not attribution.extras:
        return Earning(_why_nothing(goods))
    limits = _Limits(circumstances, allowances)
    bases = [_base_part(rule, lines, circumstances, limits) for rule, lines in by_rule.items()]
    parts = list(bases)
    for rule, line_nos in attribution.extras:
        part = _extra_part(rule, line_nos, goods, bases, by_rule, tier, circumstances, limits)
        if part is not None:
            parts.append(part)
    base = sum(part.points for part in bases)
    bonus = base * tier.bonus_bp // BASIS_POINTS if tier else 0
    if any(part.points for part in parts):
        return Earning(Reason.EARNED, tuple(parts), bonus)
    return Earning(_why_no_points(goods, parts, by_rule), tuple(parts))


@dataclass(slots=True)
class _Limits:
    """Applies limits only where a rule has some: most have none."""

    circumstances: Circumstances
    allowances: Allowances | None
    _keys: dict[Scope, Hashable] | None = None

    def most(self, rule: RuleVersion, wanted: int) -> int:
        terms = rule.terms
        if not terms.caps and not terms.budget and terms.total_cap is None:
            return wanted
        if self.allowances is None:
            self.allowances = Allowances()
        if self._keys is None:
            self._keys = self.circumstances.keys()
        return self.allowances.most(rule, wanted, self._keys)


def _base_part(
    rule: RuleVersion, lines: Sequence[Goods], circumstances: Circumstances, limits: _Limits
) -> Part:
    amount = amount_that_counts(rule.terms, lines, circumstances)
    wanted = base_points(rule, amount, lines, circumstances)
    points = limits.most(rule, wanted)
    line_nos = tuple(line.line_no for line in lines)
    return Part(rule, line_nos, amount, points, _tenants(rule, points), wanted)


def base_points(
    rule: RuleVersion, amount_minor: int, lines: Sequence[Goods], circumstances: Circumstances
) -> int:
    if rule.terms.kind is Kind.UNIT:
        milli = circumstances.without(
            sum(line.quantity_milli for line in lines), circumstances.points_paid
        )
        return milli // (1_000 * rule.terms.units) * rule.points
    return amount_minor * rule.points // rule.per_minor


def amount_that_counts(terms: Terms, lines: Sequence[Goods], circumstances: Circumstances) -> int:
    """The amount of these lines that earns: by the rule's basis, less what was paid with points or
    by means that do not earn, where the till said how it was paid."""
    amount = sum(line.amount_minor for line in lines)
    if terms.basis is Basis.BEFORE_DISCOUNTS:
        amount += sum(line.discount_minor for line in lines)
    elif terms.basis is Basis.BEFORE_TAX:
        amount = amount * BASIS_POINTS // (BASIS_POINTS + terms.tax_bp)
    if not circumstances.tenders:
        return amount
    left_out = sum(paid for kind, paid in circumstances.tenders if kind in terms.tenders_left_out)
    return circumstances.without(amount, left_out + circumstances.points_paid)


def _extra_part(
    rule: RuleVersion,
    line_nos: tuple[int, ...],
    goods: Sequence[Goods],
    bases: Sequence[Part],
    by_rule: Mapping[RuleVersion, Sequence[Goods]],
    tier: TierLevel | None,
    circumstances: Circumstances,
    limits: _Limits,
) -> Part | None:
    """What is added; None where the rule is for another tier or what it is for came back."""
    terms = rule.terms
    if terms.tiers and (tier is None or tier.code not in terms.tiers):
        return None
    if terms.is_first_purchase and not circumstances.is_first:
        return None
    covered = set(line_nos)
    if not any(line.amount_minor > 0 for line in goods if line.line_no in covered):
        return None
    if terms.kind is Kind.AWARD:
        wanted, of = rule.points, 0
    else:
        of = sum(_covered_base(part, by_rule[part.rule], covered, circumstances) for part in bases)
        wanted = of * (terms.factor_bp - BASIS_POINTS) // BASIS_POINTS
    points = limits.most(rule, wanted)
    return Part(rule, line_nos, of, points, _tenants(rule, points), wanted)


def _covered_base(
    part: Part, lines: Sequence[Goods], covered: set[int], circumstances: Circumstances
) -> int:
    """The base points of those lines of a part that a multiplier covers."""
    within = [line for line in lines if line.line_no in covered]
    if len(within) == len(lines):
        return part.points
    amount = amount_that_counts(part.rule.terms, within, circumstances)
    return min(part.points, base_points(part.rule, amount, within, circumstances))


def _tenants(rule: RuleVersion, points: int) -> int:
    share = rule.tenant_share_bp
    if share == BASIS_POINTS:
        return points
    return split_by_largest_remainder(points, (share, BASIS_POINTS - share))[0]


def _why_nothing(goods: Sequence[Goods]) -> Reason:
    paid = [line for line in goods if line.amount_minor > 0]
    if not paid:
        return Reason.NOTHING_PAID
    if all(line.is_restricted for line in paid):
        return Reason.RESTRICTED
    return Reason.NO_RULE


def _why_no_points(
    goods: Sequence[Goods], parts: Sequence[Part], by_rule: Collection[RuleVersion]
) -> Reason:
    if any(part.wanted for part in parts):
        return Reason.LIMIT_REACHED
    if not by_rule:
        return _why_nothing(goods)
    return Reason.BELOW_ONE_POINT if any(rule.points for rule in by_rule) else Reason.NO_RULE


@dataclass(frozen=True, slots=True)
class Link:
    """A receipt among the others of its person. ``order`` is when it happened, then the store and
    the number: the same whatever the order in which receipts arrive."""

    order: tuple[dt.datetime, str, str]
    goods: Sequence[Goods]
    attribution: Attribution
    tier: TierLevel | None
    circumstances: Circumstances
    budgeted: Mapping[str, int] = field(default_factory=dict)
    """What it was given from budgets before; it may keep it."""


def earn_in_order(links: Collection[Link], budgets: dict[str, int]) -> dict[Hashable, Earning]:
    """What each receipt of one person earns, by its id, within limits that they share.

    ``links`` are all receipts that count towards these limits. ``budgets`` is what budgets have
    left, and is used up.
    """
    allowances = Allowances(budgets=budgets)
    found = {}
    for link in sorted(links, key=lambda one: one.order):
        for code, points in link.budgeted.items():
            budgets[code] = budgets.get(code, 0) + points
        found[link.circumstances.receipt_id] = earn(
            link.goods, link.attribution, link.tier, link.circumstances, allowances
        )
    return found
