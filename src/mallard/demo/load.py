"""Loading the demo's year through the same services that a POS feed uses.

The load can be killed at any moment and started again: every stage is safe to repeat, and a batch
of receipts commits together with the count of visits that are done. Whatever happened in between,
the installation ends in the same state. (Receipts carry stable numbers, so even a batch that was
sent twice would be recognised.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import duckdb
from django.db import connection

from mallard.demo.calendar import business_day, shift_weeks
from mallard.demo.models import DemoLoad
from mallard.demo.people import DemoPerson, card_number, demographics, people
from mallard.demo.people_load import load_catalogue, load_members, load_programme
from mallard.demo.place import CURRENCY
from mallard.demo.place_load import load_place
from mallard.demo.products import categories, products, sku_of
from mallard.demo.receipts import DemoReceipt, Year
from mallard.demo.source import EXPECTED, open_source
from mallard.kernel import clock
from mallard.kernel.access.actor import Actor, system
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.checkout.outcomes import Status
from mallard.value.checkout.services import record_receipts
from mallard.value.sales.facts import LineInput, ReceiptInput, TenderInput
from mallard.value.sales.models import Source
from mallard.world.malls.models import Group
from mallard.world.members.inputs import MemberRef

# About 1,750 receipts with two postings each: below what one call of the ledger takes, and few
# enough to lose little when killed.
BATCH_VISITS = 600
# The planner knows nothing about tables that were empty a moment ago; after so many batches
# there is enough in them to look.
ANALYSE_AFTER_BATCHES = (2, 16, 80)
PRODUCTS_SOLD = 68_509

Stage = DemoLoad.Stage
STAGES = (Stage.PLACE, Stage.CATALOGUE, Stage.PROGRAMME, Stage.MEMBERS, Stage.RECEIPTS)


class NotADemoError(Exception):
    """This installation holds somebody's own data, which the demo must not be mixed with."""


class RefusedReceiptsError(Exception):
    """The product refused receipts of the demo: the reading of the year is wrong."""


@dataclass(frozen=True, slots=True)
class Step:
    """Progress of a stage: `done` of `total` units of work."""

    stage: DemoLoad.Stage
    done: int
    total: int


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
    return DemoLoad.objects.create(weeks=shift_weeks(business_day(now)), started_at=now)


def run(load: DemoLoad, *, batch_visits: int = BATCH_VISITS) -> Iterator[Step]:
    """Do what is left of the load, step by step.

    Raises:
        RefusedReceiptsError: nothing of that batch is recorded.
    """
    if load.stage == Stage.FINISHED:
        return
    actor = system("demo load")
    with open_source() as source:
        year = Year(source)
        for stage in STAGES[STAGES.index(Stage(load.stage)) :]:
            yield from _STAGES[stage](load, source, year, actor, batch_visits)
            _reach(load, stage)
    _analyse()


def _reach(load: DemoLoad, finished: DemoLoad.Stage) -> None:
    following = [*STAGES, Stage.FINISHED]
    load.stage = following[following.index(finished) + 1]
    load.finished_at = clock.now() if load.stage == Stage.FINISHED else None
    load.save(update_fields=["stage", "finished_at"])


Runner = Callable[
    [DemoLoad, duckdb.DuckDBPyConnection, Year, Actor, int],
    Iterator[Step],
]


def _place(
    load: DemoLoad, source: duckdb.DuckDBPyConnection, year: Year, actor: Actor, _batch: int
) -> Iterator[Step]:
    load_place(year.stores(), weeks=load.weeks, actor=actor)
    yield Step(Stage.PLACE, 1, 1)


def _catalogue(
    load: DemoLoad, source: duckdb.DuckDBPyConnection, year: Year, actor: Actor, _batch: int
) -> Iterator[Step]:
    done = 0
    for count in load_catalogue(categories(source), products(source), actor=actor):
        done += count
        yield Step(Stage.CATALOGUE, done, PRODUCTS_SOLD)


