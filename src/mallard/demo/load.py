"""Loading the demo's year through the same services that a POS feed uses.

The load can be killed at any moment and started again: every stage is safe to repeat, and a batch
of receipts commits together with how far its feed is. Whatever happened in between, the
installation ends in the same state. (Receipts carry stable numbers, so even a batch that was sent
twice would be recognised.)
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

import duckdb
from django.db import connection, connections

from mallard.demo.calendar import FIRST_DAY, ZONE, business_day, shift_weeks
from mallard.demo.feeds import BATCH_VISITS, fitting_feeds, open_feeds, places, record_in_turn
from mallard.demo.models import DemoLoad
from mallard.demo.people import DemoPerson, demographics, people
from mallard.demo.people_load import load_catalogue, load_members, load_programme
from mallard.demo.place import MALLS, PLACES
from mallard.demo.place_load import load_place
from mallard.demo.products import categories, names_of_goods, products
from mallard.demo.receipts import Year
from mallard.demo.source import open_source
from mallard.demo.staff import create_logins
from mallard.demo.story import (
    children,
    chosen,
    declarations,
    footfall,
    former,
    frauds,
    friends,
    lapses,
    paper,
    phones,
    privacy,
    targets,
    tasks,
    twice,
)
from mallard.demo.story import people as story_people
from mallard.demo.story import rewards as story_rewards
from mallard.demo.workers import FeedPlan, record
from mallard.kernel import clock
from mallard.kernel.access.actor import Actor, system
from mallard.kernel.collecting import seldom_collecting
from mallard.kernel.database.transactions import atomic_retrying, statement_limits
from mallard.kernel.processes import Processes
from mallard.value.ledger import services as ledger
from mallard.value.ledger.rollups import roll_up_funder_days
from mallard.value.rewards import services as rewards
from mallard.value.sales.goods import fill_goods
from mallard.value.sales.rollups import fill as fill_rollups
from mallard.value.watch import services as watch
from mallard.world.malls.models import Group
from mallard.world.quality.services import measure

# The planner knows nothing about tables that were empty a moment ago; once so many visits are
# recorded there is enough in them to look.
ANALYSE_AFTER_VISITS = (3_000, 20_000, 80_000)
PASSWORD_BYTES = 8

Stage = DemoLoad.Stage
STAGES = (
    Stage.PLACE,
    Stage.CATALOGUE,
    Stage.PROGRAMME,
    Stage.STAFF,
    Stage.MEMBERS,
    Stage.RECEIPTS,
    Stage.STORY,
    Stage.CLOSING,
)


class NotADemoError(Exception):
    """This installation holds somebody's own data, which the demo must not be mixed with."""


@dataclass(frozen=True, slots=True)
class Step:
    """Progress of a stage: `done` of `total` units of work."""

    stage: DemoLoad.Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Manner:
    """How receipts are recorded: in `feeds` beside each other (where the load has not begun with
    another number), each in a process of its own or all in this one, in turn; ``most_visits``
    for a part of the year only."""

    feeds: int
    batch_visits: int = BATCH_VISITS
    is_parallel: bool = True
    most_visits: int | None = None


def begin() -> DemoLoad:
    """The load of this installation, new or already under way.

    Raises:
        NotADemoError: there is a mall group here that no demo load has made.
    """
    load = DemoLoad.objects.first()
    if load is not None:
        return load
    if Group.objects.exists():
        raise NotADemoError("this installation already has a mall group of its own")
    now = clock.now()
    return DemoLoad.objects.create(
        weeks=shift_weeks(business_day(now)),
        password=new_password(),
        started_at=now,
    )


def new_password() -> str:
    """A password for all of the demo's logins.

    Of the letters only a to f: of the whole alphabet, one in some thousand is refused as too
    similar to one of the mail addresses.
    """
    return secrets.token_hex(PASSWORD_BYTES)


