"""What tenants declare: once a day and store, corrected openly, reviewed by the mall."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mallard.kernel.access.actor import (
    WHOLE_GROUP,
    Actor,
    ActorKind,
    MissingPermission,
    Scope,
    system,
)
from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import Invalid, NotFound
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.provenance import Origin
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.sales.declarations import queries
from mallard.value.sales.declarations.facts import DeclarationInput, DeclarationResult
from mallard.value.sales.declarations.rules import last_day_due
from mallard.value.sales.declarations.services import (
    OwnDeclaration,
    declare_day,
    declare_sales,
    review_declarations,
)
from mallard.value.sales.errors import (
    DeclarationConfirmed,
    DeclaredTwice,
    InvalidDeclaration,
    UnknownStoreToDeclare,
)
from mallard.value.sales.models import (
    DeclarationRevision,
    DeclarationStatus,
    SalesDeclaration,
    Source,
)
from mallard.value.sales.permissions import DECLARE_SALES, REVIEW_DECLARATION
from mallard.world.malls.models import Store
from mallard.world.malls.tests.factories import a_mall_group

DAY = NOON.date()
STAFF = system("tests")


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=2))
    return a_trading_world()


def a_declaration(
    store: Store, amount_minor: int = 10_000, *, day: dt.date = DAY, receipts: int | None = None
) -> DeclarationInput:
    return DeclarationInput(store.code, day, amount_minor, store.mall.currency, receipts)


def declare(declaration: DeclarationInput, **more):
    return declare_day(declaration, actor=STAFF, source=Source.STAFF, **more)


@pytest.mark.django_db
def test_a_day_is_declared_corrected_and_every_word_is_kept(world: TradingWorld):
    first = declare(a_declaration(world.bakery))
    again = declare(a_declaration(world.bakery))
    other = declare(a_declaration(world.bakery, 12_000, receipts=3))
    assert [one.result for one in (first, again, other)] == ["recorded", "unchanged", "corrected"]
    row = SalesDeclaration.objects.get()
    assert (row.amount_minor, row.receipts, row.revision, row.status) == (12_000, 3, 2, "declared")
    kept = DeclarationRevision.objects.order_by("revision")
    assert [one.amount_minor for one in kept] == [10_000, 12_000]
    entry = Entry.objects.get(action="sales.declarations_corrected")
    assert (entry.before, entry.after["amount_minor"]) == ({"amount_minor": 10_000}, 12_000)


@pytest.mark.django_db
def test_a_bad_declaration_says_why_and_stops_no_other(world: TradingWorld):
    bakery = world.bakery
    Store.objects.filter(pk=world.pharmacy.pk).update(closed_on=DAY)
    tomorrow = DAY + dt.timedelta(days=3)
    cases = [
        (DeclarationInput("NOBODY", DAY, 1, "CNY"), UnknownStoreToDeclare),
        (DeclarationInput(bakery.code, DAY, 1, "USD"), InvalidDeclaration),
        (a_declaration(bakery, day=tomorrow), InvalidDeclaration),
        (a_declaration(world.pharmacy), InvalidDeclaration),
        (a_declaration(bakery, 10**13), InvalidDeclaration),
        (a_declaration(bakery, day=DAY - dt.timedelta(days=1), receipts=-1), InvalidDeclaration),
        (a_declaration(bakery, 7), DeclaredTwice),
    ]
    outcomes = declare_sales(
        [a_declaration(bakery), *(case for case, _error in cases)], actor=STAFF, source=Source.API
    )
    assert outcomes[0].result is DeclarationResult.RECORDED
    assert [type(one.error) for one in outcomes[1:]] == [error for _case, error in cases]
    assert SalesDeclaration.objects.count() == 1


@pytest.mark.django_db
def test_review_confirms_disputes_and_opens_again(world: TradingWorld):
    declared = declare(a_declaration(world.bakery))
    ids = [declared.declaration_id]

    def review(status: DeclarationStatus, reason: str = "") -> int:
        return review_declarations(ids, status=status, reason=reason, actor=STAFF)

    with pytest.raises(Invalid):
        review(DeclarationStatus.DISPUTED, "  ")
    assert review(DeclarationStatus.DISPUTED, "Receipts say twice as much.") == 1
    assert review(DeclarationStatus.DISPUTED, "Receipts say twice as much.") == 0
    # The same figure again does not settle it; another one answers it.
    assert declare(a_declaration(world.bakery)).result == "unchanged"
    assert SalesDeclaration.objects.get().status == DeclarationStatus.DISPUTED
    declare(a_declaration(world.bakery, 20_000))
    row = SalesDeclaration.objects.get()
    assert (row.status, row.reason) == (DeclarationStatus.DECLARED, "")
    assert review(DeclarationStatus.CONFIRMED) == 1
    with pytest.raises(DeclarationConfirmed):
        declare(a_declaration(world.bakery, 30_000))
    assert review(DeclarationStatus.DECLARED) == 1
    assert declare(a_declaration(world.bakery, 30_000)).result == "corrected"
    statuses = DeclarationRevision.objects.order_by("revision").values_list("status", flat=True)
    assert list(statuses) == [
        "declared", "disputed", "declared", "confirmed", "declared", "declared",
    ]  # fmt: skip
    assert OutboxEvent.objects.filter(name="sales.declaration_reviewed").count() == 3


@pytest.mark.django_db
def test_tenants_declare_their_own_stores_and_review_nothing(world: TradingWorld):
    def tenant(*permissions: str) -> Actor:
        scope = Scope(tenant_ids=frozenset({world.place.bakery.pk}))
        return Actor(ActorKind.STAFF, uuid7(), "", frozenset(permissions), scope)

    both = tenant(DECLARE_SALES, REVIEW_DECLARATION)
    mine = declare_day(a_declaration(world.bakery), actor=both, source=Source.STAFF)
    with pytest.raises(UnknownStoreToDeclare):
        declare_day(a_declaration(world.pharmacy), actor=both, source=Source.STAFF)
    with pytest.raises(MissingPermission):
        declare_day(a_declaration(world.bakery, 1), actor=tenant(), source=Source.STAFF)
    with pytest.raises(OwnDeclaration):
        review_declarations([mine.declaration_id], status=DeclarationStatus.CONFIRMED, actor=both)
    theirs = declare(a_declaration(world.pharmacy))
    for wanted in (theirs.declaration_id, uuid7()):
        with pytest.raises(NotFound):
            review_declarations([wanted], status=DeclarationStatus.CONFIRMED, actor=both)
    assert set(SalesDeclaration.objects.values_list("status", flat=True)) == {"declared"}


@pytest.mark.django_db
def test_declared_and_recorded_are_compared_over_the_same_days(world: TradingWorld):
    a_member("13812345678", store=world.bakery)
    receipts = [
        a_receipt(world.bakery, "R1", 8_000, phone="13812345678"),
        a_receipt(world.bakery, "R2", 1_000),
        a_receipt(world.bakery, "R3", 5_000, at=NOON + dt.timedelta(days=1)),
        a_receipt(world.pharmacy, "R4", 4_000, phone="13812345678"),
    ]
    record_receipts(receipts, actor=TILL, source=Source.POS)
    declare(a_declaration(world.bakery, 10_000))
    declare(a_declaration(world.pharmacy, 4_000))
    last = DAY + dt.timedelta(days=1)
    ids = [world.bakery.pk, world.pharmacy.pk]
    [total] = queries.compared_totals(WHOLE_GROUP, DAY, last, store_ids=ids)
    assert (total.declared_minor, total.recorded_minor, total.member_minor) == (
        14_000, 13_000, 12_000,
    )  # fmt: skip
    assert (total.declared_days, total.open_days, total.currency) == (2, 4, "CNY")
    by_tenant = queries.compared_totals(WHOLE_GROUP, DAY, last, by="tenant", store_ids=ids)
    assert {one.place_id: one.difference_minor for one in by_tenant} == {
        world.place.bakery.pk: 1_000,
        world.place.pharmacy.pk: 0,
    }
    tenant = Scope(tenant_ids=frozenset({world.place.pharmacy.pk}))
    assert [d.declared_minor for d in queries.compared_days(tenant, DAY, DAY)] == [4_000, None]
    days = queries.compared_days(WHOLE_GROUP, DAY, last, store_ids=[world.bakery.pk])
    assert [(d.declared_minor, d.recorded_minor, d.difference_minor) for d in days] == [
        (10_000, 9_000, 1_000),
        (None, 5_000, None),
    ]
    missing = queries.missing_days(WHOLE_GROUP, DAY, last, store_ids=ids)
    assert {day for _store, day in missing} == {last}
    rows = queries.beside_receipts(queries.declarations_in(WHOLE_GROUP)).order_by("-gap_minor")
    assert [(row.difference_minor, row.gap_minor) for row in rows] == [(1_000, 1_000), (0, 0)]


@pytest.mark.django_db
def test_history_keeps_its_own_times_and_says_what_was_made_up(world: TradingWorld):
    learned = NOON + dt.timedelta(hours=20)
    declare_sales(
        [a_declaration(world.bakery, day=DAY - dt.timedelta(days=n)) for n in range(50)],
        actor=STAFF,
        source=Source.HISTORY,
        origin=Origin.GENERATED,
        recorded_at=learned,
    )
    assert set(SalesDeclaration.objects.values_list("recorded_at", "declared_at", "origin")) == {
        (learned, learned, "generated")
    }
    changed = review_declarations(
        list(SalesDeclaration.objects.values_list("id", flat=True)),
        status=DeclarationStatus.CONFIRMED,
        actor=STAFF,
        origin=Origin.GENERATED,
        recorded_at=learned,
    )
    assert changed == 50
    assert DeclarationRevision.objects.filter(status="confirmed", said_at=learned).count() == 50


@pytest.mark.django_db
def test_a_batch_costs_the_same_few_statements_whatever_its_size(
    world: TradingWorld, django_assert_max_num_queries
):
    for size in (5, 200):
        batch = [a_declaration(world.bakery, day=DAY - dt.timedelta(days=n)) for n in range(size)]
        with django_assert_max_num_queries(6):
            declare_sales(batch, actor=STAFF, source=Source.API)


def test_a_day_is_due_so_many_hours_after_its_business_day_ended(frozen_clock):
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Shanghai")
    # 2 March, 20:00 in Shanghai: the 28th ended on 1 March at 5, the 1st on 2 March at 5.
    assert last_day_due(NOON, zone, 5, 24) == dt.date(2026, 2, 28)
    assert last_day_due(NOON, zone, 5, 15) == dt.date(2026, 3, 1)


@pytest.mark.django_db
def test_the_database_refuses_a_second_word_for_a_day_and_edits_of_history(world: TradingWorld):
    declare(a_declaration(world.bakery))
    row = SalesDeclaration.objects.get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        DeclarationRevision.objects.update(amount_minor=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        SalesDeclaration.objects.filter(pk=row.pk).update(status="disputed", reason="")
    row.pk = uuid7()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_a_day_declared_twice_at_once_is_one_declaration():
    place = a_mall_group()
    day = dt.date(2026, 1, 5)
    amounts = [1_000, 2_000, 3_000]
    barrier = Barrier(len(amounts))

    def send(amount: int) -> DeclarationResult:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return declare(a_declaration(place.lakeside_bakery, amount, day=day)).result
        finally:
            connection.close()

    with ThreadPoolExecutor(len(amounts)) as pool:
        results = sorted(pool.map(send, amounts))
    assert results == ["corrected", "corrected", "recorded"]
    row = SalesDeclaration.objects.get()
    assert row.revision == 3
    assert row.revisions.count() == 3