def _programme(
    load: DemoLoad, source: duckdb.DuckDBPyConnection, year: Year, actor: Actor, _batch: int
) -> Iterator[Step]:
    load_programme(weeks=load.weeks, actor=actor)
    yield Step(Stage.PROGRAMME, 1, 1)


def _members(
    load: DemoLoad, source: duckdb.DuckDBPyConnection, year: Year, actor: Actor, _batch: int
) -> Iterator[Step]:
    everybody = list(people(year.first_visits(), demographics(source), weeks=load.weeks))
    _enrol_once(load, everybody, actor)
    yield Step(Stage.MEMBERS, len(everybody), EXPECTED.households)


@atomic_retrying
def _enrol_once(load: DemoLoad, everybody: Sequence[DemoPerson], actor: Actor) -> None:
    """Members are enrolled together with the note that they are: enrolling cannot be repeated."""
    load_members(everybody, actor=actor)
    DemoLoad.objects.filter(pk=load.pk).update(stage=Stage.RECEIPTS)


def _receipts(
    load: DemoLoad,
    source: duckdb.DuckDBPyConnection,
    year: Year,
    actor: Actor,
    batch_visits: int,
) -> Iterator[Step]:
    names = {product.sku: product.name for product in products(source)}
    feed = year.batches(weeks=load.weeks, first_visit=load.done_visits, batch_visits=batch_visits)
    total = year.visits
    for number, batch in enumerate(feed, start=1):
        done = min(load.done_visits + batch_visits, total)
        record_batch([as_input(receipt, names) for receipt in batch], done, actor=actor)
        load.done_visits = done
        if number in ANALYSE_AFTER_BATCHES:
            _analyse()
        yield Step(Stage.RECEIPTS, done, total)


@atomic_retrying
def record_batch(receipts: Sequence[ReceiptInput], done_visits: int, *, actor: Actor) -> None:
    """Record a batch and that it is recorded, in one transaction.

    Raises:
        RefusedReceiptsError: at least one was refused; nothing is recorded.
    """
    outcomes = record_receipts(receipts, actor=actor, source=Source.HISTORY)
    refused = [outcome for outcome in outcomes if outcome.status is Status.REFUSED]
    if refused:
        first = refused[0]
        raise RefusedReceiptsError(
            f"{len(refused)} receipts were refused; {first.store_code} {first.number}: "
            f"{first.error}"
        )
    DemoLoad.objects.update(done_visits=done_visits)


def as_input(receipt: DemoReceipt, names: dict[str, str]) -> ReceiptInput:
    """A receipt of the year as a till sends it. Its time is also when it was recorded."""
    return ReceiptInput(
        store_code=receipt.store,
        number=receipt.number,
        occurred_at=receipt.occurred_at,
        currency=CURRENCY,
        member=MemberRef("card", card_number(receipt.household)),
        lines=tuple(
            LineInput(sku, names[sku], line.quantity_milli, line.amount_minor, line.discount_minor)
            for line in receipt.lines
            for sku in (sku_of(line.product_id),)
        ),
        tenders=_tenders(receipt),
        visit_reference=str(receipt.visit),
        recorded_at=receipt.occurred_at,
    )


def _tenders(receipt: DemoReceipt) -> tuple[TenderInput, ...]:
    """Coupons are the only means of payment that the source tells; the rest is not known.

    A coupon worth more than the tenant's lines pays them and no more: no till gives change.
    """
    if not receipt.coupon_minor:
        return ()
    due = receipt.amount_minor
    coupon = min(receipt.coupon_minor, due)
    tenders = [TenderInput("coupon", coupon)]
    if due > coupon:
        tenders.append(TenderInput("other", due - coupon))
    return tuple(tenders)


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


_STAGES: dict[DemoLoad.Stage, Runner] = {
    Stage.PLACE: _place,
    Stage.CATALOGUE: _catalogue,
    Stage.PROGRAMME: _programme,
    Stage.MEMBERS: _members,
    Stage.RECEIPTS: _receipts,
}
