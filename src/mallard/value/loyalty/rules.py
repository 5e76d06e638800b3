"""Pure decisions: which rule a line falls under, what a receipt earns, which tier a day gives.

Earning depends on the receipt, the rules at its time and the tier at the start of its business
day, and on nothing else. That is why the order in which facts arrive does not matter.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from mallard.kernel.money import split_by_largest_remainder
from mallard.value.loyalty.reasons import Reason

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """An earning rule as it stands for a period: ``points`` for every ``per_minor`` spent."""

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

    def is_in_force(self, at: dt.datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class TierLevel:
    code: str
    rank: int
    spend_minor: int
    visits: int
    bonus_bp: int


@dataclass(frozen=True, slots=True)
class Goods:
    """A line as earning sees it: ``amount_minor`` is what is left of it after returns."""

    line_no: int
    amount_minor: int
    category_ids: tuple[UUID, ...]
    is_restricted: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a receipt was made: its own trade category first, then the parent."""

    store_id: UUID
    trade_category_ids: tuple[UUID, ...]


def specificity(
    rule: RuleVersion, place: Place, category_ids: tuple[UUID, ...]
) -> tuple[int, int, int] | None:
    """How closely a rule fits a line; None when it does not match.

    A product category beats a store, a store beats a trade category, and a nearer category beats
    its ancestor. ``category_ids`` start with the product's own category.
    """
    near_category = near_trade = 0
    if rule.category_id is not None:
        if rule.category_id not in category_ids:
            return None
        near_category = len(category_ids) - category_ids.index(rule.category_id)
    if rule.store_id is not None and rule.store_id != place.store_id:
        return None
    if rule.trade_category_id is not None:
        if rule.trade_category_id not in place.trade_category_ids:
            return None
        near_trade = len(place.trade_category_ids) - place.trade_category_ids.index(
            rule.trade_category_id
        )
    return near_category, int(rule.store_id is not None), near_trade


@dataclass(slots=True)
class RuleBook:
    """The versions of all earning rules. Remembers what it decided: tills repeat themselves."""

    versions: tuple[RuleVersion, ...]
    _decided: dict[tuple[UUID, tuple[UUID, ...], int], RuleVersion | None] = field(
        default_factory=dict
    )
    _by_key: dict[tuple[str, int], RuleVersion] = field(default_factory=dict)
    _changes: list[dt.datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._by_key = {(rule.code, rule.version): rule for rule in self.versions}
        moments = {rule.starts_at for rule in self.versions}
        moments |= {rule.ends_at for rule in self.versions if rule.ends_at}
        self._changes = sorted(moments)

    def version(self, code: str, version: int) -> RuleVersion:
        return self._by_key[code, version]

    def rule_for(
        self, place: Place, category_ids: tuple[UUID, ...], at: dt.datetime
    ) -> RuleVersion | None:
        """The rule that a line falls under at a moment, or None."""
        period = sum(moment <= at for moment in self._changes)
        key = (place.store_id, category_ids, period)
        if key not in self._decided:
            self._decided[key] = self._decide(place, category_ids, at)
        return self._decided[key]

    def _decide(
        self, place: Place, category_ids: tuple[UUID, ...], at: dt.datetime
    ) -> RuleVersion | None:
        fitting = [
            (fit, rule.code, rule)
            for rule in self.versions
            if rule.is_in_force(at) and (fit := specificity(rule, place, category_ids)) is not None
        ]
        return max(fitting, key=lambda entry: entry[:2])[2] if fitting else None


@dataclass(frozen=True, slots=True)
class Part:
    """What one rule gives for its lines of a receipt."""

    rule: RuleVersion
    line_nos: tuple[int, ...]
    amount_minor: int
    points: int
    tenant_points: int


@dataclass(frozen=True, slots=True)
class Earning:
    """What a receipt earns: base by rule, tier bonus, and who funds it."""

    reason: Reason
    parts: tuple[Part, ...] = ()
    bonus_points: int = 0

    @property
    def tenant_points(self) -> int:
        return sum(part.tenant_points for part in self.parts)

    @property
    def mall_points(self) -> int:
        base = sum(part.points - part.tenant_points for part in self.parts)
        return base + self.bonus_points

    @property
    def points(self) -> int:
        return self.tenant_points + self.mall_points


Attribution = dict[int, RuleVersion]


def attribute(goods: Sequence[Goods], place: Place, at: dt.datetime, book: RuleBook) -> Attribution:
    """The rule of each line that may earn. Restricted goods never do."""
    rules: Attribution = {}
    for line in goods:
        if not line.is_restricted:
            rule = book.rule_for(place, line.category_ids, at)
            if rule is not None:
                rules[line.line_no] = rule
    return rules


def earn(goods: Sequence[Goods], attribution: Attribution, tier: TierLevel | None) -> Earning:
    """What these goods earn under the rules given.

    Rounding: the amounts under one rule are added before points are counted, and points and
    bonus are rounded down. The tenant's share of base points is a largest-remainder split; the
    mall bears the rest and the bonus.
    """
    by_rule: dict[RuleVersion, list[Goods]] = {}
    for line in goods:
        rule = attribution.get(line.line_no)
        if rule is not None and line.amount_minor > 0:
            by_rule.setdefault(rule, []).append(line)
    if not by_rule:
        return Earning(_why_nothing(goods, attribution))
    parts = tuple(_part(rule, lines) for rule, lines in by_rule.items())
    base = sum(part.points for part in parts)
    if base == 0:
        reason = Reason.BELOW_ONE_POINT if any(r.points for r in by_rule) else Reason.NO_RULE
        return Earning(reason, parts)
    bonus = base * tier.bonus_bp // BASIS_POINTS if tier else 0
    return Earning(Reason.EARNED, parts, bonus)


def _part(rule: RuleVersion, lines: Sequence[Goods]) -> Part:
    amount = sum(line.amount_minor for line in lines)
    points = amount * rule.points // rule.per_minor
    share = rule.tenant_share_bp
    tenant_points = (
        points
        if share == BASIS_POINTS
        else split_by_largest_remainder(points, (share, BASIS_POINTS - share))[0]
    )
    return Part(rule, tuple(line.line_no for line in lines), amount, points, tenant_points)


def _why_nothing(goods: Sequence[Goods], attribution: Attribution) -> Reason:
    paid = [line for line in goods if line.amount_minor > 0]
    if not paid:
        return Reason.NOTHING_PAID
    if all(line.is_restricted for line in paid):
        return Reason.RESTRICTED
    return Reason.NO_RULE


def tier_reached(levels: Sequence[TierLevel], *, spend_minor: int, visits: int) -> TierLevel | None:
    """The highest tier whose spend and visits are both reached."""
    reached = [x for x in levels if spend_minor >= x.spend_minor and visits >= x.visits]
    return max(reached, key=lambda level: level.rank) if reached else None


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later; the month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
