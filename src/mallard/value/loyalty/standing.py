"""Which tier members have: on a business day, what is missing to the next, and how it came."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from mallard.value.loyalty.models import Benefit, TierOverride
from mallard.value.loyalty.queries import ProgrammeFacts, programme
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.falling import Ahead, ahead
from mallard.value.loyalty.rules.schemes import (
    Change,
    Days,
    Missing,
    Override,
    Scheme,
    Window,
    brought_value,
    history,
    missing_to,
    next_level,
    period_start,
    scheme_on,
    with_overrides,
)
from mallard.value.loyalty.segments import segments_of
from mallard.value.loyalty.settings import WARN_BEFORE_FALL
from mallard.value.sales.bought import bought_between, bought_between_soon, days_bought
from mallard.world.members.queries import joined_at_of, records_of

PersonDay = tuple[UUID, dt.date]
Person = tuple[UUID, ...]


def tiers_at(
    pairs: Collection[PersonDay],
    facts: ProgrammeFacts,
    *,
    records: Mapping[UUID, Person] | None = None,
    given: Mapping[Person, tuple[Override, ...]] | None = None,
) -> dict[PersonDay, TierLevel | None]:
    """The tier of each member at the start of a business day. ``records``: all records of each
    member's person, and ``given`` the tiers that staff gave these persons (`overrides_of`), if the
    caller has looked them up. One statement, and one more each where
    tiers go by the day of joining and where staff gave tiers."""
    return tiers_soon(pairs, facts, records=records, given=given)()


def tiers_soon(
    pairs: Collection[PersonDay],
    facts: ProgrammeFacts,
    *,
    records: Mapping[UUID, Person] | None = None,
    given: Mapping[Person, tuple[Override, ...]] | None = None,
) -> Callable[[], dict[PersonDay, TierLevel | None]]:
    """The same, asked together with other things (`prepared.together`); the result gives it."""
    ordered = list(dict.fromkeys(pairs))
    if records is None:
        records = records_of({member_id for member_id, _day in ordered})
    persons = {records[member_id] for member_id, _day in ordered}
    joined = joined_days(persons, facts)
    if given is None:
        given = overrides_of(persons, facts)
    spans: list[tuple[Person, dt.date, dt.date]] = []
    counts: list[int] = []
    for member_id, day in ordered:
        person = records[member_id]
        of_day = scheme_on(facts.schemes, day).spans(day, joined.get(person))
        counts.append(len(of_day))
        spans += [(person, first, until) for first, until in of_day]
    bought = bought_between_soon(spans)

    def tiers() -> dict[PersonDay, TierLevel | None]:
        windows = iter(bought())
        found: dict[PersonDay, TierLevel | None] = {}
        each_span = iter(spans)
        for (member_id, day), count in zip(ordered, counts, strict=True):
            scheme = scheme_on(facts.schemes, day)
            person_given = given.get(records[member_id], ())
            best: TierLevel | None = None
            for _person, first, until in islice(each_span, count):
                window = next(windows)
                brought = brought_value(person_given, first, until, day)
                level = scheme.reached(window.spend_minor, window.visits, brought)
                if level is not None and (best is None or level.rank > best.rank):
                    best = level
            found[member_id, day] = with_overrides(best, scheme, person_given, day)
        return found

    return tiers


def joined_days(persons: Collection[Person], facts: ProgrammeFacts) -> dict[Person, dt.date]:
    """The day on which each person joined, where a scheme asks for it."""
    if all(scheme.window is not Window.ANNIVERSARY for scheme in facts.schemes):
        return {}
    joined = joined_at_of([record for person in persons for record in person])
    return {person: min(joined[record] for record in person).date() for person in persons}


def overrides_of(
    persons: Collection[Person], facts: ProgrammeFacts
) -> dict[Person, tuple[Override, ...]]:
    """The tiers that staff gave each person; no statement where staff never gave any."""
    if not facts.has_overrides or not persons:
        return {}
    of_record = {record: person for person in persons for record in person}
    found: dict[Person, tuple[Override, ...]] = {}
    rows = TierOverride.objects.filter(member_id__in=list(of_record)).select_related("tier")
    for row in rows.order_by("first_day", "id"):
        person = of_record[row.member_id]
        one = Override(
            row.tier.code, row.first_day, row.last_day, row.reason, row.value, row.value_last_day
        )
        found[person] = (*found.get(person, ()), one)
    return found


def days_of(persons: Collection[Person], facts: ProgrammeFacts) -> dict[Person, Days]:
    """What each person bought, day by day, with all that their tiers depend on."""
    return _days_with(persons, joined_days(persons, facts), overrides_of(persons, facts))


def _days_with(
    persons: Collection[Person],
    joined: Mapping[Person, dt.date],
    given: Mapping[Person, tuple[Override, ...]],
) -> dict[Person, Days]:
    of_record = {record: person for person in persons for record in person}
    sums: dict[Person, dict[dt.date, tuple[int, int]]] = defaultdict(dict)
    for record, day, spend, visits in days_bought(list(of_record)):
        by_day = sums[of_record[record]]
        was = by_day.get(day, (0, 0))
        by_day[day] = (was[0] + spend, was[1] + visits)
    return {
        person: Days.of(sums.get(person, {}), joined.get(person), given.get(person, ()))
        for person in persons
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands on a day: tier, what counts towards it in the present period, what is
    missing to the next, and what becomes of it (``falls_on``: the day on which it becomes
    ``falls_to`` unless more is bought; None while the present period, where there are periods, has
    reached it). ``keep`` is what would keep it on that day; ``falls_soon``: it is time to warn."""

    tier_code: str | None
    spend_minor: int
    visits: int
    next_tier_code: str | None
    spend_gap_minor: int
    visits_gap: int
    value: int = 0
    value_gap: int = 0
    falls_on: dt.date | None = None
    falls_to: str | None = None
    period_ends_on: dt.date | None = None
    keep: Missing | None = None
    falls_soon: bool = False


