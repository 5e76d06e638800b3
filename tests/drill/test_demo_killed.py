"""The whole demo year, killed at random moments, ends as if nobody had disturbed it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

KILLS = 6
LONGEST_LOAD_SECONDS = 1_800
SHORTEST_LIFE_SECONDS, LONGEST_LIFE_SECONDS = 3.0, 45.0
MALLARD = str(Path(sys.executable).with_name("mallard"))
STATE = (
    "import json; from mallard.demo.tests.state import state; "
    "from mallard.demo.models import DemoLoad; "
    "print(json.dumps([DemoLoad.objects.get().weeks, state()]))"
)


def _mallard(home: Path, *arguments: str) -> str:
    return subprocess.run(
        [MALLARD, *arguments],
        env=_environment(home),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=LONGEST_LOAD_SECONDS,
    ).stdout


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MALLARD_")}
    return kept | {"MALLARD_HOME": str(home), "DJANGO_SETTINGS_MODULE": "mallard.config.settings"}


def _state(home: Path) -> list[Any]:
    found: list[Any] = json.loads(_mallard(home, "manage", "shell", "-v0", "-c", STATE))
    return found


@pytest.mark.drill
@pytest.mark.timeout(2 * LONGEST_LOAD_SECONDS)
def test_a_year_killed_again_and_again_is_the_same_year(tmp_path):
    home = tmp_path / "home"
    _mallard(home, "demo", "--no-serve")
    weeks, undisturbed = _state(home)

    moments = random.Random(2)
    killed = 0
    arguments = ["demo", "--no-serve", "--reset"]
    while killed < KILLS:
        load = subprocess.Popen([MALLARD, *arguments], env=_environment(home))
        time.sleep(moments.uniform(SHORTEST_LIFE_SECONDS, LONGEST_LIFE_SECONDS))
        if load.poll() is not None:
            assert load.returncode == 0
            break
        load.kill()
        load.wait()
        killed += 1
        # The tables are gone when a reset was killed late enough; then it only has to go on.
        arguments = ["demo", "--no-serve"]
    assert killed >= 2, "this machine is too fast for these moments: shorten them"

    _mallard(home, "demo", "--no-serve")
    assert _state(home) == [weeks, undisturbed]
    _mallard(home, "ledger", "verify")
    started = time.monotonic()
    _mallard(home, "demo", "--no-serve")
    assert time.monotonic() - started < 30
