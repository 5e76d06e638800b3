"""Plans coloured by a figure."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.world.malls.plans import SHADES, Legend, coloured_plan, shades
from mallard.world.malls.queries import floors_of
from mallard.world.malls.tests.factories import FloorFactory, a_mall_group

LEGEND = Legend("Net sales", show=lambda value: f"¥{value:,}")


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=60))
def test_greater_is_never_paler_and_equals_share_a_step(values):
    step = shades(values)
    assert set(step) == set(values)
    assert all(1 <= shade <= SHADES for shade in step.values())
    ordered = [step[value] for value in sorted(values)]
    assert ordered == sorted(ordered)


@pytest.mark.django_db
def test_plan_shows_each_stores_figure_in_colour_and_as_text():
    world = a_mall_group()
    [floor] = floors_of(world.lakeside, WHOLE_GROUP)
    html = coloured_plan(floor, {world.lakeside_bakery.pk: 1234}, LEGEND)
    assert 'data-shade="1"' in html
    assert re.search(r"<td class=\"num\">¥1,234</td>", html)
    assert "style=" not in html
    without = coloured_plan(floor, {}, LEGEND)
    assert 'data-shade="0"' in without
    assert "no figure" in without
    # What the scope hides is not on the floor that queries give, whatever values come along.
    pharmacy = Scope(tenant_ids=frozenset({world.pharmacy.pk}))
    [hidden] = floors_of(world.lakeside, pharmacy)
    assert "Bakery" not in coloured_plan(hidden, {world.lakeside_bakery.pk: 1}, LEGEND)
    assert coloured_plan(FloorFactory(mall=world.lakeside, level=9), {}, LEGEND) == ""