def standings(
    member_ids: Sequence[UUID], *, day: dt.date, with_falls: bool = True
) -> dict[UUID, Standing]:
    """Each member's standing at the start of ``day``; lists do without what becomes of it
    (``with_falls``)."""
    facts = programme()
    records = records_of(member_ids)
    known = [member_id for member_id in member_ids if member_id in records]
    scheme = scheme_on(facts.schemes, day)
    persons = {records[member_id] for member_id in known}
    given = overrides_of(persons, facts)
    tiers = tiers_at([(member_id, day) for member_id in known], facts, records=records, given=given)
    joined = joined_days(persons, facts)
    spans = [scheme.spans(day, joined.get(records[member_id]))[0] for member_id in known]
    present = bought_between([(records[m], *span) for m, span in zip(known, spans, strict=True)])
    # Over a rolling window the fall is where purchases age out, so the days are needed one by one.
    is_rolling = with_falls and scheme.window is Window.ROLLING
    days = _days_with(persons, joined, given) if is_rolling else {}
    found = {}
    for member_id, window, span in zip(known, present, spans, strict=True):
        tier = tiers[member_id, day]
        spend, visits = window.spend_minor, window.visits
        brought = brought_value(given.get(records[member_id], ()), *span, day)
        following = next_level(scheme, tier)
        gap = (
            missing_to(following, scheme, spend_minor=spend, visits=visits, brought=brought)
            if following
            else None
        )
        reached = scheme.reached(spend, visits, brought)
        coming = (
            ahead(days[records[member_id]], facts.schemes, day)
            if is_rolling
            else Ahead(None, *_fall(scheme, tier, day, joined.get(records[member_id]), reached))
        )
        found[member_id] = Standing(
            tier.code if tier else None,
            spend,
            visits,
            following.code if following else None,
            gap.spend_minor if gap else 0,
            gap.visits if gap else 0,
            scheme.value(spend, visits, brought),
            gap.value if gap else 0,
            coming.falls_on,
            coming.falls_to,
            _last_day(scheme, day, joined.get(records[member_id])),
            coming.keep,
            is_soon(coming.falls_on, day),
        )
    return found


def is_soon(falls_on: dt.date | None, day: dt.date) -> bool:
    """Whether it is time to warn of a fall, as the setting says."""
    return falls_on is not None and falls_on <= day + dt.timedelta(days=WARN_BEFORE_FALL.value)


def _next_period(scheme: Scheme, day: dt.date, joined_on: dt.date | None) -> dt.date:
    begin = period_start(day, scheme.window, joined_on)
    return period_start(begin + dt.timedelta(days=370), scheme.window, joined_on)


def _last_day(scheme: Scheme, day: dt.date, joined_on: dt.date | None) -> dt.date | None:
    """The last day that counts for the next tier; None when every day's 12 months count."""
    if scheme.window is Window.ROLLING:
        return None
    return _next_period(scheme, day, joined_on) - dt.timedelta(days=1)


def _fall(
    scheme: Scheme,
    tier: TierLevel | None,
    day: dt.date,
    joined_on: dt.date | None,
    reached: TierLevel | None,
) -> tuple[dt.date | None, str | None]:
    """When a tier kept from an earlier period goes, and what it becomes then: what the present
    period has ``reached``."""
    if scheme.window is Window.ROLLING or tier is None:
        return None, None
    if reached is not None and reached.rank >= tier.rank:
        return None, None
    end = _next_period(scheme, day, joined_on)
    return end + dt.timedelta(days=scheme.grace_days), reached.code if reached else None


def tier_history(member_id: UUID, *, until: dt.date) -> list[Change]:
    """Every change of a member's tier with its reason, the latest first. It is worked out from
    the facts, so a late one cannot leave it wrong."""
    facts = programme()
    person = records_of([member_id])[member_id]
    return history(days_of([person], facts)[person], facts.schemes, until)[::-1]


def benefits_of(member_id: UUID, tier_code: str | None) -> list[Benefit]:
    """What a member is entitled to: by the tier they are in and the segments they belong to."""
    rows = list(Benefit.objects.filter(ended_at=None).select_related("tier").order_by("kind", "id"))
    segments = {row.segment for row in rows if row.segment}
    own: set[str] = set()
    if segments:
        records = records_of([member_id])[member_id]
        own = {one for found in segments_of(segments, records).values() for one in found}
    return [
        row
        for row in rows
        if (row.tier is not None and row.tier.code == tier_code) or row.segment in own
    ]
