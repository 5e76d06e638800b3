"""What tiers take from a day on, tiers that staff give, and benefits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from django.db.models import Max

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ui import formats
from mallard.value.loyalty.errors import (
    NoProgramme,
    NoSuchSegment,
    NoSuchTier,
    OverrideOver,
    SegmentsNotAvailable,
    TierNotBegun,
    TiersChangeThePast,
    TiersMakeNoSense,
)
from mallard.value.loyalty.models import (
    Assessment,
    Benefit,
    Programme,
    Tier,
    TierOverride,
    TierScheme,
)
from mallard.value.loyalty.permissions import GIVE_TIER
from mallard.value.loyalty.queries import forget_programme
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.schemes import MAX_GRACE_DAYS, Scheme, scheme_to_json
from mallard.value.loyalty.segments import known_segments
from mallard.value.loyalty.services.programme import require_whole_group
from mallard.value.loyalty.services.telling import mark_everybody, mark_tiers
from mallard.world.members.queries import records_of, visible_member

SAFE_DAYS = 2
"""Somewhere on earth tomorrow's business day has begun already: not so the day after."""


@atomic_retrying
def set_tier_scheme(scheme: Scheme, *, actor: Actor) -> TierScheme:
    """Let tiers take something else from a business day on. Earlier days keep what they had.

    Raises :class:`TiersChangeThePast` where receipts of that day were assessed or may be at any
    moment, and :class:`TiersMakeNoSense` for thresholds that do not rise or leave a tier out.
    """
    require_whole_group(actor)
    parent = locked_programme()
    check_scheme(scheme, Tier.objects.filter(programme=parent))
    require_unassessed(scheme.starts_on)
    row = save_scheme(parent, scheme, actor=actor)
    forget_programme()
    return row


def require_unassessed(starts_on: dt.date) -> None:
    """Raises :class:`TiersChangeThePast` where receipts of that day were assessed or may be at any
    moment."""
    soonest = clock.now().date() + dt.timedelta(days=SAFE_DAYS)
    is_assessed = Assessment.objects.filter(business_day__gte=starts_on).exists()
    if is_assessed or (starts_on < soonest and Assessment.objects.exists()):
        raise TiersChangeThePast()


def save_scheme(parent: Programme, scheme: Scheme, *, actor: Actor) -> TierScheme:
    """Write a version of what tiers take; one that has not begun is replaced."""
    values = {
        "window": scheme.window.value,
        "grace_days": scheme.grace_days,
        "value_per_minor": scheme.value_per_minor,
        "value_per_visit": scheme.value_per_visit,
        "levels": scheme_to_json(scheme),
        "created_at": clock.now(),
    }
    row, _is_new = TierScheme.objects.update_or_create(
        programme=parent, starts_on=scheme.starts_on, defaults=values
    )
    after = {**values, "starts_on": scheme.starts_on.isoformat(), "created_at": None}
    record(actor, "loyalty.set_tier_scheme", "tier_scheme", row.id, after=after)
    mark_everybody(scheme.starts_on)
    return row


def check_scheme(scheme: Scheme, tiers: Iterable[Tier]) -> None:
    """Raises :class:`NoSuchTier` unless it names each of ``tiers`` that has begun by then, and
    :class:`TiersMakeNoSense` for thresholds that do not rise."""
    ranks = {tier.code: tier.rank for tier in tiers if tier.has_begun(scheme.starts_on)}
    if {level.code for level in scheme.levels} != set(ranks):
        raise NoSuchTier()
    if not 0 <= scheme.grace_days <= MAX_GRACE_DAYS:
        raise TiersMakeNoSense(fields={"grace_days": TiersMakeNoSense.too_much_grace})
    ordered = sorted(
        (level for level in scheme.levels if not level.by_invitation),
        key=lambda level: ranks[level.code],
    )
    for lower, higher in pairwise(ordered):
        if _is_easier(higher, lower):
            raise TiersMakeNoSense(fields={f"spend_{higher.code}": TiersMakeNoSense.not_rising})
    if any(level.value for level in ordered) and not (
        scheme.value_per_minor or scheme.value_per_visit
    ):
        raise TiersMakeNoSense(fields={"value_per_amount": TiersMakeNoSense.no_value})


