"""Every write of footfall."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel import audited_rows, clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.audited_rows import Table
from mallard.kernel.database.bulk import copy_rows, insert_unnest
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError, Invalid, NotFound
from mallard.kernel.provenance import Origin
from mallard.world.footfall import locks, queries, rules
from mallard.world.footfall.errors import CountedTwice, TooManyCounts, UnknownEntrance
from mallard.world.footfall.facts import CountInput, CountOutcome, CountStatus, EntranceInput
from mallard.world.footfall.models import CounterSource, Entrance
from mallard.world.footfall.permissions import EDIT_ENTRANCE, RECORD_FOOTFALL
from mallard.world.footfall.queries import EntranceFacts, EntranceQuarter
from mallard.world.footfall.rules import KnownCount
from mallard.world.malls.models import Floor
from mallard.world.malls.queries import covers_mall

ENTRANCES = Table(Entrance, "entrance", ("mall_id", "code"))
MAX_COUNTS = 100_000


@atomic_retrying
def create_entrance(entrance: EntranceInput, *, actor: Actor) -> Entrance:
    """A new entrance of a mall in the actor's scope. Raises `Invalid`, `CodeTaken`."""
    actor.require(EDIT_ENTRANCE)
    _check([entrance], actor)
    return audited_rows.create(ENTRANCES, entrance, actor=actor)


@atomic_retrying
def update_entrance(entrance_id: UUID, entrance: EntranceInput, *, actor: Actor) -> Entrance:
    """Change an entrance; it stays in its mall, whose days hold its counts. Raises `NotFound`."""
    actor.require(EDIT_ENTRANCE)
    row = queries.entrances_in(actor.scope).filter(pk=entrance_id).first()
    if row is None:
        raise NotFound()
    if row.mall_id != entrance.mall_id:
        raise Invalid(fields={"mall": _("An entrance stays in its mall: close it.")})
    _check([entrance], actor)
    return audited_rows.update(ENTRANCES, entrance_id, entrance, actor=actor)


@atomic_retrying
def save_entrances(entrances: Sequence[EntranceInput], *, actor: Actor) -> list[Entrance]:
    """A batch by mall and code: what is new is created, what differs is changed."""
    actor.require(EDIT_ENTRANCE)
    _check(entrances, actor)
    return audited_rows.save(ENTRANCES, entrances, actor=actor)


@atomic_retrying
def place_entrances(
    places: Sequence[tuple[UUID, int, int]], *, floor_id: UUID, actor: Actor
) -> None:
    """Put entrances (id, x, y in decimetres) on a floor's plan. Raises `NotFound`, `Invalid`."""
    actor.require(EDIT_ENTRANCE)
    mall_id = _mall_of(floor_id)
    known = queries.entrances_in(actor.scope).filter(mall=mall_id)
    if known.filter(pk__in={place[0] for place in places}).count() < len(places):
        raise NotFound()
    for entrance_id, x_dm, y_dm in sorted(places):
        values = {"floor_id": floor_id, "x_dm": x_dm, "y_dm": y_dm}
        audited_rows.change(ENTRANCES, entrance_id, values, actor=actor)


def _mall_of(floor_id: UUID) -> UUID:
    mall_id = Floor.objects.filter(pk=floor_id).values_list("mall_id", flat=True).first()
    if mall_id is None:
        raise NotFound()
    return mall_id


def _check(entrances: Sequence[EntranceInput], actor: Actor) -> None:
    floor_ids = {entrance.floor_id for entrance in entrances}
    mall_of = dict(Floor.objects.filter(pk__in=floor_ids).values_list("id", "mall_id"))
    for entrance in entrances:
        if not covers_mall(actor.scope, entrance.mall_id):
            raise Invalid(fields={"mall": NotFound.message})
        if mall_of.get(entrance.floor_id) != entrance.mall_id:
            raise Invalid(fields={"floor": _("This floor is in another mall.")})
        if (entrance.x_dm is None) != (entrance.y_dm is None):
            raise Invalid(fields={"x_dm": _("Give both distances or neither.")})


# Counts


@dataclass(slots=True)
class _Accepted:
    """A count that will be written, and where it is added up."""

    position: int
    given: CountInput
    entrance: EntranceFacts
    business_day: dt.date
    hour: int
    known: KnownCount | None = None


def record_count(
    count: CountInput,
    *,
    actor: Actor,
    source: CounterSource,
    origin: Origin = Origin.API,
    recorded_at: dt.datetime | None = None,
) -> CountOutcome:
    """One count: a batch of one. Raises what is wrong with it."""
    [outcome] = record_counts(
        [count], actor=actor, source=source, origin=origin, recorded_at=recorded_at
    )
    if outcome.error is not None:
        raise outcome.error
    return outcome


