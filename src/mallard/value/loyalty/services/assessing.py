"""The loyalty part of a checkout batch: assess receipts, post what they earn.

``assess_receipts`` and ``reassess_receipts`` run inside the transaction of
``checkout.services``, which holds the members' locks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
from mallard.value.loyalty.queries import (
    AssessmentFacts,
    ProgrammeFacts,
    latest_assessments,
    programme,
    tiers_at,
)
from mallard.value.loyalty.reasons import Reason
from mallard.value.loyalty.rules import (
    Attribution,
    Earning,
    Goods,
    Place,
    TierLevel,
    attribute,
    earn,
)
from mallard.value.loyalty.settings import EXPIRY_MODE, EXPIRY_MONTH
from mallard.value.sales.facts import StoredReceipt
from mallard.value.sales.queries import stored_receipts
from mallard.world.malls.facts import StoreFacts
from mallard.world.malls.queries import store_facts_by_id

SOURCE_KIND = "receipt"


@dataclass(frozen=True, slots=True)
class Assessable:
    """A new receipt as earning sees it. ``bars`` is a reason why it cannot earn at all."""

    receipt_id: UUID
    member_id: UUID | None
    store: StoreFacts
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    business_day: dt.date
    currency: str
    goods: tuple[Goods, ...]
    bars: Reason | None = None


@dataclass(frozen=True, slots=True)
class _Assessed:
    """An earning with what posting it needs."""

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
    before: AssessmentFacts | None = None
    caused_at: dt.datetime | None = None


def assess_receipts(
    receipts: Sequence[Assessable],
    *,
    records: Mapping[UUID, tuple[UUID, ...]],
    actor: Actor,
) -> dict[UUID, Earning]:
    """Assess new receipts and post what they earn; returns the earning of each by its id.

    ``records``: all records of the person behind each member, as they are under their locks.
    """
    facts = programme()
    tiers = tiers_at(
        [(r.member_id, r.business_day) for r in receipts if r.member_id and not r.bars],
        facts,
        records=records,
    )
    assessed = [_assess(r, tiers, facts) for r in receipts]
    _write(assessed)
    _post(assessed, facts, actor=actor)
    return {a.receipt_id: a.earning for a in assessed}


def _assess(
    r: Assessable,
    tiers: dict[tuple[UUID, dt.date], TierLevel | None],
    facts: ProgrammeFacts,
) -> _Assessed:
    tier = None
    reason = r.bars
    if reason is None and r.member_id is None:
        reason = Reason.NO_MEMBER
    if reason is None and r.currency != facts.currency:
        reason = Reason.OTHER_CURRENCY
    if reason is not None or r.member_id is None:
        earning = Earning(reason or Reason.NO_MEMBER)
    else:
        tier = tiers[r.member_id, r.business_day]
        place = Place(r.store.id, r.store.trade_category_ids)
        earning = earn(r.goods, attribute(r.goods, place, r.occurred_at, facts.book), tier)
    return _Assessed(
        r.receipt_id, 1, r.member_id, r.store.mall_id, r.store.tenant_id, r.store,
        r.occurred_at, r.recorded_at, r.business_day, tier, earning,
    )  # fmt: skip


def reassess_receipts(
    receipt_ids: Collection[UUID],
    returned_at: Mapping[UUID, dt.datetime],
    *,
    recorded_at: dt.datetime,
    actor: Actor,
) -> dict[UUID, Earning]:
    """Assess receipts again, after a return or a late fact, and post the differences.

    What remains of the sale is assessed under the rules of the sale (the attribution of lines to
    rules is kept) and the tier that its business day has *now*. Returns the earnings that
    changed, by receipt id. ``returned_at`` says of which receipts goods came back, and when.
    """
    facts = programme()
    before = {
        receipt_id: known
        for receipt_id, known in latest_assessments(receipt_ids).items()
        if known.member_id is not None and known.reason not in _NEVER_EARNS
    }
    receipts = stored_receipts(before)
    stores = store_facts_by_id({r.store_id for r in receipts.values()})
    members = {known.receipt_id: known.member_id for known in before.values() if known.member_id}
    tiers = tiers_at([(members[r.id], r.business_day) for r in receipts.values()], facts)
    changed = []
    for receipt_id, receipt in receipts.items():
        known = before[receipt_id]
        tier = tiers[members[receipt_id], receipt.business_day]
        earning = _earn_again(receipt, known, tier, facts)
        if _differs(known, earning, tier):
            changed.append(
                _Assessed(
                    receipt_id,
                    known.revision + 1,
                    receipt.member_id,
                    receipt.mall_id,
                    receipt.tenant_id,
                    stores[receipt.store_id],
                    receipt.occurred_at,
                    recorded_at,
                    receipt.business_day,
                    tier,
                    earning,
                    known,
                    returned_at.get(receipt_id),
                )
            )
    _write(changed)
    _post(changed, facts, actor=actor)
    return {a.receipt_id: a.earning for a in changed}


_NEVER_EARNS = {Reason.MEMBER_CLOSED, Reason.BEFORE_JOINING, Reason.OTHER_CURRENCY}


def _earn_again(
    receipt: StoredReceipt,
    known: AssessmentFacts,
    tier: TierLevel | None,
    facts: ProgrammeFacts,
) -> Earning:
    attribution: Attribution = {}
    for code, version, line_nos, *_figures in known.explanation:
        rule = facts.book.version(code, version)
        attribution.update(dict.fromkeys(line_nos, rule))
    goods = [
        Goods(line.line_no, line.remaining_minor, (), line.restricted is not None)
        for line in receipt.lines
    ]
    earning = earn(goods, attribution, tier)
    if earning.points == 0 and not any(line.remaining_minor for line in receipt.lines):
        return Earning(Reason.RETURNED, earning.parts)
    return earning


def _differs(known: AssessmentFacts, earning: Earning, tier: TierLevel | None) -> bool:
    return (
        known.tenant_points != earning.tenant_points
        or known.mall_points != earning.mall_points
        or known.reason != earning.reason
        or known.tier_code != (tier.code if tier else None)
    )


def _write(assessed: Sequence[_Assessed]) -> None:
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


def _explanation(a: _Assessed) -> str:
    parts = [
        [p.rule.code, p.rule.version, p.line_nos, p.amount_minor, p.points, p.tenant_points]
        for p in a.earning.parts
    ]
    # A full return leaves no goods to attribute; keep the sale's attribution all the same.
    if not parts and a.before is not None:
        parts = [[*part[:3], 0, 0, 0] for part in a.before.explanation]
    return orjson.dumps(parts).decode()


@dataclass(frozen=True, slots=True)
class _Funding:
    """What one funder bears of a receipt, before and now."""

    kind: FunderKind
    owner_id: UUID
    before: int
    now: int


def _fundings(a: _Assessed) -> tuple[_Funding, _Funding]:
    tenant_before = a.before.tenant_points if a.before else 0
    mall_before = a.before.mall_points if a.before else 0
    return (
        _Funding(FunderKind.TENANT, a.tenant_id, tenant_before, a.earning.tenant_points),
        _Funding(FunderKind.MALL, a.mall_id, mall_before, a.earning.mall_points),
    )


def _post(assessed: Iterable[_Assessed], facts: ProgrammeFacts, *, actor: Actor) -> None:
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


def _key(a: _Assessed, funding: _Funding) -> str:
    return f"receipt:{a.receipt_id}:{a.revision}:{funding.kind.value}"


# A batch asks for the same few days again and again, and zones are slow to ask.
_day_start = lru_cache(maxsize=4_096)(business_day_start)


def _accrual(
    a: _Assessed,
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
    a: _Assessed, member_id: UUID, funding: _Funding, funder_id: UUID, group_id: UUID
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
