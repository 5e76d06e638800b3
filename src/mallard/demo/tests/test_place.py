"""Stores become six malls of a believable size, the same ones every time."""

from __future__ import annotations

from collections import Counter

import pytest

from mallard.demo.place import MALLS, OUTLYING, SourceStore, group_stores, place_of_each_store
from mallard.demo.summary import members_by_places, place_figures


def _store(store_id: int, visits: int, households: set[int]) -> SourceStore:
    return SourceStore(store_id, visits, sum(1 << household for household in households))


def test_stores_that_share_households_become_one_mall():
    stores = [
        _store(1, 10, {1, 2, 3}),
        _store(2, 20, {11, 12, 13}),
        _store(3, 10, {2, 3, 4}),
        _store(4, 15, {12, 13, 14}),
    ]
    groups = group_stores(stores, groups=2, visits_limit=100)
    assert [sorted(store.store_id for store in group) for group in groups] == [[2, 4], [1, 3]]


def test_the_order_in_which_stores_are_given_does_not_matter():
    stores = [_store(n, 10 + n, {n, n + 1, (n * 7) % 9}) for n in range(1, 10)]
    forward = group_stores(stores, groups=3, visits_limit=200)
    backward = group_stores(stores[::-1], groups=3, visits_limit=200)
    assert [{s.store_id for s in group} for group in forward] == [
        {s.store_id for s in group} for group in backward
    ]


def test_no_mall_grows_past_the_limit():
    stores = [_store(1, 60, {1, 2}), _store(2, 60, {1, 2}), _store(3, 10, {2, 9})]
    groups = group_stores(stores, groups=2, visits_limit=100)
    assert max(sum(store.visits for store in group) for group in groups) <= 100


def test_groups_that_may_not_merge_are_an_error():
    stores = [_store(1, 60, {1}), _store(2, 60, {1})]
    with pytest.raises(ValueError, match="2 groups"):
        group_stores(stores, groups=1, visits_limit=100)


def test_the_year_has_six_balanced_malls_and_the_outlying_stores(source, year):
    places = Counter(place_of_each_store(source).values())
    assert sum(places.values()) == 457
    assert sum(places[mall.code] for mall in MALLS) == 107
    figures = {row.code: row for row in place_figures(source)}
    assert [(code, row.visits, row.members) for code, row in figures.items()] == [
        ("ES", 30_909, 701),
        ("WD", 30_592, 806),
        ("SB", 29_004, 776),
        ("OQ", 23_097, 577),
        ("NI", 19_844, 454),
        ("GR", 18_963, 647),
        (OUTLYING.code, 3_439, 516),
    ]
    counts = members_by_places(source)
    assert sum(counts.values()) == 2_469
    assert 0.5 < sum(n for places, n in counts.items() if places > 1) / 2_469 < 0.6