@atomic_retrying
def record_counts(
    counts: Sequence[CountInput],
    *,
    actor: Actor,
    source: CounterSource,
    origin: Origin = Origin.API,
    recorded_at: dt.datetime | None = None,
) -> list[CountOutcome]:
    """Record what counters saw, and add it to the malls' hours and days. One outcome per count.

    The same figures again are nothing; other figures correct the count: the day's sums follow,
    what stood before is kept, and an audit entry says who did it. A bad count does not stop the
    others. A batch is some ten statements, whatever its size. ``recorded_at`` is when history's
    source learned of it. Raises `TooManyCounts`.
    """
    actor.require(RECORD_FOOTFALL)
    if len(counts) > MAX_COUNTS:
        raise TooManyCounts(limit=MAX_COUNTS)
    now = clock.now()
    outcomes: list[CountOutcome | None] = [None] * len(counts)
    sound = _sound(counts, outcomes, actor, now)
    locks.lock_entrances({one.entrance.id for one in sound})
    known = queries.known_counts([(one.entrance.id, one.given.quarter_at) for one in sound])
    new, changed = _decide(sound, known, outcomes, origin)
    told = _Told(now, recorded_at or now, source, origin, actor)
    _write_new(new, told)
    _write_changed(changed, told)
    _add_up(new, changed, origin)
    return [outcome for outcome in outcomes if outcome is not None]


@dataclass(frozen=True, slots=True)
class _Told:
    """When, how and by whom the batch was told."""

    now: dt.datetime
    recorded_at: dt.datetime
    source: CounterSource
    origin: Origin
    actor: Actor


def _refused(error: DomainError) -> CountOutcome:
    return CountOutcome(CountStatus.REFUSED, error=error)


def _sound(
    counts: Sequence[CountInput],
    outcomes: list[CountOutcome | None],
    actor: Actor,
    now: dt.datetime,
) -> list[_Accepted]:
    facts = queries.entrance_facts({(one.mall_code, one.entrance_code) for one in counts})
    scope = actor.scope
    ours = {key: one for key, one in facts.items() if covers_mall(scope, one.mall_id)}
    sound = []
    for position, given in enumerate(counts):
        entrance = ours.get((given.mall_code, given.entrance_code))
        if entrance is None:
            unknown = UnknownEntrance(mall=given.mall_code, entrance=given.entrance_code)
            outcomes[position] = _refused(unknown)
            continue
        day, hour = rules.day_and_hour(given.quarter_at, entrance.zone, entrance.cutoff_hour)
        problem = rules.count_problem(
            given, now=now, business_day=day, closed_on=entrance.closed_on
        )
        if problem is not None:
            outcomes[position] = _refused(problem)
            continue
        sound.append(_Accepted(position, given, entrance, day, hour))
    return sound


def _decide(
    sound: Sequence[_Accepted],
    known: dict[EntranceQuarter, KnownCount],
    outcomes: list[CountOutcome | None],
    origin: Origin,
) -> tuple[list[_Accepted], list[_Accepted]]:
    """What is new and what is changed; the rest is answered here."""
    new: list[_Accepted] = []
    changed: list[_Accepted] = []
    first: dict[EntranceQuarter, CountInput] = {}
    for one in sound:
        given, key = one.given, (one.entrance.id, one.given.quarter_at)
        earlier = first.setdefault(key, given)
        if earlier is not given:
            is_same = (earlier.entries, earlier.exits) == (given.entries, given.exits)
            outcomes[one.position] = (
                CountOutcome(CountStatus.UNCHANGED) if is_same else _refused(CountedTwice())
            )
            continue
        one.known = known.get(key)
        try:
            status = rules.what_it_does(given, origin=origin, known=one.known)
        except DomainError as error:
            outcomes[one.position] = _refused(error)
            continue
        if status is CountStatus.RECORDED:
            new.append(one)
        elif status is CountStatus.CORRECTED:
            changed.append(one)
        is_news = status is not CountStatus.UNCHANGED
        revision = rules.next_revision(given, one.known) if is_news else one.known.revision  # type: ignore[union-attr]
        outcomes[one.position] = CountOutcome(status, revision)
    return new, changed


