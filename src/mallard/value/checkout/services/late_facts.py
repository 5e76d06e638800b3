"""Facts that arrive late change what was assessed before: which receipts, and assessing again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.value.checkout.services.till import Persons
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.queries import assessments_after, programme
from mallard.value.loyalty.rules import Earning
from mallard.value.loyalty.services import Budgets, reassess_receipts
from mallard.value.loyalty.standing import tiers_at


def earliest_days(
    bought: Sequence[tuple[UUID | None, dt.date]],
) -> dict[UUID, dt.date]:
    earliest: dict[UUID, dt.date] = {}
    for member_id, day in bought:
        if member_id is not None and day < earliest.get(member_id, dt.date.max):
            earliest[member_id] = day
    return earliest


def touched_later(
    changed_days: dict[UUID, dt.date], last_days: dict[UUID, dt.date], persons: Persons
) -> set[UUID]:
    """Receipts whose tier is another one now that an earlier day has changed."""
    try:
        facts = programme()
    except NoProgramme:
        return set()
    pairs: dict[UUID, tuple[UUID, dt.date, str | None]] = {}
    for member_id, day in changed_days.items():
        records = persons[member_id]
        latest = max((last_days[r] for r in records if r in last_days), default=dt.date.min)
        if latest <= day:
            continue
        for receipt_id, known in assessments_after(records, day, months=facts.reach_months).items():
            if known.member_id is not None:
                pairs[receipt_id] = (known.member_id, known.business_day, known.tier_code)
    if not pairs:
        return set()
    tiers = tiers_at([(m, day) for m, day, _code in pairs.values()], facts)
    touched = set()
    for receipt_id, (member_id, day, code) in pairs.items():
        tier = tiers[member_id, day]
        if (tier.code if tier else None) != code:
            touched.add(receipt_id)
    return touched


def reassess(
    receipt_ids: Collection[UUID],
    returned_at: Mapping[UUID, dt.datetime],
    now: dt.datetime,
    budgets: Budgets,
    *,
    actor: Actor,
) -> dict[UUID, Earning]:
    return reassess_receipts(
        receipt_ids, returned_at, recorded_at=now, budgets=budgets, actor=actor
    )
