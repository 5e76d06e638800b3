"""Reads of the programme: rule book, tiers, what was assessed."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.models import EarningRule, Programme, Tier
from mallard.value.loyalty.rules import RuleBook, RuleVersion, Terms, TierLevel, tier_reached
from mallard.value.sales.queries import twelve_months_before
from mallard.world.members.queries import records_of


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """The programme as assessments use it: settings, tiers by rank, rule book."""

    id: UUID
    currency: str
    maturing_days: int
    expiry_months: int
    point_cost_micro: int
    tiers: tuple[TierLevel, ...]
    book: RuleBook

    def tier(self, code: str | None) -> TierLevel | None:
        return next((level for level in self.tiers if level.code == code), None)


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
        tuple(
            TierLevel(t.code, t.rank, t.spend_minor, t.visits, t.bonus_bp)
            for t in Tier.objects.filter(programme=row).order_by("rank")
        ),
        RuleBook(tuple(version_of(rule) for rule in EarningRule.objects.filter(programme=row))),
    )
    _cached = (time.monotonic(), facts)
    return facts


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


PersonDay = tuple[UUID, dt.date]


def tiers_at(
    pairs: Collection[PersonDay],
    facts: ProgrammeFacts,
    *,
    records: Mapping[UUID, tuple[UUID, ...]] | None = None,
) -> dict[PersonDay, TierLevel | None]:
    """The tier of each member at the start of a business day. ``records``: all records of each
    member's person, if the caller has looked them up."""
    ordered = list(dict.fromkeys(pairs))
    if records is None:
        records = records_of({member_id for member_id, _day in ordered})
    windows = twelve_months_before([(records[m], day) for m, day in ordered])
    return {
        pair: tier_reached(facts.tiers, spend_minor=window.spend_minor, visits=window.visits)
        for pair, window in zip(ordered, windows, strict=True)
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands on a day: tier, what counts towards it, and what is missing."""

    tier_code: str | None
    spend_minor: int
    visits: int
    next_tier_code: str | None
    spend_gap_minor: int
    visits_gap: int


def standings(member_ids: Sequence[UUID], *, day: dt.date) -> dict[UUID, Standing]:
    """Each member's standing at the start of ``day``."""
    facts = programme()
    records = records_of(member_ids)
    known = [member_id for member_id in member_ids if member_id in records]
    windows = twelve_months_before([(records[m], day) for m in known])
    found = {}
    for member_id, window in zip(known, windows, strict=True):
        tier = tier_reached(facts.tiers, spend_minor=window.spend_minor, visits=window.visits)
        above = [x for x in facts.tiers if tier is None or x.rank > tier.rank]
        following = min(above, key=lambda level: level.rank) if above else None
        found[member_id] = Standing(
            tier.code if tier else None,
            window.spend_minor,
            window.visits,
            following.code if following else None,
            max(0, following.spend_minor - window.spend_minor) if following else 0,
            max(0, following.visits - window.visits) if following else 0,
        )
    return found


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


def assessments_after(records: Collection[UUID], day: dt.date) -> dict[UUID, AssessmentFacts]:
    """Assessments whose tier the purchases of ``day`` count towards: the 12 months after it."""
    return _latest(
        "WHERE a.member_id = ANY(%s::uuid[]) AND a.business_day > %s"
        " AND a.business_day <= (%s + interval '1 year')::date"
        " ORDER BY a.receipt_id, a.revision DESC",
        [list(records), day, day],
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
