"""Changes of tiers, and falls that are near, told as events.

A tier is worked out from the facts and stored nowhere, so nothing happens on the day on which it
changes. `TierWatch` remembers what was told last and the next day on which it may be otherwise;
`look_at_tiers` goes through those whose day has come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.prepared import send
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.outbox.events import Event
from mallard.kernel.outbox.services import announce
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.events import TierChanged, TierFallsSoon
from mallard.value.loyalty.locks import lock_tier_watches
from mallard.value.loyalty.models import TierWatch
from mallard.value.loyalty.queries import ProgrammeFacts, programme
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.falling import Ahead, ahead
from mallard.value.loyalty.rules.schemes import Cause, Days, history
from mallard.value.loyalty.settings import WARN_BEFORE_FALL
from mallard.value.loyalty.standing import days_of, is_soon
from mallard.world.members.models import Member, MemberStatus
from mallard.world.members.queries import records_of

AT_ONCE = 500
"""Members in one transaction."""

_MARK = """
    INSERT INTO loyalty_tierwatch (member_id, told_on, is_known, tier_code, looks_on)
    SELECT id, %s::date, false, NULL, %s::date FROM members_member
    WHERE id = ANY(%s::uuid[]) AND merged_into_id IS NULL AND status = 'open'
    ORDER BY id
    ON CONFLICT (member_id) DO UPDATE
        SET looks_on = least(loyalty_tierwatch.looks_on, excluded.looks_on)
"""
# Who bought before anybody watched: from now on, and nothing is told of what was.
_BEGIN = """
    INSERT INTO loyalty_tierwatch (member_id, told_on, is_known, tier_code, looks_on)
    SELECT m.id, %s::date, false, NULL, %s::date FROM members_member m
    WHERE m.merged_into_id IS NULL AND m.status = 'open'
        AND NOT EXISTS (SELECT FROM loyalty_tierwatch w WHERE w.member_id = m.id)
        AND (EXISTS (SELECT FROM sales_memberday d WHERE d.member_id = m.id)
            OR EXISTS (SELECT FROM loyalty_tieroverride o WHERE o.member_id = m.id))
    ON CONFLICT (member_id) DO NOTHING
"""


@atomic_retrying
def mark_tiers(member_ids: Collection[UUID]) -> None:
    """Look at these members' tiers soon: something that they depend on has changed."""
    if not member_ids:
        return
    everybody = {one for records in records_of(member_ids).values() for one in records}
    today = clock.now().date()
    send(_MARK, [today, today, sorted(everybody)])


def mark_everybody(starts_on: dt.date) -> None:
    """Look at all tiers on a day from which they take something else."""
    TierWatch.objects.filter(looks_on__gt=starts_on).update(looks_on=starts_on)
    TierWatch.objects.filter(looks_on=None).update(looks_on=starts_on)


def look_at_tiers(*, actor: Actor) -> int:
    """Tell whose tier is another and who is about to lose theirs; returns how many were told.

    Again changes nothing. In steps of a few hundred members, each a transaction of its own.
    """
    try:
        programme()
    except NoProgramme:
        return 0
    told = 0
    while (found := _look_at_some(actor=actor)) is not None:
        told += found
    return told


@atomic_retrying
def watch_everybody() -> None:
    """Look at whoever was never looked at: they bought before there was anybody to look."""
    today = clock.now().date()
    send(_BEGIN, [today, today])


@atomic_retrying
def _look_at_some(*, actor: Actor) -> int | None:
    today = clock.now().date()
    rows = lock_tier_watches(today, most=AT_ONCE)
    if not rows:
        return None
    persons = records_of([row.member_id for row in rows])
    gone = _gone([row.member_id for row in rows])
    facts = programme()
    days = days_of({persons[row.member_id] for row in rows}, facts)
    events: list[Event] = []
    for row in rows:
        if row.member_id not in gone:
            events += _look(row, days[persons[row.member_id]], facts, today)
    announce(events, actor=actor)
    TierWatch.objects.filter(pk__in=gone).delete()
    TierWatch.objects.bulk_update(
        [row for row in rows if row.member_id not in gone],
        ["told_on", "is_known", "tier_code", "looks_on", "warned_for"],
        batch_size=AT_ONCE,
    )
    return len(events)


def _gone(member_ids: Sequence[UUID]) -> set[UUID]:
    """Those who were merged into another record, closed or erased since."""
    rows = Member.objects.filter(pk__in=member_ids, merged_into=None, status=MemberStatus.OPEN)
    return set(member_ids) - set(rows.values_list("pk", flat=True))


def _look(row: TierWatch, days: Days, facts: ProgrammeFacts, today: dt.date) -> list[Event]:
    """What is to be told of one member; the row remembers it, and when to look again."""
    if not row.is_known:
        row.tier_code, row.is_known = _code(days.tier_on(row.told_on, facts.schemes)), True
    now = days.tier_on(today, facts.schemes)
    events: list[Event] = []
    if _code(now) != row.tier_code:
        events.append(_changed(row, now, days, facts, today))
    coming = ahead(days, facts.schemes, today)
    if now is not None and coming.falls_on is not None and is_soon(coming.falls_on, today):
        if coming.falls_on != row.warned_for:
            events.append(
                TierFallsSoon(
                    subject_id=row.member_id,
                    tier=now.code,
                    falls_on=coming.falls_on,
                    falls_to=coming.falls_to,
                )
            )
        row.warned_for = coming.falls_on
    row.tier_code, row.told_on = _code(now), today
    row.looks_on = _next_look(coming, today)
    return events


def _changed(
    row: TierWatch, now: TierLevel | None, days: Days, facts: ProgrammeFacts, today: dt.date
) -> TierChanged:
    ranks = {level.code: level.rank for scheme in facts.schemes for level in scheme.levels}
    is_up = (now.rank if now else 0) > ranks.get(row.tier_code or "", 0)
    latest = next(iter(history(days, facts.schemes, today)[::-1]), None)
    if latest is not None and latest.now == _code(now):
        cause, day = latest.cause, latest.day
    else:  # a late fact took away what had been told
        cause, day = (Cause.REACHED if is_up else Cause.LAPSED), today
    return TierChanged(
        subject_id=row.member_id,
        was=row.tier_code,
        tier=_code(now),
        direction="up" if is_up else "down",
        cause=cause.value,
        day=day,
    )


def _next_look(coming: Ahead, today: dt.date) -> dt.date | None:
    """The next day on which the tier changes or a warning is due; None when nothing comes."""
    looks = [coming.changes_on] if coming.changes_on else []
    if coming.falls_on is not None:
        looks.append(coming.falls_on - dt.timedelta(days=WARN_BEFORE_FALL.value))
    return min((day for day in looks if day > today), default=None)


def _code(tier: TierLevel | None) -> str | None:
    return tier.code if tier else None