def _is_easier(higher: TierLevel, lower: TierLevel) -> bool:
    """Whether a higher tier would be reached wherever the lower one is."""
    return (
        higher.spend_minor <= lower.spend_minor
        and higher.visits <= lower.visits
        and higher.value <= lower.value
    )


@atomic_retrying
def give_tier(
    member_id: UUID, *, tier_code: str, last_day: dt.date, reason: str, actor: Actor
) -> TierOverride:
    """Give a member at least this tier, from their next business day to ``last_day``.

    What was assessed stays. Raises :class:`MemberNotFound` outside the actor's view.
    """
    actor.require(GIVE_TIER)
    member = visible_member(actor, member_id)
    tier = Tier.objects.filter(code=tier_code).first()
    if tier is None:
        raise NoSuchTier()
    first_day = _next_day(member.id)
    if tier.starts_on is not None and tier.starts_on > first_day:
        raise TierNotBegun(day=formats.day(tier.starts_on))
    if last_day < first_day:
        raise TiersMakeNoSense(fields={"last_day": TiersMakeNoSense.ends_first})
    row = TierOverride.objects.create(
        member=member,
        tier=tier,
        first_day=first_day,
        last_day=last_day,
        reason=reason.strip(),
        given_by=actor.id,
        given_at=clock.now(),
    )
    after = {"tier": tier.code, "first_day": str(first_day), "last_day": str(last_day)}
    record(actor, "loyalty.give_tier", "member", member.id, after=after)
    mark_tiers([member.id])
    forget_programme()
    return row


@atomic_retrying
def end_given_tier(override_id: UUID, *, actor: Actor) -> TierOverride:
    """End a given tier after the present business day. Raises :class:`OverrideOver`."""
    actor.require(GIVE_TIER)
    row = TierOverride.objects.select_for_update().filter(pk=override_id).first()
    if row is None:
        raise OverrideOver()
    visible_member(actor, row.member_id)
    last_day = max(_next_day(row.member_id) - dt.timedelta(days=1), row.first_day)
    if row.last_day <= last_day:
        raise OverrideOver()
    before = {"last_day": str(row.last_day)}
    row.last_day = last_day
    row.save(update_fields=["last_day"])
    after = {"last_day": str(last_day)}
    record(actor, "loyalty.end_given_tier", "member", row.member_id, before=before, after=after)
    mark_tiers([row.member_id])
    return row


@dataclass(frozen=True, slots=True)
class TierGift:
    """One of many tiers that are given together, with the qualifying value that another system
    had counted."""

    member_id: UUID
    tier_code: str
    last_day: dt.date
    reason: str
    value: int = 0


@atomic_retrying
def give_tiers(gifts: Sequence[TierGift], *, actor: Actor) -> list[UUID]:
    """Give many members at least these tiers; the ids of what was given, in order.

    A fixed number of statements. A last day before the next business day leaves that one day.
    """
    actor.require(GIVE_TIER)
    require_whole_group(actor)
    tiers = {tier.code: tier for tier in Tier.objects.all()}
    if any(gift.tier_code not in tiers for gift in gifts):
        raise NoSuchTier()
    first_days = _next_days([gift.member_id for gift in gifts])
    now = clock.now()
    rows = [
        TierOverride(
            member_id=gift.member_id,
            tier=tiers[gift.tier_code],
            first_day=first_days[gift.member_id],
            last_day=max(gift.last_day, first_days[gift.member_id]),
            reason=gift.reason.strip(),
            given_by=actor.id,
            given_at=now,
            value=gift.value,
        )
        for gift in gifts
    ]
    TierOverride.objects.bulk_create(rows)
    ids = [row.pk for row in rows]
    record(actor, "loyalty.give_tiers", "tier_override", None, ids=ids)
    mark_tiers({gift.member_id for gift in gifts})
    forget_programme()
    return [row.pk for row in rows]


