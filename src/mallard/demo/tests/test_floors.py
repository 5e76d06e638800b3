"""Floor plans without overlaps, and a lease for every store that has a unit."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from mallard.demo.floors import FLOORS, leases, units_of
from mallard.demo.place import MALLS, OUTLYING
from mallard.demo.story.events import CLOSED_STORE

FIRST, LAST = date(2025, 10, 26), date(2026, 10, 25)


@pytest.mark.parametrize("mall", MALLS, ids=lambda mall: mall.code)
def test_units_of_a_floor_do_not_overlap_and_have_the_area_of_their_outline(mall):
    units = units_of(mall)
    assert len({unit.code for unit in units}) == len(units)
    for unit in units:
        (left, top), (right, _), (_, bottom), _ = unit.outline
        assert unit.area_dm2 == (right - left) * (bottom - top) > 0
    for floor in FLOORS:
        boxes = [(*unit.outline[0], *unit.outline[2]) for unit in units if unit.floor == floor.code]
        assert boxes
        for (l1, t1, r1, b1), (l2, t2, r2, b2) in itertools.combinations(boxes, 2):
            assert r1 <= l2 or r2 <= l1 or b1 <= t2 or b2 <= t1


def test_some_units_stand_empty_and_outlying_stores_have_none():
    vacant = [unit for mall in MALLS for unit in units_of(mall) if unit.tenant is None]
    assert len(vacant) == 36
    assert units_of(OUTLYING) == []


def test_every_store_in_a_mall_has_a_lease_that_covers_the_year(year):
    stores = year.stores()
    units = [unit for mall in MALLS for unit in units_of(mall)]
    found = leases(units, stores, first_day=FIRST, last_day=LAST)
    assert {lease.store for lease in found} == {s.code for s in stores if s.place != OUTLYING.code}
    for lease in found:
        assert lease.starts_on < FIRST
        assert lease.ends_on == LAST if lease.store == CLOSED_STORE else lease.ends_on > LAST
        assert (lease.base_rent_minor is not None) == (lease.kind in ("fixed", "greater_of"))
        assert (lease.percentage_bp is not None) == (lease.kind != "fixed")
    soon = [lease for lease in found if lease.ends_on <= LAST + timedelta(days=365)]
    assert 10 < len(soon) < 40
