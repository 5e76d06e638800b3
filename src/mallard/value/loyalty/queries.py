"""Reads of the programme: rule book, tiers, what was assessed."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from mallard.kernel import clock
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.models import EarningRule, Programme, Tier, TierOverride, TierScheme
from mallard.value.loyalty.rules import RuleBook, RuleVersion, Terms, TierLevel, add_months
from mallard.value.loyalty.rules.schemes import Scheme, Window, scheme_on


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """The programme as assessments use it: settings, rule book, and what tiers take since when.

    ``schemes`` are all versions of the tiers' thresholds, by their start; never empty.
    """

    id: UUID
    currency: str
    maturing_days: int
    expiry_months: int
    point_cost_micro: int
    schemes: tuple[Scheme, ...]
    book: RuleBook
    has_overrides: bool = False

    def tiers_on(self, day: dt.date) -> tuple[TierLevel, ...]:
        """The tiers, lowest first, with what they take on a business day."""
        return scheme_on(self.schemes, day).levels

    @property
    def tiers(self) -> tuple[TierLevel, ...]:
        """The tiers with what they take today."""
        return self.tiers_on(clock.now().date())

    def tier_on(self, code: str | None, day: dt.date) -> TierLevel | None:
        """A tier with what it takes on a business day; None for a code that is no tier."""
        return scheme_on(self.schemes, day).level(code)

    @property
    def reach_months(self) -> int:
        """For how many months a purchase may count towards a tier."""
        is_rolling = all(scheme.window is Window.ROLLING for scheme in self.schemes)
        grace = max(scheme.grace_days for scheme in self.schemes)
        return (12 if is_rolling else 24) + -(-grace // 28)


# Rules take effect at a stated moment, never retroactively: a copy this old decides nothing
# differently unless a rule was set to begin within these seconds.
CACHE_SECONDS = 5.0
_cached: tuple[float, ProgrammeFacts] | None = None


def programme() -> ProgrammeFacts:
    """The group's programme. Raises :class:`NoProgramme` before one is set up."""
    global _cached
    if _cached is not None and time.monotonic() - _cached[0] < CACHE_SECONDS:
        return _cached[1]
    row = Programme.objects.order_by("code").first()
    if row is None:
        raise NoProgramme()
    facts = ProgrammeFacts(
        row.id,
        row.currency,
        row.maturing_days,
        row.expiry_months,
        row.point_cost_micro,
        schemes_of(row),
        RuleBook(tuple(version_of(rule) for rule in EarningRule.objects.filter(programme=row))),
        TierOverride.objects.exists(),
    )
    _cached = (time.monotonic(), facts)
    return facts


ALWAYS = dt.date(1970, 1, 1)


def schemes_of(row: Programme) -> tuple[Scheme, ...]:
    """All versions of what tiers take, by their start. A tier that was added later is in those
    only that name it."""
    tiers = list(Tier.objects.filter(programme=row).order_by("rank"))
    own = tuple(
        TierLevel(t.code, t.rank, t.spend_minor, t.visits, t.bonus_bp)
        for t in tiers
        if t.starts_on is None
    )
    later = [
        Scheme(
            one.starts_on,
            tuple(
                TierLevel(t.code, t.rank, **one.levels[t.code])
                for t in tiers
                if t.code in one.levels
            ),
            Window(one.window),
            one.grace_days,
            one.value_per_minor,
            one.value_per_visit,
        )
        for one in TierScheme.objects.filter(programme=row).order_by("starts_on")
    ]
    return (Scheme(ALWAYS, own), *later)


def version_of(rule: EarningRule) -> RuleVersion:
    """A rule's version as assessments use it."""
    return RuleVersion(
        rule.code, rule.version, rule.starts_at, rule.ends_at, rule.store_id,
        rule.trade_category_id, rule.category_id, rule.points, rule.per_minor,
        rule.tenant_share_bp, Terms.from_json(rule.terms or {}),
    )  # fmt: skip


def forget_programme() -> None:
    """Drop this process's copy of the programme, after a change of it."""
    global _cached
    _cached = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule gave on a receipt, as its assessment wrote it down. ``wanted`` is what it
    would have given without its limits."""

    code: str
    version: int
    line_nos: tuple[int, ...]
    amount_minor: int
    points: int
    tenant_points: int
    wanted: int

    @classmethod
    def of(cls, row: Sequence[Any]) -> Step:
        code, version, line_nos, amount, points, tenant, *more = row
        wanted = more[0] if more else points
        return cls(code, version, tuple(line_nos), amount, points, tenant, wanted)


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """The latest revision of a receipt's assessment."""

    receipt_id: UUID
    revision: int
    member_id: UUID | None
    business_day: dt.date
    tier_code: str | None
    reason: str
    tenant_points: int
    mall_points: int
    bonus_points: int
    explanation: list[list[Any]]

    @property
    def points(self) -> int:
        return self.tenant_points + self.mall_points

    @property
    def steps(self) -> list[Step]:
        """By rule, those included that gave nothing."""
        return [Step.of(row) for row in self.explanation]


_LATEST = """
    SELECT DISTINCT ON (a.receipt_id)
        a.receipt_id, a.revision, a.member_id, a.business_day, a.tier_code, a.reason,
        a.tenant_points, a.mall_points, a.bonus_points, a.explanation::text
    FROM loyalty_assessment a
"""


def latest_assessments(receipt_ids: Collection[UUID]) -> dict[UUID, AssessmentFacts]:
    """What these receipts earn now, after returns and late facts."""
    return _latest(
        "WHERE a.receipt_id = ANY(%s::uuid[]) ORDER BY a.receipt_id, a.revision DESC",
        [list(receipt_ids)],
    )


def assessments_after(
    records: Collection[UUID], day: dt.date, *, months: int
) -> dict[UUID, AssessmentFacts]:
    """Assessments of the days to whose tier the purchases of ``day`` may count: so many months."""
    return _latest(
        "WHERE a.member_id = ANY(%s::uuid[]) AND a.business_day > %s"
        " AND a.business_day <= %s ORDER BY a.receipt_id, a.revision DESC",
        [list(records), day, add_months(day, months) + dt.timedelta(days=1)],
    )


def assessments_of_days(
    records: Collection[UUID], days: Collection[dt.date] | None
) -> dict[UUID, AssessmentFacts]:
    """What these records' receipts of these business days earn now; of all days without any."""
    if days is None:
        return _latest(
            "WHERE a.member_id = ANY(%s::uuid[]) ORDER BY a.receipt_id, a.revision DESC",
            [list(records)],
        )
    return _latest(
        "WHERE a.member_id = ANY(%s::uuid[]) AND a.business_day = ANY(%s::date[])"
        " ORDER BY a.receipt_id, a.revision DESC",
        [list(records), list(days)],
    )


def _latest(condition: str, params: list[Any]) -> dict[UUID, AssessmentFacts]:
    with connection.cursor() as cursor:
        cursor.execute(_LATEST + condition, params)
        return {
            row[0]: AssessmentFacts(*(*row[:9], orjson.loads(row[9]))) for row in cursor.fetchall()
        }


def names_of_rules(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], EarningRule]:
    """The versions of rules that an explanation names."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = EarningRule.objects.filter(code__in={code for code, _version in wanted})
    return {(row.code, row.version): row for row in rows if (row.code, row.version) in wanted}


def tier_names() -> dict[str, str]:
    """The name of each tier in the reader's language, by code."""
    return {tier.code: tier.name for tier in Tier.objects.all()}
