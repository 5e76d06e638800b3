"""The load: exact, resumable wherever it is killed, and never into somebody's own data."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db.models import F, Sum

from mallard.demo import load as loading
from mallard.demo.load import NotADemoError, RefusedReceiptsError, as_input, begin, run
from mallard.demo.models import DemoLoad
from mallard.demo.products import products, sku_of
from mallard.demo.receipts import DemoLine, DemoReceipt
from mallard.kernel.access.actor import system
from mallard.value.loyalty.models import Assessment
from mallard.value.loyalty.queries import forget_programme
from mallard.value.sales.models import Receipt, Tender
from mallard.world.catalog.models import Product
from mallard.world.malls import queries as mall_queries
from mallard.world.malls import services as malls
from mallard.world.malls.facts import GroupInput
from mallard.world.malls.models import Lease, Mall, Store
from mallard.world.members.models import Member

VISITS = 120
BATCH = 25


class FewVisits:
    """The first visits of the year only, with the people who made them."""

    def __init__(self, year, fails_at: int | None = None) -> None:
        self._year = year
        self.visits = VISITS
        self.fails_at = fails_at
        self.receipts = next(year.batches(weeks=0, batch_visits=VISITS))

    def stores(self):
        return self._year.stores()

    def first_visits(self):
        here = {receipt.household for receipt in self.receipts}
        return {h: first for h, first in self._year.first_visits().items() if h in here}

    def batches(self, *, weeks, first_visit=0, batch_visits):
        for start in range(first_visit, self.visits, batch_visits):
            if self.fails_at is not None and start >= self.fails_at:
                raise KeyboardInterrupt
            size = min(batch_visits, self.visits - start)
            yield next(self._year.batches(weeks=weeks, first_visit=start, batch_visits=size))


@pytest.fixture(scope="module")
def few(year) -> FewVisits:
    return FewVisits(year)


@pytest.fixture
def small_year(monkeypatch, source, few):
    """`run` reads only the first visits; returns what it reads them from."""
    sold = {sku_of(line.product_id) for receipt in few.receipts for line in receipt.lines}
    goods = [product for product in products(source) if product.sku in sold]

    @contextmanager
    def opened():
        yield source

    monkeypatch.setattr(loading, "open_source", opened)
    monkeypatch.setattr(loading, "Year", lambda _connection: few)
    monkeypatch.setattr(loading, "products", lambda _connection: goods)
    few.fails_at = None
    # These caches outlive the rows of the test before, whose transaction was rolled back.
    mall_queries.forget_store_facts()
    forget_programme()
    return few


def _state() -> dict[str, object]:
    return {
        "receipts": sorted(
            Receipt.objects.values_list("store__code", "number", "net_minor", "occurred_at")
        ),
        "points": sorted(
            Assessment.objects.values_list("receipt__number", "reason", "tenant_points")
        ),
        "members": Member.objects.count(),
        "stores": Store.objects.count(),
        "leases": Lease.objects.count(),
        "products": Product.objects.count(),
    }


@pytest.mark.django_db
def test_what_was_sold_is_what_is_recorded(small_year):
    load = begin()
    steps = list(run(load, batch_visits=BATCH))

    load.refresh_from_db()
    assert load.stage == DemoLoad.Stage.FINISHED
    assert load.finished_at is not None
    assert load.done_visits == VISITS
    assert [step.done for step in steps if step.stage == DemoLoad.Stage.RECEIPTS][-1] == VISITS
    assert Receipt.objects.count() == len(small_year.receipts)
    assert Receipt.objects.aggregate(net=Sum("net_minor"))["net"] == sum(
        receipt.amount_minor for receipt in small_year.receipts
    )
    assert Assessment.objects.count() == Receipt.objects.count()
    assert (Mall.objects.count(), Store.objects.count()) == (7, 139)
    assert not Receipt.objects.exclude(recorded_at=F("occurred_at")).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("killed_at", [0, BATCH, 3 * BATCH])
def test_a_load_that_was_killed_ends_in_the_same_state(small_year, killed_at):
    small_year.fails_at = killed_at
    with pytest.raises(KeyboardInterrupt):
        list(run(begin(), batch_visits=BATCH))
    assert DemoLoad.objects.get().done_visits == killed_at
    small_year.fails_at = None
    list(run(begin(), batch_visits=BATCH))
    resumed = _state()

    assert len(resumed["receipts"]) == len(small_year.receipts)
    numbers = [(code, number) for code, number, *_rest in resumed["receipts"]]
    assert len(set(numbers)) == len(numbers)
    assert resumed["members"] == len(small_year.first_visits())
    list(run(begin(), batch_visits=BATCH))
    assert _state() == resumed


@pytest.mark.django_db
def test_a_batch_with_a_refused_receipt_is_not_counted_as_done(small_year):
    load = begin()
    for step in run(load, batch_visits=BATCH):
        if step.stage == DemoLoad.Stage.MEMBERS:
            break
    Store.objects.filter(code="ES-SUP").update(code="ES-OLD")
    mall_queries.forget_store_facts()
    with pytest.raises(RefusedReceiptsError, match="ES-SUP"):
        list(run(begin(), batch_visits=VISITS))
    assert DemoLoad.objects.get().done_visits == 0


@pytest.mark.django_db
def test_the_demo_is_not_mixed_with_data_of_ones_own(small_year):
    malls.save_group(GroupInput(code="OWN", name_en="Own group"), actor=system("test"))
    with pytest.raises(NotADemoError):
        begin()
    assert not DemoLoad.objects.exists()


def test_a_coupon_pays_no_more_than_the_lines(small_year):
    receipt = small_year.receipts[0]
    line = DemoLine(1, 1_000, 300, 0)
    names = {sku_of(1): "Soup"}
    for coupon, tenders in ((0, []), (100, [100, 200]), (300, [300]), (500, [300])):
        given = DemoReceipt(
            receipt.store, "1", 1, receipt.household, receipt.occurred_at, [line], coupon
        )
        assert [t.amount_minor for t in as_input(given, names).tenders] == tenders


@pytest.mark.django_db
def test_only_coupons_are_known_means_of_payment(small_year):
    list(run(begin(), batch_visits=BATCH))
    paid = Tender.objects.values_list("receipt_id").annotate(paid=Sum("amount_minor"))
    due = dict(Receipt.objects.values_list("id", "net_minor"))
    assert all(amount == due[receipt] for receipt, amount in paid)
