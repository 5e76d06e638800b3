"""A member's tier over the API: where they stand, what is missing, what they are entitled to."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.value.loyalty.permissions import VIEW_PROGRAMME
from mallard.value.loyalty.standing import benefits_of, standings, tier_history
from mallard.value.loyalty.tier_api import router as tier_router
from mallard.world.members.queries import visible_member

router = Router(tags=["loyalty"])
router.add_router("", tier_router)


class BenefitOut(Schema):
    kind: str
    name_en: str
    name_zh: str
    amount: int | None = Field(description="By its kind; parking: hours a month.")


class TierChangeOut(Schema):
    """A change at the start of a business day. `cause` is a code for why."""

    day: dt.date
    before: str | None
    tier: str | None
    cause: str


class TierStandingOut(Schema):
    """Where a member stands today. Gaps are to `next_tier`; all of them must be closed.
    `falls_on` is when the tier becomes `falls_to` unless more is bought; the `keep_` figures are
    what has to be bought before that day to keep it, null where that is not known."""

    tier: str | None
    next_tier: str | None
    spend_minor: int | None
    visits: int | None
    qualifying_value: int | None
    spend_gap_minor: int | None
    visits_gap: int | None
    qualifying_value_gap: int | None
    falls_on: dt.date | None
    falls_to: str | None
    falls_soon: bool | None = Field(description="Whether it is time to warn, as the setting says.")
    keep_spend_minor: int | None
    keep_visits: int | None
    keep_qualifying_value: int | None
    benefits: list[BenefitOut]
    history: list[TierChangeOut]


@router.get("/members/{member_id}/tier", response=TierStandingOut, summary="Get a member's tier")
@requires(VIEW_PROGRAMME)
def get_member_tier(request: HttpRequest, member_id: UUID) -> TierStandingOut:
    """Tier, what counts towards it, what is missing to the next, benefits, and history. A tenant
    learns the tier and the benefits only: what is bought elsewhere is not theirs to know."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    today = clock.now().date()
    found = standings([member.id], day=today)[member.id]
    is_whole = bool(actor.scope.is_group or actor.scope.mall_ids)
    benefits = benefits_of(member.id, found.tier_code)
    history = tier_history(member.id, until=today) if is_whole else []
    keep = found.keep if is_whole else None
    return TierStandingOut(
        tier=found.tier_code,
        next_tier=found.next_tier_code if is_whole else None,
        spend_minor=found.spend_minor if is_whole else None,
        visits=found.visits if is_whole else None,
        qualifying_value=found.value if is_whole else None,
        spend_gap_minor=found.spend_gap_minor if is_whole else None,
        visits_gap=found.visits_gap if is_whole else None,
        qualifying_value_gap=found.value_gap if is_whole else None,
        falls_on=found.falls_on if is_whole else None,
        falls_to=found.falls_to if is_whole else None,
        falls_soon=found.falls_soon if is_whole else None,
        keep_spend_minor=keep.spend_minor if keep else None,
        keep_visits=keep.visits if keep else None,
        keep_qualifying_value=keep.value if keep else None,
        benefits=[
            BenefitOut(kind=b.kind, name_en=b.name_en, name_zh=b.name_zh, amount=b.amount)
            for b in benefits
        ],
        history=[
            TierChangeOut(day=one.day, before=one.was, tier=one.now, cause=one.cause)
            for one in history
        ],
    )
