"""Whatever the network does to a day's events, the end is the one that they describe."""

from __future__ import annotations

import pytest

from tests.drill.deliveries import state_after

pytestmark = [pytest.mark.drill, pytest.mark.timeout(900), pytest.mark.django_db]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("is_shuffled", [False, True], ids=["in order", "shuffled"])
def test_events_delivered_one_to_five_times_leave_one_state(seed: int, is_shuffled: bool) -> None:
    verdict, said = state_after(count=2_000, seed=seed, is_shuffled=is_shuffled)
    assert len(said.receipts) > 1_500
    assert len(said.returns) > 100
    assert verdict.is_green, str(verdict)
