"""Backup, restore, and what must stay forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drill.exercise import Scale
from tests.drill.loss import PIECE_SECONDS, figures, judge, lose_and_restore

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1_800)]

ROUND_SECONDS = 5


def test_what_was_backed_up_comes_back_and_who_was_erased_does_not(tmp_path: Path) -> None:
    scale = Scale(tills=4, acknowledgements=8_000, kills=0, members=200)
    loss = lose_and_restore(tmp_path, scale, restores=("latest", "moment"))
    print(figures(loss), *loss.said.values(), sep="\n")
    assert judge(loss, at_most_lost_seconds=PIECE_SECONDS + ROUND_SECONDS + 20) == []
    assert loss.receipts > 1_000
    assert "1 people erased again" in loss.said["moment"]
