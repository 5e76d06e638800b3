"""A desk for tests: agents who bring paper receipts in, and what they type."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import WHOLE_GROUP, Actor
from mallard.kernel.ids import uuid7
from mallard.value.checkout.tests.factories import NOON
from mallard.value.counter.rules import Typed
from mallard.value.counter.services import PaperInput
from mallard.world.malls.models import Store
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user


def an_agent(role: str = "service_agent", *, name: str = "Agent") -> Actor:
    return actor_for_user(a_staff_user(role, scope=WHOLE_GROUP, name=name))


def paper(
    member: UUID,
    store: Store,
    number: str = "R1",
    amount_minor: int = 10_000,
    *,
    at: dt.datetime = NOON,
    key: str = "",
    **more: Any,
) -> PaperInput:
    """What an agent typed; ¥100 at noon unless said otherwise."""
    return PaperInput(
        key=key or f"test:{uuid7()}",
        member_id=member,
        store_id=store.pk,
        typed=Typed(number=number, occurred_at=at, amount_minor=amount_minor, **more),
    )
