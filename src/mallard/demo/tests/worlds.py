"""What a story of the demo happens in."""

from __future__ import annotations

from mallard.demo.people_load import load_programme
from mallard.demo.place_load import load_place
from mallard.demo.receipts import Year
from mallard.demo.staff import create_logins
from mallard.kernel.access.actor import Actor
from mallard.value.loyalty.queries import forget_programme
from mallard.world.malls.queries import forget_store_facts


def load_world(year: Year, *, weeks: int, actor: Actor) -> None:
    """The places, the programme and the logins of the demo, without anybody who buys."""
    forget_programme()
    forget_store_facts()
    load_place(year.stores(), weeks=weeks, actor=actor)
    load_programme(weeks=weeks, actor=actor)
    create_logins("not used by any of these", actor=actor)