def run(load: DemoLoad, *, manner: Manner | None = None) -> Generator[Step, None, None]:
    """Do what is left of the load, step by step.

    Raises:
        RefusedReceiptsError: nothing of that batch is recorded.
        ProcessDiedError: a process that recorded receipts was killed. Both may be run again.
    """
    if load.stage == Stage.FINISHED:
        return
    manner = manner or Manner(fitting_feeds())
    stages = STAGES[STAGES.index(Stage(load.stage)) :]
    with seldom_collecting(), open_source() as source, ExitStack() as stack:
        year = Year(source, most_visits=manner.most_visits)
        plans = _plans(load, manner) if Stage.RECEIPTS in stages else []
        # They read the year while the stages before theirs, which keep one core busy, are done.
        processes = None
        if manner.is_parallel:
            processes = stack.enter_context(Processes(record, plans, name="feed"))
        work = Work(load, source, year, system("demo load"), plans, processes)
        for stage in stages:
            yield from _STAGES[stage](work)
            _reach(load, stage)


def _reach(load: DemoLoad, finished: DemoLoad.Stage) -> None:
    following = [*STAGES, Stage.FINISHED]
    load.stage = following[following.index(finished) + 1]
    load.finished_at = clock.now() if load.stage == Stage.FINISHED else None
    load.save(update_fields=["stage", "finished_at"])


@dataclass(frozen=True, slots=True)
class Work:
    """What the stages work with: where the load stands, the year to be read, in whose name, the
    feeds, and the processes that record them (None where this one does)."""

    load: DemoLoad
    source: duckdb.DuckDBPyConnection
    year: Year
    actor: Actor
    plans: Sequence[FeedPlan]
    processes: Processes[FeedPlan, tuple[int, int]] | None


Runner = Callable[[Work], Iterator[Step]]


def _plans(load: DemoLoad, manner: Manner) -> list[FeedPlan]:
    feeds = open_feeds(manner.feeds)
    return [
        FeedPlan(
            number,
            feeds,
            load.weeks,
            manner.batch_visits,
            manner.most_visits,
        )
        for number in range(feeds)
    ]


def _place(work: Work) -> Iterator[Step]:
    load_place(work.year.stores(), weeks=work.load.weeks, actor=work.actor)
    yield Step(Stage.PLACE, 1, 1)


def _catalogue(work: Work) -> Iterator[Step]:
    done = 0
    sold = work.year.skus()
    goods = (product for product in products(work.source) if product.sku in sold)
    # What takes long about logins is their password, on purpose.
    with _beside(work, partial(_make_logins, work)):
        for count in load_catalogue(categories(work.source), goods, actor=work.actor):
            done += count
            yield Step(Stage.CATALOGUE, done, len(sold))


def _programme(work: Work) -> Iterator[Step]:
    load_programme(weeks=work.load.weeks, actor=work.actor)
    yield Step(Stage.PROGRAMME, 1, 1)


def _staff(work: Work) -> Iterator[Step]:
    _make_logins(work)
    yield Step(Stage.STAFF, 1, 1)


def _make_logins(work: Work) -> None:
    create_logins(work.load.password, actor=work.actor)


def _members(work: Work) -> Iterator[Step]:
    seen = work.year.first_visits()
    everybody = list(people(seen, demographics(work.source), weeks=work.load.weeks))
    _enrol_once(work.load, everybody, work.actor)
    yield Step(Stage.MEMBERS, len(everybody), len(everybody))


@atomic_retrying
def _enrol_once(load: DemoLoad, everybody: Sequence[DemoPerson], actor: Actor) -> None:
    """Members are enrolled together with the note that they are: enrolling cannot be repeated.

    What came over from another system comes with them: tiers count from the first receipts on.
    """
    load_members(everybody, actor=actor)
    former.plant(everybody, weeks=load.weeks)
    DemoLoad.objects.filter(pk=load.pk).update(stage=Stage.RECEIPTS)


def _receipts(work: Work) -> Iterator[Step]:
    _analyse()
    if work.processes is not None:
        told = work.processes.results()
    else:
        told = record_in_turn(work.year, names_of_goods(work.source), work.plans)
    last = 0
    for done in _visits_done(told):
        if any(last < mark <= done for mark in ANALYSE_AFTER_VISITS):
            _analyse()
        last = done
        yield Step(Stage.RECEIPTS, done, work.year.visits)