def _write_new(new: Sequence[_Accepted], told: _Told) -> None:
    who = (told.actor.kind.value, told.actor.id)
    copy_rows(
        "footfall_footfallcount",
        (
            "entrance_id", "quarter_at", "entries", "exits", "business_day", "hour", "revision",
            "recorded_at", "source", "origin", "actor_kind", "actor_id",
        ),
        (
            (
                one.entrance.id, one.given.quarter_at, one.given.entries, one.given.exits,
                one.business_day, one.hour, rules.next_revision(one.given, None),
                told.recorded_at, told.source.value, told.origin.value, *who,
            )
            for one in new
        ),
    )  # fmt: skip


def _write_changed(changed: Sequence[_Accepted], told: _Told) -> None:
    """Keep what stood before, write what stands now, and say in the audit log who did it."""
    if not changed:
        return
    entrances = [one.entrance.id for one in changed]
    quarters = [one.given.quarter_at for one in changed]
    fetch_rows(
        """
        INSERT INTO footfall_footfallcorrection (
            entrance_id, quarter_at, revision, entries, exits, recorded_at, origin, actor_kind,
            actor_id, corrected_at
        )
        SELECT c.entrance_id, c.quarter_at, c.revision, c.entries, c.exits, c.recorded_at,
               c.origin, c.actor_kind, c.actor_id, %s
        FROM unnest(%s::uuid[], %s::timestamptz[]) AS w(entrance_id, quarter_at)
        JOIN footfall_footfallcount c USING (entrance_id, quarter_at)
        """,
        [told.now, entrances, quarters],
    )
    fetch_rows(
        """
        UPDATE footfall_footfallcount c
        SET entries = w.entries, exits = w.exits, revision = w.revision, recorded_at = %s,
            source = %s, origin = %s, actor_kind = %s, actor_id = %s
        FROM unnest(%s::uuid[], %s::timestamptz[], %s::int[], %s::int[], %s::int[])
            AS w(entrance_id, quarter_at, entries, exits, revision)
        WHERE c.entrance_id = w.entrance_id AND c.quarter_at = w.quarter_at
        """,
        [
            told.recorded_at, told.source.value, told.origin.value,
            told.actor.kind.value, told.actor.id, entrances, quarters,
            [one.given.entries for one in changed], [one.given.exits for one in changed],
            [rules.next_revision(one.given, one.known) for one in changed],
        ],
    )  # fmt: skip
    audit.record(
        told.actor,
        "footfall.counts_corrected",
        "entrance",
        entrances[0] if len(set(entrances)) == 1 else None,
        before={"entries": sum(one.known.entries for one in changed if one.known)},
        after={
            "entries": sum(one.given.entries for one in changed),
            "counts": len(changed),
            "first": min(quarters),
            "last": max(quarters),
        },
        ids=sorted(set(entrances)),
    )


HourKey = tuple[UUID, dt.date, int]
_SUMS = (
    ("entries", "bigint"),
    ("exits", "bigint"),
    ("quarters", "bigint"),
    ("generated", "bigint"),
)


def _add_up(new: Sequence[_Accepted], changed: Sequence[_Accepted], origin: Origin) -> None:
    """Add to the malls' hours and days. Last before the commit, in the order of keys: every
    counter of a mall adds to the same few rows."""
    is_generated = int(origin is Origin.GENERATED)
    hours: dict[HourKey, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in new:
        row = hours[one.entrance.mall_id, one.business_day, one.hour]
        row[0] += one.given.entries
        row[1] += one.given.exits
        row[2] += 1
        row[3] += is_generated
    for one in changed:
        row = hours[one.entrance.mall_id, one.business_day, one.hour]
        before = one.known
        assert before is not None  # noqa: S101 only what is known can change
        row[0] += one.given.entries - before.entries
        row[1] += one.given.exits - before.exits
        row[3] += is_generated - int(before.origin == Origin.GENERATED)
    days: dict[tuple[UUID, dt.date], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (mall_id, day, _hour), sums in hours.items():
        total = days[mall_id, day]
        for place, amount in enumerate(sums):
            total[place] += amount
    by_day = (("mall_id", "uuid"), ("business_day", "date"))
    by_hour = (*by_day, ("hour", "smallint"))
    _add_rows("footfall_footfallhour", by_hour, [(*key, *hours[key]) for key in sorted(hours)])
    _add_rows("footfall_footfallday", by_day, [(*key, *days[key]) for key in sorted(days)])


def _add_rows(table: str, key: Sequence[tuple[str, str]], rows: Sequence[tuple[Any, ...]]) -> None:
    names = ", ".join(name for name, _type in key)
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name, _type in _SUMS)
    on_conflict = f"ON CONFLICT ({names}) DO UPDATE SET {sums}"
    insert_unnest(table, (*key, *_SUMS), rows, on_conflict=on_conflict)
