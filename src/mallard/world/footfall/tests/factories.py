"""Entrances for tests, made through the services that everybody uses."""

from __future__ import annotations

import datetime as dt

from mallard.kernel.access.actor import system
from mallard.world.footfall import services
from mallard.world.footfall.facts import CountInput, EntranceInput
from mallard.world.footfall.models import Entrance
from mallard.world.malls.models import Mall
from mallard.world.malls.tests.factories import FloorFactory

COUNTER = system("test counter")
NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)  # in Shanghai, where the test malls are


def an_entrance(mall: Mall, code: str = "NORTH") -> Entrance:
    """An entrance on one of the mall's floors."""
    floor = mall.floors.first() or FloorFactory(mall=mall, level=50)
    return services.create_entrance(
        EntranceInput(
            mall_id=mall.pk, floor_id=floor.pk, code=code, name_en=f"{code} door", name_zh="北门"
        ),
        actor=COUNTER,
    )


def a_count(
    entrance: Entrance, *, quarters: int = 0, entries: int = 10, revision: int | None = None
) -> CountInput:
    """So many people in the quarter of an hour that begins ``quarters`` quarters after noon."""
    at = NOON + dt.timedelta(minutes=15 * quarters)
    return CountInput(entrance.mall.code, entrance.code, at, entries, entries // 2, revision)
