"""A small, seeded sample of `make drill`, so that the harness itself stays alive."""

from __future__ import annotations

from pathlib import Path

from tests.drill.exercise import Scale, exercise
from tests.drill.installation import Installation


def test_a_few_hundred_sales_survive_three_kills(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    scale = Scale(acknowledgements=600, kills=3, members=50, stores=4)
    with installation.up():
        report = exercise(installation, scale)
    print(report)
    assert report.said.items >= 600
    assert len(report.struck) == 3
    assert report.said.ended == scale.tills
    assert report.is_verified, report.verified
    assert report.verdict.is_green, str(report)
