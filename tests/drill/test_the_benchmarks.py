"""The benchmarks run to their end, whatever they measure on this machine."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.drill.installation import CHECKOUT

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1_800)]

TELLS = {"name", "figures", "reference", "ratio", "goal", "met", "machine"}


@pytest.mark.parametrize(
    "words",
    [("ledger",), ("receipts", "--part", "0.002"), ("api",)],
    ids=lambda words: words[0],
)
def test_a_benchmark_ends_and_tells_what_it_measured(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = subprocess.run(
        [CHECKOUT / ".venv" / "bin" / "mallard", "bench", *words, "--json"],
        cwd=tmp_path,
        env=os.environ | {"MALLARD_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
        timeout=1_500,
    )

    assert done.returncode in (0, 1), done.stderr[-4_000:]
    told = json.loads(done.stdout)
    assert told.keys() >= TELLS
    assert told["met"] == (done.returncode == 0)
    assert told["ratio"].keys() == told["reference"].keys() == told["figures"].keys()
    assert told["goal"].keys() <= told["ratio"].keys()
    assert all(figure > 0 for figure in told["figures"].values())
