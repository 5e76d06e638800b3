"""Setting up the programme, and its earning rules from a moment on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.loyalty.errors import (
    NoProgramme,
    ProgrammeExists,
    ProgrammeIsTheGroups,
    RuleChangesThePast,
)
from mallard.value.loyalty.models import Assessment, EarningRule, Programme, Tier
from mallard.value.loyalty.queries import CACHE_SECONDS, forget_programme

KNOWN_EVERYWHERE = dt.timedelta(seconds=2 * CACHE_SECONDS)
"""Every process reads the rules again within `CACHE_SECONDS`; a rule begins after that."""


@dataclass(frozen=True, slots=True)
class TierInput:
    """A tier as it is set up; names in both languages."""

    code: str
    name_en: str
    name_zh: str
    spend_minor: int
    visits: int
    bonus_bp: int


@dataclass(frozen=True, slots=True)
class EarningRuleInput:
    """An earning rule as it is set up: ``points`` for every ``per_minor`` spent.

    Without ``starts_at`` it is in force as soon as every process can know of it.
    """

    code: str
    name_en: str
    name_zh: str
    points: int
    per_minor: int
    tenant_share_bp: int
    starts_at: dt.datetime | None
    store_id: UUID | None = None
    trade_category_id: UUID | None = None
    category_id: UUID | None = None


@atomic_retrying
def set_up_programme(
    *,
    code: str,
    name_en: str,
    name_zh: str,
    currency: str,
    maturing_days: int,
    expiry_months: int,
    point_cost_micro: int,
    tiers: Sequence[TierInput],
    actor: Actor,
) -> Programme:
    """Set up the group's programme with its tiers, lowest first. Raises :class:`Conflict` when
    there is one already."""
    if Programme.objects.exists():
        raise ProgrammeExists()
    row = Programme.objects.create(
        code=code,
        name_en=name_en,
        name_zh=name_zh,
        currency=currency,
        maturing_days=maturing_days,
        expiry_months=expiry_months,
        point_cost_micro=point_cost_micro,
    )
    Tier.objects.bulk_create(
        Tier(
            programme=row,
            code=tier.code,
            name_en=tier.name_en,
            name_zh=tier.name_zh,
            rank=rank,
            spend_minor=tier.spend_minor,
            visits=tier.visits,
            bonus_bp=tier.bonus_bp,
        )
        for rank, tier in enumerate(tiers, start=1)
    )
    record(actor, "loyalty.set_up_programme", "programme", row.id, after={"code": code})
    forget_programme()
    return row


def require_whole_group(actor: Actor) -> None:
    """Points earned in one mall are spent in another, so no single mall sets what they cost."""
    if not actor.scope.is_group:
        raise ProgrammeIsTheGroups()


@atomic_retrying
def set_earning_rule(given: EarningRuleInput, *, actor: Actor) -> EarningRule:
    """Set a rule from a moment on: the first version of its code, or the next one.

    The version before ends at that moment. Raises :class:`RuleChangesThePast` when receipts of
    that moment or later were already assessed: what was promised at the till stays.
    """
    parent = Programme.objects.select_for_update().order_by("code").first()
    if parent is None:
        raise NoProgramme()
    earliest = clock.now() + KNOWN_EVERYWHERE
    starts_at = given.starts_at or earliest
    if starts_at < earliest and _is_assessed_since(starts_at):
        raise RuleChangesThePast()
    earlier = EarningRule.objects.filter(programme=parent, code=given.code).order_by("-version")
    last = earlier.first()
    if last is not None:
        if last.starts_at >= starts_at:
            raise RuleChangesThePast()
        last.ends_at = starts_at
        last.save(update_fields=["ends_at"])
    row = EarningRule.objects.create(
        programme=parent,
        code=given.code,
        version=last.version + 1 if last else 1,
        name_en=given.name_en,
        name_zh=given.name_zh,
        starts_at=starts_at,
        store_id=given.store_id,
        trade_category_id=given.trade_category_id,
        category_id=given.category_id,
        points=given.points,
        per_minor=given.per_minor,
        tenant_share_bp=given.tenant_share_bp,
    )
    record(
        actor,
        "loyalty.set_earning_rule",
        "earning_rule",
        row.id,
        after={"code": row.code, "version": row.version, "points": row.points},
    )
    forget_programme()
    return row


def _is_assessed_since(moment: dt.datetime) -> bool:
    """Whether a receipt of that day or later was assessed. By the day: zones differ by less."""
    day = moment.date() - dt.timedelta(days=1)
    return Assessment.objects.filter(business_day__gte=day).exists()
