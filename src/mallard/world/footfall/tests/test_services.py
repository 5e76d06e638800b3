"""Counts are recorded once, corrected openly, and always add up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mallard.kernel.access.actor import Actor, ActorKind, MissingPermission, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import Invalid
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.world.footfall.errors import (
    CountedTwice,
    CountFromTheFuture,
    CountOutOfRange,
    EntranceWasClosed,
    NotAQuarter,
    StaleRevision,
    TooManyCounts,
    UnknownEntrance,
)
from mallard.world.footfall.facts import CountInput, CountStatus, EntranceInput
from mallard.world.footfall.models import (
    CounterSource,
    Entrance,
    FootfallCorrection,
    FootfallCount,
    FootfallDay,
    FootfallHour,
)
from mallard.world.footfall.permissions import EDIT_ENTRANCE, RECORD_FOOTFALL
from mallard.world.footfall.services import (
    create_entrance,
    place_entrances,
    record_count,
    record_counts,
    save_entrances,
    update_entrance,
)
from mallard.world.footfall.tests.factories import COUNTER, NOON, a_count, an_entrance
from mallard.world.malls.tests.factories import FloorFactory, World, a_mall_group

API = CounterSource.API


@pytest.fixture
def world(frozen_clock) -> World:
    return a_mall_group()


def days() -> list[tuple[dt.date, int, int, int]]:
    rows = FootfallDay.objects.order_by("business_day")
    return [(row.business_day, row.entries, row.exits, row.quarters) for row in rows]


def is_added_up() -> bool:
    """Whether hours and days are exactly what the counts say."""
    hours: dict[object, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    sums: dict[object, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in FootfallCount.objects.select_related("entrance"):
        parts = (row.entries, row.exits, 1, int(row.origin == Origin.GENERATED))
        mall_id = row.entrance.mall_id
        for place, amount in enumerate(parts):
            hours[mall_id, row.business_day, row.hour][place] += amount
            sums[mall_id, row.business_day][place] += amount
    figures = ("entries", "exits", "quarters", "generated")
    found_hours = {
        (row.mall_id, row.business_day, row.hour): [getattr(row, name) for name in figures]
        for row in FootfallHour.objects.all()
    }
    found_days = {
        (row.mall_id, row.business_day): [getattr(row, name) for name in figures]
        for row in FootfallDay.objects.all()
    }
    return found_hours == dict(hours) and found_days == dict(sums)


@pytest.mark.django_db
def test_counts_add_up_by_hour_and_business_day(world: World):
    north, south = an_entrance(world.lakeside), an_entrance(world.lakeside, "SOUTH")
    counts = [a_count(north), a_count(south, entries=5), a_count(north, quarters=3, entries=7)]
    # 16 hours after noon it is 4 in the morning: still the same business day.
    counts += [a_count(north, quarters=64, entries=1), a_count(north, quarters=68, entries=2)]
    outcomes = record_counts(counts, actor=COUNTER, source=API)
    assert {outcome.status for outcome in outcomes} == {CountStatus.RECORDED}
    first = dt.date(2026, 3, 1)
    assert days() == [(first, 23, 10, 4), (first + dt.timedelta(days=1), 2, 1, 1)]
    noon = FootfallHour.objects.get(mall=world.lakeside, business_day=first, hour=12)
    assert (noon.entries, noon.quarters) == (22, 3)
    assert is_added_up()


@pytest.mark.django_db
def test_the_same_again_is_nothing_and_writes_nothing(world: World, django_assert_num_queries):
    count = a_count(an_entrance(world.lakeside))
    record_count(count, actor=COUNTER, source=API)
    before = Entry.objects.count()
    again = record_count(count, actor=COUNTER, source=API)
    assert (again.status, again.revision) == (CountStatus.UNCHANGED, 1)
    assert days() == [(dt.date(2026, 3, 1), 10, 5, 1)]
    assert Entry.objects.count() == before
    assert not FootfallCorrection.objects.exists()


@pytest.mark.django_db
def test_another_figure_corrects_and_keeps_what_stood_before(world: World):
    entrance = an_entrance(world.lakeside)
    record_count(a_count(entrance), actor=COUNTER, source=API)
    changed = record_count(a_count(entrance, entries=4), actor=COUNTER, source=CounterSource.STAFF)
    assert (changed.status, changed.revision) == (CountStatus.CORRECTED, 2)
    assert days() == [(dt.date(2026, 3, 1), 4, 2, 1)]
    [before] = FootfallCorrection.objects.all()
    assert (before.revision, before.entries, before.exits) == (1, 10, 5)
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.subject_id) == ("footfall.counts_corrected", entrance.pk)
    assert (entry.before, entry.after["entries"]) == ({"entries": 10}, 4)
    assert is_added_up()


@pytest.mark.django_db
def test_an_older_revision_that_comes_late_changes_nothing(world: World):
    entrance = an_entrance(world.lakeside)
    record_count(a_count(entrance, entries=9, revision=3), actor=COUNTER, source=API)
    with pytest.raises(StaleRevision):
        record_count(a_count(entrance, entries=8, revision=2), actor=COUNTER, source=API)
    assert days() == [(dt.date(2026, 3, 1), 9, 4, 1)]


@pytest.mark.django_db
def test_a_bad_count_says_why_and_stops_no_other(world: World, frozen_clock):
    north, gone = an_entrance(world.lakeside), an_entrance(world.lakeside, "GONE")
    Entrance.objects.filter(pk=gone.pk).update(closed_on=dt.date(2026, 3, 1))
    good = a_count(north)
    cases = [
        (CountInput("LAKE", "NOBODY", NOON, 1), UnknownEntrance),
        (CountInput("HILL", "NORTH", NOON, 1), UnknownEntrance),
        (CountInput("LAKE", "NORTH", NOON + dt.timedelta(minutes=7), 1), NotAQuarter),
        (a_count(north, quarters=1, entries=10_001), CountOutOfRange),
        (a_count(north, quarters=1, entries=-1), CountOutOfRange),
        (a_count(north, quarters=32 * 4), CountFromTheFuture),
        (a_count(gone), EntranceWasClosed),
        (a_count(north, entries=11), CountedTwice),
    ]
    outcomes = record_counts([good, *(case for case, _error in cases)], actor=COUNTER, source=API)
    assert outcomes[0].status is CountStatus.RECORDED
    assert [type(outcome.error) for outcome in outcomes[1:]] == [error for _case, error in cases]
    assert days() == [(dt.date(2026, 3, 1), 10, 5, 1)]


@pytest.mark.django_db
def test_a_batch_costs_the_same_few_statements_whatever_its_size(
    world: World, django_assert_max_num_queries
):
    entrance = an_entrance(world.lakeside)
    for size in (10, 400):
        counts = [a_count(entrance, quarters=-number) for number in range(size)]
        with django_assert_max_num_queries(9):
            record_counts(counts, actor=COUNTER, source=API)
    assert FootfallCount.objects.count() == 400
    with pytest.raises(TooManyCounts):
        record_counts([counts[0]] * 100_001, actor=COUNTER, source=API)


@pytest.mark.django_db
def test_generated_counts_are_told_from_real_ones(world: World):
    entrance = an_entrance(world.lakeside)
    learned = dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)
    record_counts(
        [a_count(entrance), a_count(entrance, quarters=1)],
        actor=COUNTER,
        source=CounterSource.HISTORY,
        origin=Origin.GENERATED,
        recorded_at=learned,
    )
    assert FootfallDay.objects.get().generated == 2
    assert set(FootfallCount.objects.values_list("recorded_at", flat=True)) == {learned}
    # The counter's own word replaces what was made up, even where the figure is the same.
    outcome = record_count(a_count(entrance), actor=COUNTER, source=API)
    assert outcome.status is CountStatus.CORRECTED
    assert FootfallDay.objects.get().generated == 1
    assert is_added_up()


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 1), st.integers(-40, 20), st.integers(0, 30)), max_size=12
        ),
        max_size=5,
    )
)
def test_whatever_comes_in_whatever_order_the_sums_are_the_counts(world: World, batches):
    with transaction.atomic():
        doors = [an_entrance(world.lakeside), an_entrance(world.hillside)]
        for batch in batches:
            record_counts(
                [a_count(doors[door], quarters=at, entries=n) for door, at, n in batch],
                actor=COUNTER,
                source=API,
            )
        assert is_added_up()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_key_counts_in_its_own_malls_only(world: World):
    here, there = an_entrance(world.lakeside), an_entrance(world.hillside)

    def counter(scope: Scope, *permissions: str) -> Actor:
        return Actor(ActorKind.API, uuid7(), "counter", frozenset(permissions), scope)

    of_lakeside = Scope(mall_ids=frozenset({world.lakeside.pk}))
    actor = counter(of_lakeside, RECORD_FOOTFALL)
    outcomes = record_counts([a_count(here), a_count(there)], actor=actor, source=API)
    assert [type(outcome.error) for outcome in outcomes] == [type(None), UnknownEntrance]
    tenant = counter(Scope(tenant_ids=frozenset({world.bakery.pk})), RECORD_FOOTFALL)
    with pytest.raises(UnknownEntrance):
        record_count(a_count(here, quarters=1), actor=tenant, source=API)
    with pytest.raises(MissingPermission):
        record_count(a_count(here, quarters=1), actor=counter(of_lakeside), source=API)
    assert FootfallCount.objects.count() == 1


@pytest.mark.django_db
def test_entrances_are_saved_placed_and_kept_in_their_mall(world: World):
    entrance = an_entrance(world.lakeside)
    floor = entrance.floor
    elsewhere = FloorFactory(mall=world.hillside, level=60)
    same = {"code": "NORTH", "name_en": "North"}
    saved = EntranceInput(mall_id=world.lakeside.pk, floor_id=floor.pk, **same)
    [row] = save_entrances([saved], actor=COUNTER)
    assert (row.pk, row.name_en) == (entrance.pk, "North")
    wrong = EntranceInput(mall_id=world.lakeside.pk, floor_id=elsewhere.pk, **same)
    moved = EntranceInput(mall_id=world.hillside.pk, floor_id=elsewhere.pk, **same)
    half = EntranceInput(mall_id=world.lakeside.pk, floor_id=floor.pk, x_dm=3, **same)
    for refused in (wrong, moved, half):
        with pytest.raises(Invalid):
            update_entrance(entrance.pk, refused, actor=COUNTER)
    place_entrances([(entrance.pk, 120, 40)], floor_id=floor.pk, actor=COUNTER)
    entrance.refresh_from_db()
    assert (entrance.x_dm, entrance.y_dm, entrance.name_en) == (120, 40, "North")
    tenant = Actor(
        ActorKind.STAFF,
        uuid7(),
        "",
        frozenset({EDIT_ENTRANCE}),
        Scope(tenant_ids=frozenset({world.bakery.pk})),
    )
    with pytest.raises(Invalid):
        create_entrance(
            EntranceInput(mall_id=world.lakeside.pk, floor_id=floor.pk, code="X", name_en="X"),
            actor=tenant,
        )
    assert Entrance.objects.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_half_quarters_and_edits_of_history(world: World):
    entrance = an_entrance(world.lakeside)
    record_count(a_count(entrance), actor=COUNTER, source=API)
    record_count(a_count(entrance, entries=3), actor=COUNTER, source=API)
    row = FootfallCount.objects.get()
    for at in (NOON + dt.timedelta(minutes=5), NOON + dt.timedelta(seconds=1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            FootfallCount.objects.filter(entrance=row.entrance_id).update(quarter_at=at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        FootfallCorrection.objects.update(entries=0)


@pytest.mark.django_db(transaction=True)
def test_two_counters_at_once_lose_nothing_and_count_nothing_twice():
    world = a_mall_group()
    doors = [an_entrance(world.lakeside), an_entrance(world.lakeside, "SOUTH")]
    batches = [
        [a_count(doors[n % 2], quarters=-n) for n in range(40)],
        [a_count(doors[n % 2], quarters=-n) for n in reversed(range(40))],
        [a_count(doors[1], quarters=-n, entries=3) for n in range(40, 60)],
    ]
    barrier = Barrier(len(batches))

    def send(batch: list[CountInput]) -> list[CountStatus]:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return [one.status for one in record_counts(batch, actor=COUNTER, source=API)]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(batches)) as pool:
        answers = list(pool.map(send, batches))
    statuses = [status for answer in answers for status in answer]
    assert statuses.count(CountStatus.RECORDED) == 60
    assert statuses.count(CountStatus.UNCHANGED) == 40
    assert is_added_up()
