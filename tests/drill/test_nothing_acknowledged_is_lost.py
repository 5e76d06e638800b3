"""Tills sell and bring back while databases, web servers and workers are killed under them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drill.exercise import Scale, exercise
from tests.drill.installation import Installation

pytestmark = [pytest.mark.drill, pytest.mark.timeout(2_400)]


def test_nothing_acknowledged_is_lost_or_doubled_under_twenty_kills(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    scale = Scale(tills=8, acknowledgements=20_000, kills=20)
    with installation.up():
        report = exercise(installation, scale)
    print(report)
    assert report.said.items >= 20_000
    assert len(report.struck) == 20
    assert report.said.ended == scale.tills
    assert report.is_verified, report.verified
    assert report.verdict.is_green, str(report)
