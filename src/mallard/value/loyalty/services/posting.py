"""What was decided, written down: assessments, and the differences posted to the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

import orjson

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import business_day_start
from mallard.kernel.database.bulk import copy_rows
from mallard.kernel.ids import uuid7
from mallard.value.ledger.models import FunderKind
from mallard.value.ledger.rules import MAX_BATCH
from mallard.value.ledger.services import (
    Accrual,
    Reversal,
    open_funders,
    open_missing_wallets,
    post_accruals,
    reverse_accruals,
)
from mallard.value.loyalty.expiry import expires_on
from mallard.value.loyalty.queries import AssessmentFacts, ProgrammeFacts
from mallard.value.loyalty.rules import Attribution, Earning, TierLevel
from mallard.value.loyalty.settings import EXPIRY_MODE, EXPIRY_MONTH
from mallard.world.malls.facts import StoreFacts

SOURCE_KIND = "receipt"


@dataclass(frozen=True, slots=True)
class Assessed:
    """An earning with what writing and posting it needs. ``before`` is what it replaces."""

    receipt_id: UUID
    revision: int
    member_id: UUID | None
    mall_id: UUID
    tenant_id: UUID
    store: StoreFacts
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    business_day: dt.date
    tier: TierLevel | None
    earning: Earning
    attribution: Attribution | None = None
    before: AssessmentFacts | None = None
    caused_at: dt.datetime | None = None


def write_assessments(assessed: Sequence[Assessed]) -> None:
    """One row each, all in one statement."""
    now = clock.now()
    copy_rows(
        "loyalty_assessment",
        (
            "receipt_id", "revision", "member_id", "business_day", "tier_code", "reason",
            "tenant_points", "mall_points", "bonus_points", "explanation", "assessed_at",
        ),
        (
            (
                a.receipt_id, a.revision, a.member_id, a.business_day,
                a.tier.code if a.tier else None, a.earning.reason.value, a.earning.tenant_points,
                a.earning.mall_points, a.earning.bonus_points, _explanation(a), now,
            )
            for a in assessed
        ),
    )  # fmt: skip


def _explanation(a: Assessed) -> str:
    return orjson.dumps(explanation_rows(a.earning, a.attribution, a.before)).decode()


def explanation_rows(
    earning: Earning, attribution: Attribution | None, before: AssessmentFacts | None
) -> list[list[object]]:
    """What each rule gives, and every rule that may give something once facts have changed."""
    rows: list[list[object]] = []
    for p in earning.parts:
        row: list[object] = [
            p.rule.code, p.rule.version, p.line_nos, p.amount_minor, p.points, p.tenant_points,
        ]  # fmt: skip
        rows.append([*row, p.wanted] if p.wanted != p.points else row)
    given = {id(part.rule) for part in earning.parts}
    # A full return leaves no goods to attribute; keep the sale's attribution all the same.
    if before is not None and not any(part.is_base for part in earning.parts):
        extras = {(r.code, r.version) for r, _lines in attribution.extras} if attribution else set()
        rows += [
            [*row[:3], 0, 0, 0] for row in before.explanation if (row[0], row[1]) not in extras
        ]
    if attribution is not None:
        rows += [
            [rule.code, rule.version, line_nos, 0, 0, 0]
            for rule, line_nos in attribution.extras
            if id(rule) not in given
        ]
    return rows


@dataclass(frozen=True, slots=True)
class _Funding:
    """What one funder bears of a receipt, before and now."""

    kind: FunderKind
    owner_id: UUID
    before: int
    now: int


def _fundings(a: Assessed) -> tuple[_Funding, _Funding]:
    tenant_before = a.before.tenant_points if a.before else 0
    mall_before = a.before.mall_points if a.before else 0
    return (
        _Funding(FunderKind.TENANT, a.tenant_id, tenant_before, a.earning.tenant_points),
        _Funding(FunderKind.MALL, a.mall_id, mall_before, a.earning.mall_points),
    )


def post_differences(assessed: Iterable[Assessed], facts: ProgrammeFacts, *, actor: Actor) -> None:
    """Post the differences between what was assessed before and now, per funder."""
    changes = [
        (a, a.member_id, funding)
        for a in assessed
        if a.member_id is not None
        for funding in _fundings(a)
        if funding.now != funding.before
    ]
    funders = open_funders({(funding.kind, funding.owner_id) for _a, _m, funding in changes})
    accruals: list[Accrual] = []
    reversals: list[Reversal] = []
    groups: dict[UUID, UUID] = {}
    for a, member_id, funding in changes:
        funder_id = funders[funding.kind, funding.owner_id]
        group_id = groups.setdefault(a.receipt_id, uuid7())
        if funding.now > funding.before:
            accruals.append(_accrual(a, member_id, funding, funder_id, group_id, facts))
        else:
            reversals.append(_reversal(a, member_id, funding, funder_id, group_id))
    open_missing_wallets({accrual.member_id for accrual in accruals})
    for part in _whole_groups(accruals):
        post_accruals(part, actor=actor, members_locked=True)
    for taken in _whole_groups(reversals):
        reverse_accruals(taken, actor=actor, members_locked=True)


Entry = TypeVar("Entry", Accrual, Reversal)


def _whole_groups(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Parts that one call of the ledger takes; the entries of one receipt stay together."""
    start = 0
    while start < len(entries):
        end = min(start + MAX_BATCH, len(entries))
        while end < len(entries) and entries[end].group_id == entries[end - 1].group_id:
            end -= 1
        yield entries[start:end]
        start = end


def _key(a: Assessed, funding: _Funding) -> str:
    return f"receipt:{a.receipt_id}:{a.revision}:{funding.kind.value}"


# A batch asks for the same few days again and again, and zones are slow to ask.
_day_start = lru_cache(maxsize=4_096)(business_day_start)


def _accrual(
    a: Assessed,
    member_id: UUID,
    funding: _Funding,
    funder_id: UUID,
    group_id: UUID,
    facts: ProgrammeFacts,
) -> Accrual:
    zone, cutoff = a.store.zone, a.store.cutoff_hour
    matures_on = a.business_day + dt.timedelta(days=facts.maturing_days)
    last = expires_on(
        a.business_day,
        facts.expiry_months,
        mode=EXPIRY_MODE.value,
        fixed_month=EXPIRY_MONTH.value,
    )
    return Accrual(
        key=_key(a, funding),
        member_id=member_id,
        funder_id=funder_id,
        points=funding.now - funding.before,
        source_kind=SOURCE_KIND,
        source_id=a.receipt_id,
        reason="purchase" if a.before is None else "reassessed",
        occurred_at=a.occurred_at,
        recorded_at=a.recorded_at,
        matures_at=_day_start(matures_on, zone, cutoff),
        expires_at=_day_start(last, zone, cutoff),
        group_id=group_id,
    )


def _reversal(
    a: Assessed, member_id: UUID, funding: _Funding, funder_id: UUID, group_id: UUID
) -> Reversal:
    return Reversal(
        key=_key(a, funding),
        member_id=member_id,
        funder_id=funder_id,
        points=funding.before - funding.now,
        source_kind=SOURCE_KIND,
        source_id=a.receipt_id,
        reason="return" if a.caused_at else "reassessed",
        occurred_at=a.caused_at or a.recorded_at,
        recorded_at=a.recorded_at,
        group_id=group_id,
    )