def _visits_done(told: Iterable[tuple[int, int]]) -> Iterator[int]:
    """How many visits are recorded, whenever a feed tells how far it is."""
    done = places()
    for number, visits in told:
        done[number] = visits
        yield sum(done.values()) // len(done)


def _story(work: Work) -> Iterator[Step]:
    """What the source lacks. Each part is planted once, or changes nothing when it is repeated.

    Once all receipts are there, the database adds them up beside what else is planted.
    """
    total = 13 + len(MALLS) + len(PLACES)
    done = 0
    for done, _part in enumerate(_parts_with_receipts(work.load, work.actor), 1):
        yield Step(Stage.STORY, done, total)
    with _beside(work, _add_up_sales):
        for more, _part in enumerate(_other_parts(work.load, work.actor), 1):
            yield Step(Stage.STORY, done + more, total)


@contextmanager
def _beside(work: Work, job: Callable[[], None]) -> Iterator[None]:
    """Have ``job`` done when the block ends: in a thread and on a connection of its own, or before,
    where the load keeps to one. Raises what it raised."""
    if work.processes is None:
        job()
        yield
        return

    def do_and_leave() -> None:
        try:
            job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(do_and_leave)
        yield
    future.result()


def _parts_with_receipts(load: DemoLoad, actor: Actor) -> Iterator[None]:
    """Plant them part by part; yields after each. After them no receipt comes."""
    _plant_frauds_once(load, actor)
    yield
    paper.plant(weeks=load.weeks, loaded_at=load.started_at, actor=actor)
    yield


def _other_parts(load: DemoLoad, actor: Actor) -> Iterator[None]:
    lapses.plant(weeks=load.weeks, actor=actor)
    yield
    story_rewards.plant(weeks=load.weeks, actor=actor)
    yield
    for _mall in footfall.plant(weeks=load.weeks, actor=actor):
        yield
    for _place in declarations.plant(weeks=load.weeks, actor=actor):
        yield
    declarations.dispute(weeks=load.weeks)
    yield
    targets.plant(weeks=load.weeks, actor=actor)
    yield
    tasks.plant(weeks=load.weeks, actor=actor)
    yield
    twice.plant(weeks=load.weeks, actor=actor)
    yield
    privacy.plant(weeks=load.weeks, actor=actor)
    yield
    chosen.plant(actor=actor)
    yield
    friends.plant(weeks=load.weeks, actor=actor)
    yield
    phones.plant(weeks=load.weeks, loaded_at=load.started_at)
    yield
    children.plant(weeks=load.weeks, actor=actor)
    yield


@atomic_retrying
def _plant_frauds_once(load: DemoLoad, actor: Actor) -> None:
    if story_people.are_employed():
        return
    story_people.employ(actor=actor)
    story_people.enrol(story_people.MEMBERS, weeks=load.weeks, actor=actor)
    frauds.plant(weeks=load.weeks, actor=actor)


def _closing(work: Work) -> Iterator[Step]:
    """What the clock would have done during the year: expire points, add up the funders' days, look
    for fraud."""
    while ledger.expire_due(actor=work.actor).has_more:
        pass
    with statement_limits(statement_ms=0), _beside(work, _analyse):
        roll_up_funder_days()
        rewards.slice_liability()
        measure(actor=work.actor)
    watch.look(actor=work.actor, since=_first_moment(work.load))
    yield Step(Stage.CLOSING, 1, 1)


def _add_up_sales() -> None:
    """By hour, member and product. Changes nothing where it is done already."""
    with statement_limits(statement_ms=0):
        fill_rollups()
        fill_goods()


def _first_moment(load: DemoLoad) -> datetime:
    return datetime.combine(FIRST_DAY + timedelta(weeks=load.weeks), time(), ZONE)


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


_STAGES: dict[DemoLoad.Stage, Runner] = {
    Stage.PLACE: _place,
    Stage.CATALOGUE: _catalogue,
    Stage.PROGRAMME: _programme,
    Stage.STAFF: _staff,
    Stage.MEMBERS: _members,
    Stage.RECEIPTS: _receipts,
    Stage.STORY: _story,
    Stage.CLOSING: _closing,
}
