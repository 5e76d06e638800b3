"""Decisions about the place, without a database."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.world.malls import rules

SQUARE = [[0, 0], [100, 0], [100, 100], [0, 100]]
FOOD, BREAD, CAKE = UUID(int=1), UUID(int=2), UUID(int=3)


@given(
    x=st.integers(0, 5_000),
    y=st.integers(0, 5_000),
    width=st.integers(1, 5_000),
    depth=st.integers(1, 5_000),
)
def test_rectangle_is_a_sound_outline_of_its_own_area(x: int, y: int, width: int, depth: int):
    outline = [[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]]
    assert rules.outline_problems(outline) == {}
    assert rules.outline_area_dm2(outline) == width * depth
    assert rules.outline_area_dm2(outline[::-1]) == width * depth


@pytest.mark.parametrize(
    "outline",
    [
        [[0, 0], [10, 0]],
        [[0, 0], [10, 0], [20, 0]],
        [[0, 0], [10, 10], [10, 0], [0, 10]],
        [[0, 0], [10, 0], [10, 0], [0, 10]],
        [[0, 0], [20, 0], [20, 20], [10, 0], [0, 20]],
        [[0, 0], [10.5, 0], [10, 10]],
        [[0, 0], [-1, 0], [10, 10]],
        [[0, 0], [True, 0], [10, 10]],
        [[0, 0], [10, 0, 3], [10, 10]],
        [[i, i * i] for i in range(65)],
    ],
)
def test_outline_that_no_unit_can_have_is_refused(outline: list[list[int]]):
    assert set(rules.outline_problems(outline)) == {"geometry"}


def test_unit_without_an_outline_is_not_drawn_yet():
    assert rules.outline_problems([]) == {}
    assert rules.outline_problems(SQUARE) == {}


def test_mall_needs_a_zone_and_a_currency_that_exist():
    assert rules.mall_problems(time_zone="Asia/Shanghai", currency="CNY") == {}
    assert set(rules.mall_problems(time_zone="Asia/Starlake", currency="XYZ")) == {
        "time_zone",
        "currency",
    }


def test_trade_categories_have_two_levels():
    parent_of = {FOOD: None, BREAD: FOOD}
    assert rules.trade_category_problems(None, FOOD, parent_of=parent_of) == {}
    assert rules.trade_category_problems(BREAD, None, parent_of=parent_of) == {}
    for own, parent in [(None, BREAD), (FOOD, FOOD), (None, CAKE)]:
        assert set(rules.trade_category_problems(own, parent, parent_of=parent_of)) == {"parent"}


def test_trade_category_with_others_below_stays_above():
    parent_of = {FOOD: None, BREAD: FOOD, CAKE: None}
    assert set(rules.trade_category_problems(FOOD, CAKE, parent_of=parent_of)) == {"parent"}


def test_store_carries_its_own_tenants_brand_and_a_unit_of_its_mall():
    good = {"mall_id": FOOD, "tenant_id": BREAD, "opened_on": None, "closed_on": None}
    assert rules.store_problems(brand_tenant_id=None, unit_mall_id=None, **good) == {}
    assert rules.store_problems(brand_tenant_id=BREAD, unit_mall_id=FOOD, **good) == {}
    problems = rules.store_problems(brand_tenant_id=CAKE, unit_mall_id=CAKE, **good)
    assert set(problems) == {"brand", "unit"}


def lease(start: str, end: str, *others: tuple[str, str], **terms: bool) -> set[str]:
    defaults = {
        "needs_rent": False,
        "has_rent": False,
        "needs_percentage": False,
        "has_percentage": False,
    }
    day = dt.date.fromisoformat
    return set(
        rules.lease_problems(
            starts_on=day(start),
            ends_on=day(end),
            other_terms=[(day(a), day(b)) for a, b in others],
            **(defaults | terms),
        )
    )


def test_unit_is_let_once_at_a_time():
    year = ("2026-01-01", "2026-12-31")
    assert lease(*year) == set()
    assert lease(*year, ("2027-01-01", "2027-12-31"), ("2025-01-01", "2025-12-31")) == set()
    assert lease(*year, ("2026-12-31", "2027-12-31")) == {"starts_on"}
    assert lease(*year, ("2025-01-01", "2026-01-01")) == {"starts_on"}
    assert lease("2026-02-01", "2026-01-31") == {"ends_on"}


def test_lease_has_the_terms_its_kind_needs():
    year = ("2026-01-01", "2026-12-31")
    assert lease(*year, needs_rent=True, needs_percentage=True) == {
        "base_rent_minor",
        "percentage_bp",
    }
    assert lease(*year, needs_rent=True, has_rent=True) == set()
