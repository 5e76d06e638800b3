"""The tiers that there are, over the API: read, added, renamed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import StringConstraints

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.kernel.http.idempotency import idempotent
from mallard.value.loyalty.models import BenefitKind, Tier
from mallard.value.loyalty.permissions import EDIT_PROGRAMME, VIEW_PROGRAMME
from mallard.value.loyalty.programme_forms import CODE_LENGTH
from mallard.value.loyalty.queries import ALWAYS, programme
from mallard.value.loyalty.rules.schemes import Scheme, Window
from mallard.value.loyalty.services import BenefitInput, NewTier, add_tier, rename_tier

router = Router(tags=["loyalty"])

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=CODE_LENGTH)]
MAX_MINOR = 10**11
MAX_VALUE = 10**9


class TierBenefitOut(Schema):
    kind: BenefitKind
    name_en: str
    name_zh: str
    amount: int | None = Field(description="By its kind; parking: hours a month.")


class TierOut(Schema):
    """A tier with its name of today and its figures in the version of the thresholds told."""

    code: str = Field(examples=["gold"])
    rank: int = Field(description="1 is the lowest.")
    name_en: str
    name_zh: str
    begins_on: dt.date | None = Field(description="First business day of a tier added later.")
    renamed_on: dt.date | None = Field(description="When the coming name holds.")
    coming_name_en: str
    coming_name_zh: str
    benefits: list[TierBenefitOut]


class TierLevelOut(Schema):
    code: str
    spend_minor: int
    visits: int
    qualifying_value: int
    bonus_bp: int = Field(description="Added to base points, in basis points: 5000 is half.")
    by_invitation: bool


class ThresholdsOut(Schema):
    """One version of what tiers take, from a business day on until the next."""

    starts_on: dt.date | None = Field(description="Nothing: since the programme began.")
    window: Window
    grace_days: int
    value_per_minor: int = Field(description="Minor units for one of qualifying value; 0: none.")
    value_per_visit: int
    levels: list[TierLevelOut] = Field(description="Lowest first.")


class TiersOut(Schema):
    """The tiers, and what they take: the version in force first, then those that are to come."""

    currency: str
    tiers: list[TierOut] = Field(description="Lowest first, those that have not begun among them.")
    thresholds: list[ThresholdsOut]


class TierBenefitIn(Body):
    kind: BenefitKind
    name_en: Name
    name_zh: Name
    amount: int | None = Field(None, ge=0, le=10_000)


class NewTierIn(Body):
    code: Code = Field(description="Machines know the tier by it; it stays.")
    name_en: Name
    name_zh: Name
    begins_on: dt.date = Field(description="A business day, the day after tomorrow or later.")
    above: str = Field(
        "", max_length=CODE_LENGTH, description="The tier right below it; empty: it is the lowest."
    )
    spend_minor: int = Field(0, ge=0, le=MAX_MINOR)
    visits: int = Field(0, ge=0, le=10_000)
    qualifying_value: int = Field(0, ge=0, le=MAX_VALUE)
    bonus_bp: int = Field(0, ge=0, le=100_000)
    by_invitation: bool = False
    benefits: list[TierBenefitIn] = Field([], max_length=20)


class TierNameIn(Body):
    name_en: Name
    name_zh: Name
    renamed_on: dt.date | None = Field(None, description="Today where nothing is said.")


@router.get("/tiers", response=TiersOut, summary="Tiers and what they take")
@requires(VIEW_PROGRAMME)
def list_tiers(request: HttpRequest) -> TiersOut:
    """Every tier with its benefits, and the thresholds of today and of later days."""
    facts = programme()
    today = clock.now().date()
    in_force = [one for one in facts.schemes if one.starts_on <= today][-1:]
    coming = [one for one in facts.schemes if one.starts_on > today]
    rows = Tier.objects.filter(programme_id=facts.id).order_by("rank")
    return TiersOut(
        currency=facts.currency,
        tiers=[_tier_out(row, today) for row in rows.prefetch_related("benefits")],
        thresholds=[_thresholds_out(one) for one in (*in_force, *coming)],
    )


@router.post(
    "/tiers",
    response={201: TierOut},
    summary="Add a tier",
    openapi_extra=examples(
        en={
            "code": "pearl",
            "name_en": "Pearl",
            "name_zh": "珍珠卡",
            "begins_on": "2027-01-01",
            "above": "silver",
            "spend_minor": 800_000,
            "visits": 6,
            "bonus_bp": 5_000,
        },
        zh={
            "code": "black",
            "name_en": "Black",
            "name_zh": "黑金卡",
            "begins_on": "2027-01-01",
            "above": "gold",
            "by_invitation": True,
            "benefits": [
                {"kind": "lounge", "name_en": "Lounge", "name_zh": "贵宾厅"},
                {"kind": "parking", "name_en": "Parking", "name_zh": "免费停车", "amount": 20},
            ],
        },
    ),
)
@requires(EDIT_PROGRAMME)
@idempotent()
def create_tier(request: HttpRequest, given: NewTierIn) -> Status[TierOut]:
    """Let there be one more tier from a business day on; earlier days do not know it.

    Thresholds that are set for later days take it in with the same figures. It takes the whole
    group: points earned in one mall are spent in another.
    """
    row = add_tier(
        NewTier(
            given.code,
            given.name_en,
            given.name_zh,
            given.above,
            given.spend_minor,
            given.visits,
            given.bonus_bp,
            given.qualifying_value,
            given.by_invitation,
            tuple(
                BenefitInput(one.kind, one.name_en, one.name_zh, amount=one.amount)
                for one in given.benefits
            ),
        ),
        starts_on=given.begins_on,
        actor=actor_of(request),
    )
    return Status(201, _tier_out(row, clock.now().date()))


@router.put("/tiers/{code}/name", response=TierOut, summary="Rename a tier")
@requires(EDIT_PROGRAMME)
@idempotent()
def name_tier(request: HttpRequest, code: str, given: TierNameIn) -> TierOut:
    """Call a tier otherwise, from today or a later day on. Code, thresholds and history stay."""
    today = clock.now().date()
    row = rename_tier(
        code,
        name_en=given.name_en,
        name_zh=given.name_zh,
        renamed_on=given.renamed_on or today,
        actor=actor_of(request),
    )
    return _tier_out(row, today)


def _tier_out(row: Tier, today: dt.date) -> TierOut:
    name_en, name_zh = row.names_on(today)
    is_to_come = row.renamed_on is not None and row.renamed_on > today
    return TierOut(
        code=row.code,
        rank=row.rank,
        name_en=name_en,
        name_zh=name_zh,
        begins_on=row.starts_on,
        renamed_on=row.renamed_on if is_to_come else None,
        coming_name_en=row.coming_name_en if is_to_come else "",
        coming_name_zh=row.coming_name_zh if is_to_come else "",
        benefits=[
            TierBenefitOut(
                kind=BenefitKind(one.kind),
                name_en=one.name_en,
                name_zh=one.name_zh,
                amount=one.amount,
            )
            for one in sorted(row.benefits.all(), key=lambda one: (one.kind, one.id))
            if one.ended_at is None
        ],
    )


def _thresholds_out(scheme: Scheme) -> ThresholdsOut:
    return ThresholdsOut(
        starts_on=scheme.starts_on if scheme.starts_on > ALWAYS else None,
        window=scheme.window,
        grace_days=scheme.grace_days,
        value_per_minor=scheme.value_per_minor,
        value_per_visit=scheme.value_per_visit,
        levels=[
            TierLevelOut(
                code=level.code,
                spend_minor=level.spend_minor,
                visits=level.visits,
                qualifying_value=level.value,
                bonus_bp=level.bonus_bp,
                by_invitation=level.by_invitation,
            )
            for level in scheme.levels
        ],
    )