@atomic_retrying
def end_given_tiers(override_ids: Sequence[UUID], *, actor: Actor) -> None:
    """End many given tiers, and the value that came with them, as soon as nothing assessed depends
    on them; some may be over."""
    actor.require(GIVE_TIER)
    require_whole_group(actor)
    rows = list(TierOverride.objects.select_for_update().filter(pk__in=override_ids))
    next_days = _next_days([row.member_id for row in rows])
    changed = []
    for row in rows:
        decided = next_days[row.member_id] - dt.timedelta(days=1)
        last_day = max(decided, row.first_day)
        counts_on = row.value > 0 and row.value_last_day is None
        if row.last_day > last_day or counts_on:
            row.last_day = min(row.last_day, last_day)
            row.value_last_day = decided if counts_on else row.value_last_day
            changed.append(row)
    TierOverride.objects.bulk_update(changed, ["last_day", "value_last_day"], batch_size=1_000)
    ids = [row.pk for row in changed]
    record(actor, "loyalty.end_given_tiers", "tier_override", None, ids=ids)
    mark_tiers({row.member_id for row in changed})
    forget_programme()


def _next_days(member_ids: Sequence[UUID]) -> dict[UUID, dt.date]:
    """For many members, the first business day of which nothing was assessed yet."""
    tomorrow = clock.now().date() + dt.timedelta(days=1)
    records = records_of(member_ids)
    latest = dict(
        Assessment.objects.filter(
            member_id__in={one for found in records.values() for one in found},
            business_day__gte=tomorrow,
        )
        .order_by("member_id")
        .values_list("member_id")
        .annotate(Max("business_day"))
    )
    return {
        member_id: max(
            [tomorrow, *(latest[one] + dt.timedelta(days=1) for one in records[member_id]
                         if one in latest)]
        )
        for member_id in member_ids
    }  # fmt: skip


def _next_day(member_id: UUID) -> dt.date:
    """The first business day of which nothing of this person was assessed yet."""
    tomorrow = clock.now().date() + dt.timedelta(days=1)
    assessed = Assessment.objects.filter(
        member_id__in=records_of([member_id])[member_id], business_day__gte=tomorrow
    )
    latest = assessed.order_by("-business_day").values_list("business_day", flat=True).first()
    return latest + dt.timedelta(days=1) if latest else tomorrow


@dataclass(frozen=True, slots=True)
class BenefitInput:
    """A benefit of a tier, or of a segment where no tier is named."""

    kind: str
    name_en: str
    name_zh: str
    tier_code: str = ""
    segment: str = ""
    amount: int | None = None


@atomic_retrying
def add_benefit(given: BenefitInput, *, actor: Actor) -> Benefit:
    """Entitle the members of a tier or segment to something."""
    require_whole_group(actor)
    return create_benefit(locked_programme(), given, actor=actor)


def create_benefit(parent: Programme, given: BenefitInput, *, actor: Actor) -> Benefit:
    """The benefit's row, within the caller's transaction."""
    tier = Tier.objects.filter(programme=parent, code=given.tier_code).first()
    if given.tier_code and tier is None:
        raise NoSuchTier()
    if tier is None:
        segments = known_segments()
        if not segments:
            raise SegmentsNotAvailable()
        if given.segment not in segments:
            raise NoSuchSegment()
    row = Benefit.objects.create(
        programme=parent,
        kind=given.kind,
        name_en=given.name_en,
        name_zh=given.name_zh,
        tier=tier,
        segment="" if tier else given.segment,
        amount=given.amount,
    )
    after = {"kind": row.kind, "tier": given.tier_code, "segment": row.segment}
    record(actor, "loyalty.add_benefit", "benefit", row.id, after=after)
    return row


@atomic_retrying
def end_benefit(benefit_id: UUID, *, actor: Actor) -> None:
    """Entitle nobody to it any more; again changes nothing."""
    require_whole_group(actor)
    ended = Benefit.objects.filter(pk=benefit_id, ended_at=None).update(ended_at=clock.now())
    if ended:
        record(actor, "loyalty.end_benefit", "benefit", benefit_id)


def locked_programme() -> Programme:
    """The programme, so that its tiers are changed one after the other."""
    parent = Programme.objects.select_for_update().order_by("code").first()
    if parent is None:
        raise NoProgramme()
    return parent
