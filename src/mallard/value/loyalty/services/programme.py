"""Setting up the programme, and what an earning rule is set up with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.loyalty.errors import (
    NoProgramme,
    ProgrammeExists,
    ProgrammeIsTheGroups,
)
from mallard.value.loyalty.models import Programme, Tier
from mallard.value.loyalty.queries import forget_programme
from mallard.value.loyalty.rules import PLAIN, Terms


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
    terms: Terms = PLAIN
    ends_at: dt.datetime | None = None


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
    require_whole_group(actor)
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


@atomic_retrying
def change_programme(
    *,
    name_en: str,
    name_zh: str,
    maturing_days: int,
    expiry_months: int,
    point_cost_micro: int,
    actor: Actor,
) -> Programme:
    """Change what the programme is called, how its points live from now on, and what one costs.
    Points that members have keep their days. Raises `NoProgramme`."""
    require_whole_group(actor)
    row = Programme.objects.select_for_update().first()
    if row is None:
        raise NoProgramme()
    before = _terms(row)
    row.name_en, row.name_zh = name_en, name_zh
    row.maturing_days, row.expiry_months = maturing_days, expiry_months
    row.point_cost_micro = point_cost_micro
    row.save(update_fields=list(before))
    record(actor, "loyalty.change_programme", "programme", row.id, before=before, after=_terms(row))
    forget_programme()
    return row


def _terms(row: Programme) -> dict[str, Any]:
    return {
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "maturing_days": row.maturing_days,
        "expiry_months": row.expiry_months,
        "point_cost_micro": row.point_cost_micro,
    }


def require_whole_group(actor: Actor) -> None:
    """Points earned in one mall are spent in another, so no single mall sets what they cost."""
    if not actor.scope.is_group:
        raise ProgrammeIsTheGroups()
