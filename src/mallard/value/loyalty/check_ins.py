"""Checking in (签到): once a business day, on the member page; what it gives today."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from mallard.kernel import clock
from mallard.kernel.clock import business_day
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.models import Grant
from mallard.value.loyalty.queries import programme
from mallard.value.loyalty.rules import Kind, RuleVersion, Scope
from mallard.world.malls.models import Mall
from mallard.world.members.models import Member
from mallard.world.members.queries import records_of


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What checking in gives a member today: ``points`` that wait, or were given."""

    points: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class CheckInDay:
    """A member's business day (``occasion``, ISO): each rule that still gives something, with how
    much; and what was given already."""

    occasion: str
    due: list[tuple[RuleVersion, int]]
    given: int


def check_in_of(member: Member) -> CheckIn | None:
    """What checking in gives ``member`` today; None where it gives nothing (no rule in force, or
    its limits are reached)."""
    day = day_of_check_in(member)
    if day is None:
        return None
    if day.due:
        return CheckIn(sum(points for _rule, points in day.due), is_done=False)
    return CheckIn(day.given, is_done=True) if day.given else None


def day_of_check_in(member: Member) -> CheckInDay | None:
    """Today of a member; None without a rule in force. All records of one person count together."""
    now = clock.now()
    try:
        rules = programme().book.given_without_receipt(Kind.CHECK_IN, now)
    except NoProgramme:
        return None
    if not rules:
        return None
    mall = mall_of(member, {mall.id: mall for mall in Mall.objects.order_by("code")})
    zone = ZoneInfo(mall.time_zone)
    occasion = business_day(now, zone, mall.business_day_cutoff_hour).isoformat()
    person = records_of([member.id]).get(member.id, (member.id,))
    codes = [rule.code for rule in rules]
    rows = list(Grant.objects.filter(member_id__in=person, rule_code__in=codes))
    today = [row for row in rows if row.occasion == occasion]
    had = {row.rule_code for row in today}
    left = [
        (rule, _within_limits(rule, [row for row in rows if row.rule_code == rule.code], occasion))
        for rule in rules
        if rule.code not in had
    ]
    due = [(rule, points) for rule, points in left if points]
    return CheckInDay(occasion, due, sum(row.points for row in today))


def _within_limits(rule: RuleVersion, rows: Collection[Grant], occasion: str) -> int:
    """The rule's points, as far as its limits leave them on that day."""
    points = rule.points
    for scope, most in rule.terms.caps:
        used = sum(
            row.points
            for row in rows
            if scope is not Scope.YEAR or row.occasion[:4] == occasion[:4]
        )
        points = min(points, max(most - used, 0))
    return points


def mall_of(member: Member, malls: Mapping[UUID, Mall]) -> Mall:
    """Who bears the cost of points without a receipt: the mall of enrolment, or the first of
    ``malls`` where none is known."""
    store = member.enrolled_store
    wanted = member.enrolled_mall_id or (store.mall_id if store else None)
    return malls[wanted] if wanted else next(iter(malls.values()))
