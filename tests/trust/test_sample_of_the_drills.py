"""A small, seeded sample of `make drill`, so that the harness itself stays alive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drill.deliveries import state_after
from tests.drill.exercise import Scale, exercise
from tests.drill.installation import Installation
from tests.drill.loss import figures, judge, lose_and_restore


def test_some_sales_survive_three_kills(tmp_path: Path) -> None:
    installation = Installation.prepared(tmp_path)
    scale = Scale(tills=4, acknowledgements=150, kills=3, members=30, stores=4)
    with installation.up():
        report = exercise(installation, scale)
    print(report)
    assert report.said.items >= scale.acknowledgements
    assert len(report.struck) == 3
    assert report.said.ended == scale.tills
    assert report.is_verified, report.verified
    assert report.verdict.is_green, str(report)


@pytest.mark.timeout(600)
def test_a_lost_machine_comes_back_and_who_was_erased_does_not(tmp_path: Path) -> None:
    scale = Scale(tills=2, acknowledgements=100, kills=0, members=20, stores=2)
    loss = lose_and_restore(tmp_path, scale, restores=("moment",))
    print(figures(loss), *loss.said.values(), sep="\n")
    assert judge(loss, at_most_lost_seconds=0) == []
    assert "1 people erased again" in loss.said["moment"]


@pytest.mark.django_db
@pytest.mark.parametrize("is_shuffled", [False, True], ids=["in order", "shuffled"])
def test_events_delivered_one_to_five_times_leave_one_state(is_shuffled: bool) -> None:
    verdict, said = state_after(count=250, seed=7, is_shuffled=is_shuffled)
    assert len(said.receipts) > 150
    assert len(said.returns) > 10
    assert verdict.is_green, str(verdict)
