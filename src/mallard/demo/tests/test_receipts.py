"""The feed of receipts: complete, exact, in order, and the same every time."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from mallard.demo.place import PLACES
from mallard.demo.receipts import DemoLine, store_code
from mallard.demo.source import EXPECTED
from mallard.demo.tenants import TENANTS


@pytest.mark.drill
def test_the_whole_year_arrives_to_the_cent_and_in_order(year):
    receipts = lines = amount = discount = coupon = 0
    last, seen, visits = datetime.min.replace(tzinfo=UTC), set(), set()
    for batch in year.batches(weeks=0, batch_visits=5_000):
        for receipt in batch:
            assert receipt.occurred_at >= last
            last = receipt.occurred_at
            receipts += 1
            lines += len(receipt.lines)
            amount += receipt.amount_minor
            discount += sum(line.discount_minor for line in receipt.lines)
            coupon += receipt.coupon_minor
            seen.add((receipt.store, receipt.number))
            visits.add(receipt.visit)
    assert lines == EXPECTED.lines
    assert amount == EXPECTED.net_minor
    assert discount == EXPECTED.retail_discount_minor + EXPECTED.coupon_match_minor
    assert coupon == EXPECTED.coupon_minor
    assert receipts == len(seen) == 455_191
    assert len(visits) == year.visits == EXPECTED.visits


def test_139_stores_none_of_them_idle(year):
    stores = year.stores()
    assert len(stores) == 139
    assert sum(store.receipts for store in stores) == 455_191
    assert min(store.receipts for store in stores) >= 52
    codes = {store_code(place.code, tenant.code) for place in PLACES for tenant in TENANTS}
    assert {store.code for store in stores} <= codes


def test_feeding_again_from_any_batch_repeats_the_same_receipts(year):
    first = list(itertools.islice(year.batches(weeks=3, batch_visits=40), 6))
    again = list(itertools.islice(year.batches(weeks=3, batch_visits=40, first_visit=160), 2))
    assert again == first[4:]


def test_a_batch_never_splits_a_visit_and_a_store_writes_one_receipt_for_it(year):
    batches = list(itertools.islice(year.batches(weeks=0, batch_visits=25), 4))
    visits = [{receipt.visit for receipt in batch} for batch in batches]
    assert [len(of_batch) for of_batch in visits] == [25] * 4
    assert not set.intersection(*visits)
    for batch in batches:
        keys = [(receipt.visit, receipt.store) for receipt in batch]
        assert len(keys) == len(set(keys))


def test_the_first_basket_of_the_year_as_the_source_has_it(year):
    (receipt,) = next(year.batches(weeks=0, batch_visits=1))
    assert receipt.visit == 31198570044
    assert receipt.household == 900
    assert receipt.number == f"31198570044-{receipt.store.split('-')[1]}"
    assert receipt.occurred_at == datetime(2017, 1, 1, 11, 53, 26, tzinfo=UTC)
    assert receipt.lines == [DemoLine(1095275, 1_000, 50, 0)]


def test_a_basket_keeps_its_lines_with_amount_and_discount_to_the_cent(year):
    batch = next(year.batches(weeks=0, batch_visits=10))
    lines = [line for receipt in batch if receipt.visit == 31198705046 for line in receipt.lines]
    assert sorted(lines) == [
        DemoLine(1020156, 1_000, 150, 29),
        DemoLine(1053875, 2_000, 278, 80),
        DemoLine(1060312, 1_000, 549, 50),
        DemoLine(1075313, 1_000, 150, 29),
    ]


def test_the_shift_moves_the_instant_and_nothing_else(year):
    (here,) = next(year.batches(weeks=0, batch_visits=1))
    (there,) = next(year.batches(weeks=460, batch_visits=1))
    assert there.occurred_at - here.occurred_at == timedelta(weeks=460)
    assert there._replace(occurred_at=here.occurred_at) == here


def test_petrol_is_measured_in_thousandths_of_a_gallon(source, year):
    milli, amount = source.execute(
        """
        select median(quantity), median(amount) from demo_line
        where tenant = 'FUE' and quantity > 1000
        """
    ).fetchone()
    assert 8_000 < milli < 13_000
    assert 2_000 < amount < 3_000


def test_lines_without_quantity_or_value_are_kept(source, year):
    (no_quantity, no_value) = source.execute(
        "select count(*) filter (quantity = 0), count(*) filter (amount = 0) from demo_line"
    ).fetchone()
    # 11,226 are exactly 0 in the source, 20 more are the dust of its binary fractions (1e-16).
    assert (no_quantity, no_value) == (8_869, 11_246)


def test_each_household_is_first_seen_once(year):
    first = year.first_visits()
    assert len(first) == EXPECTED.households
    assert sum(visit.at < datetime(2017, 2, 1, tzinfo=UTC) for visit in first.values()) == 1_982
