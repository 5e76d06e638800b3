"""Points without a receipt: for joining, for a completed profile, and for checking in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.clock import business_day, business_day_start
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Forbidden
from mallard.kernel.ids import uuid7
from mallard.value.ledger.models import FunderKind
from mallard.value.ledger.services import Accrual, open_funders, post_accruals
from mallard.value.loyalty.check_ins import CheckIn, check_in_of, day_of_check_in, mall_of
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.locks import lock_check_in
from mallard.value.loyalty.queries import ProgrammeFacts, programme
from mallard.value.loyalty.rules import Kind, RuleVersion, add_months
from mallard.world.malls.models import Mall
from mallard.world.members.models import Member, MemberStatus
from mallard.world.members.showing import fields_told

SOURCE_KIND = "grant"
COMPLETE = frozenset({"name", "gender", "birth_date"})
"""A profile is complete when these were told."""

Due = tuple[Member, RuleVersion, dt.datetime]


@atomic_retrying
def grant_for_joining(member_ids: Collection[UUID], *, actor: Actor) -> int:
    """Give each member what the rules in force when they joined promise; returns how many grants.

    Nobody gets the points of a rule twice, however often this is called.
    """
    facts = _programme_that_gives(Kind.WELCOME)
    if facts is None:
        return 0
    due = [
        (member, rule, member.joined_at)
        for member in _open_members(member_ids)
        for rule in facts.book.given_without_receipt(Kind.WELCOME, member.joined_at)
    ]
    return _give(due, "welcome", facts, actor=actor)


@atomic_retrying
def grant_for_profiles(member_ids: Collection[UUID], *, actor: Actor) -> int:
    """Give the members whose profile is complete what the rules in force now promise, once."""
    facts = _programme_that_gives(Kind.PROFILE)
    now = clock.now()
    rules = facts.book.given_without_receipt(Kind.PROFILE, now) if facts else []
    if facts is None or not rules:
        return 0
    told = fields_told(member_ids)
    due = [
        (member, rule, now)
        for member in _open_members(member_ids)
        if told[member.id] >= COMPLETE
        for rule in rules
    ]
    return _give(due, "profile", facts, actor=actor)


@atomic_retrying
def check_in(*, actor: Actor) -> CheckIn | None:
    """The member who asks is there today: give what the rules in force promise, once a business
    day of the mall that bears the cost, within the rules' limits.

    Again on that day changes nothing. Raises `Forbidden` for whoever is no member.
    """
    if actor.kind is not ActorKind.MEMBER or actor.id is None:
        raise Forbidden()
    lock_check_in(actor.id)
    member = _open_members([actor.id]).first()
    day = day_of_check_in(member) if member else None
    if member is None or day is None:
        return None
    now = clock.now()
    due = [(member, replace(rule, points=points), now) for rule, points in day.due]
    _give(due, "check_in", programme(), occasion=day.occasion, actor=actor)
    return check_in_of(member)


def _programme_that_gives(kind: Kind) -> ProgrammeFacts | None:
    try:
        facts = programme()
    except NoProgramme:
        return None
    return facts if any(rule.terms.kind is kind for rule in facts.book.versions) else None


def _open_members(member_ids: Collection[UUID]) -> QuerySet[Member]:
    return Member.objects.filter(id__in=member_ids, status=MemberStatus.OPEN).select_related(
        "enrolled_store"
    )


def _give(
    due: list[Due], reason: str, facts: ProgrammeFacts, *, occasion: str = "", actor: Actor
) -> int:
    due = [entry for entry in due if entry[1].points]
    if not due:
        return 0
    malls = {mall.id: mall for mall in Mall.objects.order_by("code")}
    funders = open_funders({(FunderKind.MALL, mall_of(member, malls).id) for member, *_rest in due})
    grants = {uuid7(): entry for entry in due}
    rows = [
        (
            key,
            member.id,
            mall_of(member, malls).id,
            rule.code,
            rule.version,
            rule.points,
            at,
            occasion,
        )
        for key, (member, rule, at) in grants.items()
    ]
    new = fetch_rows(
        """
        INSERT INTO loyalty_grant
            (id, member_id, mall_id, rule_code, rule_version, points, granted_at, occasion)
        SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::int[], %s::int[],
                             %s::timestamptz[], %s::text[])
        ON CONFLICT (member_id, rule_code, occasion) DO NOTHING RETURNING id
        """,
        [list(column) for column in zip(*rows, strict=True)],
    )
    accruals = []
    for (key,) in new:
        member, rule, at = grants[key]
        mall = mall_of(member, malls)
        accruals.append(
            _accrual(key, member, rule, at, mall, funders[FunderKind.MALL, mall.id], reason, facts)
        )
    post_accruals(accruals, actor=actor)
    return len(accruals)


def _accrual(
    key: UUID,
    member: Member,
    rule: RuleVersion,
    at: dt.datetime,
    mall: Mall,
    funder_id: UUID,
    reason: str,
    facts: ProgrammeFacts,
) -> Accrual:
    zone, cutoff = ZoneInfo(mall.time_zone), mall.business_day_cutoff_hour
    day = business_day(at, zone, cutoff)
    return Accrual(
        key=f"grant:{key}",
        member_id=member.id,
        funder_id=funder_id,
        points=rule.points,
        source_kind=SOURCE_KIND,
        source_id=key,
        reason=reason,
        occurred_at=at,
        recorded_at=clock.now(),
        matures_at=business_day_start(day + dt.timedelta(days=facts.maturing_days), zone, cutoff),
        expires_at=business_day_start(add_months(day, facts.expiry_months), zone, cutoff),
        group_id=key,
    )
