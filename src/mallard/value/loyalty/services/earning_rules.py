"""Setting an earning rule from a moment on, ending one, and the budgets that limit them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.loyalty.errors import (
    BudgetCodeTaken,
    BudgetIsSpent,
    NoProgramme,
    NoSuchRule,
    NoSuchSegment,
    NoSuchTier,
    RuleChangesThePast,
    RuleMakesNoSense,
    SegmentsNotAvailable,
)
from mallard.value.loyalty.models import (
    Assessment,
    EarningRule,
    PointsBudget,
    Programme,
    Tier,
)
from mallard.value.loyalty.queries import CACHE_SECONDS, forget_programme
from mallard.value.loyalty.rules import Kind, Terms
from mallard.value.loyalty.rules.attribution import own_budget
from mallard.value.loyalty.segments import known_segments
from mallard.value.loyalty.services.programme import EarningRuleInput

KNOWN_EVERYWHERE = dt.timedelta(seconds=2 * CACHE_SECONDS)
"""Every process reads the rules again within `CACHE_SECONDS`; a rule begins after that."""


@atomic_retrying
def set_earning_rule(given: EarningRuleInput, *, actor: Actor) -> EarningRule:
    """Set a rule from a moment on: the first version of its code, or the next one.

    The version before ends at that moment. Raises :class:`RuleChangesThePast` when receipts of
    that moment or later were already assessed: what was promised at the till stays.
    """
    parent = _locked_programme()
    check_terms(given.terms, parent)
    earliest = clock.now() + KNOWN_EVERYWHERE
    starts_at = given.starts_at or earliest
    if starts_at < earliest and _is_assessed_since(starts_at):
        raise RuleChangesThePast()
    if given.ends_at is not None and given.ends_at <= starts_at:
        raise RuleMakesNoSense(fields={"ends_at": RuleMakesNoSense.ends_first})
    last = (
        EarningRule.objects.filter(programme=parent, code=given.code).order_by("-version").first()
    )
    if last is not None:
        if last.starts_at >= starts_at:
            raise RuleChangesThePast()
        if last.ends_at is None or last.ends_at > starts_at:
            last.ends_at = starts_at
            last.save(update_fields=["ends_at"])
    row = EarningRule.objects.create(
        programme=parent,
        code=given.code,
        version=last.version + 1 if last else 1,
        name_en=given.name_en,
        name_zh=given.name_zh,
        starts_at=starts_at,
        ends_at=given.ends_at,
        store_id=given.store_id,
        trade_category_id=given.trade_category_id,
        category_id=given.category_id,
        points=given.points,
        per_minor=given.per_minor,
        tenant_share_bp=given.tenant_share_bp,
        terms=given.terms.to_json(),
    )
    if given.terms.total_cap is not None:
        _limit_total(row, given.terms.total_cap, parent)
    record(
        actor,
        "loyalty.set_earning_rule",
        "earning_rule",
        row.id,
        after={
            "code": row.code,
            "version": row.version,
            "points": row.points,
            "per_minor": row.per_minor,
            "tenant_share_bp": row.tenant_share_bp,
            "terms": row.terms,
            "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat() if row.ends_at else None,
        },
    )
    forget_programme()
    return row


@atomic_retrying
def end_earning_rule(code: str, *, at: dt.datetime | None, actor: Actor) -> EarningRule:
    """End a rule at a moment, or as soon as every process can know of it.

    What began never changes but for its end. Raises :class:`NoSuchRule`, and
    :class:`RuleChangesThePast` for a moment that has passed or where it has ended already.
    """
    parent = _locked_programme()
    row = EarningRule.objects.filter(programme=parent, code=code).order_by("-version").first()
    if row is None:
        raise NoSuchRule()
    earliest = clock.now() + KNOWN_EVERYWHERE
    ends_at = at or max(earliest, row.starts_at + dt.timedelta(seconds=1))
    is_over = row.ends_at is not None and row.ends_at <= earliest
    if is_over or ends_at < earliest or ends_at <= row.starts_at:
        raise RuleChangesThePast()
    before = row.ends_at
    row.ends_at = ends_at
    row.save(update_fields=["ends_at"])
    record(
        actor,
        "loyalty.end_earning_rule",
        "earning_rule",
        row.id,
        before={"ends_at": before.isoformat() if before else None},
        after={"code": row.code, "version": row.version, "ends_at": ends_at.isoformat()},
    )
    forget_programme()
    return row


@dataclass(frozen=True, slots=True)
class BudgetInput:
    """A budget that several rules share; names in both languages."""

    code: str
    name_en: str
    name_zh: str
    limit_points: int


@atomic_retrying
def set_points_budget(given: BudgetInput, *, actor: Actor) -> PointsBudget:
    """Set up a budget, or give it another limit. Raises :class:`BudgetIsSpent` where more than
    the new limit was given already."""
    parent = _locked_programme()
    if given.code.startswith(own_budget("")):
        raise BudgetCodeTaken()
    row = PointsBudget.objects.select_for_update().filter(code=given.code).first()
    before = {"limit_points": row.limit_points} if row else None
    row = _save_budget(row, given, parent)
    record(
        actor,
        "loyalty.set_points_budget",
        "points_budget",
        row.id,
        before=before,
        after={"code": row.code, "limit_points": row.limit_points},
    )
    return row


def _save_budget(
    row: PointsBudget | None, given: BudgetInput, programme: Programme
) -> PointsBudget:
    if row is None:
        row = PointsBudget(programme=programme, code=given.code)
    if row.used_points > given.limit_points:
        raise BudgetIsSpent(used=row.used_points)
    row.name_en, row.name_zh = given.name_en, given.name_zh
    row.limit_points = given.limit_points
    row.save()
    return row


def _limit_total(rule: EarningRule, most: int, programme: Programme) -> None:
    code = own_budget(rule.code)
    row = PointsBudget.objects.select_for_update().filter(code=code).first()
    _save_budget(row, BudgetInput(code, rule.name_en, rule.name_zh, most), programme)


def check_terms(terms: Terms, programme: Programme) -> None:
    """Refuse terms that name what is not there."""
    if terms.segment:
        segments = known_segments()
        if not segments:
            raise SegmentsNotAvailable()
        if terms.segment not in segments:
            raise NoSuchSegment()
    if terms.tiers:
        known = set(Tier.objects.filter(programme=programme).values_list("code", flat=True))
        if not set(terms.tiers) <= known:
            raise NoSuchTier()
    if terms.budget and not PointsBudget.objects.filter(code=terms.budget).exists():
        raise RuleMakesNoSense(fields={"budget": RuleMakesNoSense.no_budget})
    if terms.kind is Kind.AWARD and not terms.caps and not terms.is_first_purchase:
        # A fixed number on every receipt, without end, invites the splitting of receipts.
        raise RuleMakesNoSense(fields={"once": RuleMakesNoSense.award_needs_a_limit})


def _locked_programme() -> Programme:
    parent = Programme.objects.select_for_update().order_by("code").first()
    if parent is None:
        raise NoProgramme()
    return parent


def _is_assessed_since(moment: dt.datetime) -> bool:
    """Whether a receipt of that day or later was assessed. By the day: zones differ by less."""
    day = moment.date() - dt.timedelta(days=1)
    return Assessment.objects.filter(business_day__gte=day).exists()
