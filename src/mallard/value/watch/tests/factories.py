"""A trading world with cashiers who help themselves, and members who cheat."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, Scope
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import TradingWorld, a_member, a_receipt
from mallard.value.sales.models import Source
from mallard.value.watch.models import Alert
from mallard.value.watch.services import look
from mallard.world.malls.models import Store
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import SYSTEM, a_staff_user

BEGIN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
END = BEGIN + dt.timedelta(days=14)
CARD = "13800138001"


def manager(role: str = "crm_manager", scope: Scope = WHOLE_GROUP, **more: Any) -> Actor:
    return actor_for_user(a_staff_user(role, scope=scope, **more))


def a_cashier(store: Store, name: str = "Leo Marsh", **more: Any) -> StaffUser:
    here = Scope(store_ids=frozenset({store.pk}))
    return a_staff_user("cashier", scope=here, name=name, **more)


def record(
    store: Store,
    phone: str,
    moments: list[dt.datetime],
    *,
    actor: Actor = SYSTEM,
    prefix: str = "",
    source: Source = Source.POS,
    recorded_at: dt.datetime | None = None,
) -> list[UUID]:
    """Receipts of a member at these moments, recorded at once; their ids."""
    outcomes = record_receipts(
        [
            replace(
                a_receipt(store, f"{prefix or phone[-4:]}-{at:%d%H%M}-{n}", phone=phone, at=at),
                recorded_at=recorded_at or at,
            )
            for n, at in enumerate(moments)
        ],
        actor=actor,
        source=source,
    )
    assert all(one.receipt_id for one in outcomes), outcomes
    return [one.receipt_id for one in outcomes if one.receipt_id]


def each_day(days: int, *, a_day: int = 1, hour: int = 0, since: dt.datetime = BEGIN) -> Any:
    """``a_day`` moments on each of so many days."""
    return [
        since + dt.timedelta(days=day, hours=hour + n) for day in range(days) for n in range(a_day)
    ]


def usual_trade(world: TradingWorld, store: Store, *, members: int = 20, prefix: str = "") -> None:
    """Members who buy twice each in the two weeks, recorded by the store's till."""
    for n in range(members):
        phone = f"1390000{store.code[-1].encode()[0]:02d}{n:02d}"[:11]
        a_member(phone, store=store)
        days = [BEGIN + dt.timedelta(days=n % 13, minutes=n), BEGIN + dt.timedelta(days=n % 12)]
        record(store, phone, days, prefix=f"{prefix}U{n}")


def strangers(world: TradingWorld, *, days: int = 12, card_name: str = "") -> StaffUser:
    """A cashier of the bakery gives a receipt a day to one card, beside the usual trade."""
    usual_trade(world, world.bakery)
    a_member(CARD, store=world.bakery)
    leo = a_cashier(world.bakery)
    record(
        world.bakery, CARD, each_day(days, hour=3), actor=actor_for_user(leo), source=Source.STAFF
    )
    return leo


def looked(since: dt.datetime = BEGIN, until: dt.datetime = END) -> Any:
    return look(actor=SYSTEM, since=since, until=until)


def only(pattern: str) -> Alert:
    """The one alert of a pattern."""
    return Alert.objects.get(pattern=pattern)
