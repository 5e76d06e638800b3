"""The pages of targets in a real browser: axe, policy, width, both languages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from mallard.kernel.access.actor import system
from mallard.review.targets import queries
from mallard.review.targets.rules import first_of
from mallard.review.targets.services import TargetInput, set_targets
from mallard.value.sales.models import StoreDay
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.staff.tests.factories import a_staff_user
from tests.browser.looks import PAGE_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    """A store and its mall with targets for the month before, and some days of sales in it."""
    world = a_mall_group()
    mall, store = world.lakeside, world.lakeside_bakery
    month = last_month(mall)
    person = a_staff_user("sales_assistant", name="Mei Lin")
    places: list[dict[str, Any]] = [{}, {"store_id": store.id}]
    places.append({"store_id": store.id, "person_id": person.id})
    targets = [TargetInput(month=month, mall_id=mall.id, amount=9_000_000, **one) for one in places]
    targets += [replace(one, metric="new_members", amount=60) for one in targets]
    set_targets(targets, actor=system("tests"))
    StoreDay.objects.bulk_create(
        StoreDay(
            store=store, business_day=month + dt.timedelta(days=n), receipts=1, net_minor=200_000
        )
        for n in range(28)
    )
    return world


def last_month(mall: Any) -> dt.date:
    """The month before the present one: it is over, whatever day it is."""
    return first_of(first_of(queries.last_whole_day(mall)) - dt.timedelta(days=1))


@pytest.mark.parametrize(("theme", "language", "width"), PAGE_LOOKS)
def test_every_page_is_sound(visit, world: World, theme: str, language: str, width: int) -> None:
    user = a_staff_user("administrator")
    month = f"?month={last_month(world.lakeside):%Y-%m}"
    mall = f"/targets/malls/{world.lakeside.id}/"
    opened = visit("/targets/" + month, user=user, theme=theme, language=language, width=width)
    opened.check()
    pages = (
        mall + month,
        f"/targets/stores/{world.lakeside_bakery.id}/{month}",
        f"{mall}edit{month}",
        f"{mall}edit{month}&metric=new_members",
        f"/targets/stores/{world.lakeside_bakery.id}/people{month}",
        "/targets/import",
    )
    opened.tour(pages)
