"""Many declarations at once: only those that still stand as they did, only in malls one holds."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import Scope, system
from mallard.value.checkout.tests.factories import NOON, TradingWorld, a_trading_world
from mallard.value.sales.declarations import bulk
from mallard.value.sales.declarations.facts import DeclarationInput
from mallard.value.sales.declarations.services import declare_sales
from mallard.value.sales.models import DeclarationStatus, SalesDeclaration, Source
from mallard.value.sales.permissions import REVIEW_DECLARATION
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
REASON = {"reason": "The tills say more."}


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=2))
    return a_trading_world()


@pytest.fixture
def declared(world: TradingWorld) -> list[UUID]:
    outcomes = declare_sales(
        [
            DeclarationInput(store.code, NOON.date(), 10_000, store.mall.currency)
            for store in (world.bakery, world.pharmacy, world.place.hillside_bakery)
        ],
        actor=system("tests"),
        source=Source.STAFF,
    )
    ids = [one.declaration_id for one in outcomes]
    assert None not in ids
    return [id_ for id_ in ids if id_ is not None]


def states() -> list[str]:
    return sorted(SalesDeclaration.objects.values_list("status", flat=True))


def test_confirmed_together_and_opened_again(declared: list[UUID]) -> None:
    actor = an_actor(REVIEW_DECLARATION)
    assert set(bulk.confirm(declared, {}, actor)) == set(declared)
    assert states() == ["confirmed"] * 3
    assert bulk.confirm(declared, {}, actor) == []
    assert set(bulk.open_again(declared[:1], {}, actor)) == {declared[0]}
    assert states() == ["confirmed", "confirmed", "declared"]


def test_what_was_disputed_meanwhile_is_not_confirmed(declared: list[UUID]) -> None:
    actor = an_actor(REVIEW_DECLARATION)
    assert bulk.dispute(declared[:1], REASON, actor) == declared[:1]
    assert set(bulk.confirm(declared, {}, actor)) == set(declared[1:])
    row = SalesDeclaration.objects.get(pk=declared[0])
    assert (row.status, row.reason) == (DeclarationStatus.DISPUTED, REASON["reason"])


def test_only_in_malls_that_one_holds_whole(world: TradingWorld, declared: list[UUID]) -> None:
    one_mall = Scope(mall_ids=frozenset({world.place.lakeside.id}))
    assert len(bulk.confirm(declared, {}, an_actor(REVIEW_DECLARATION, scope=one_mall))) == 2
    tenant = Scope(tenant_ids=frozenset({world.place.bakery.id}))
    assert bulk.open_again(declared, {}, an_actor(REVIEW_DECLARATION, scope=tenant)) == []


def test_finance_is_offered_both_on_the_list(declared: list[UUID], client: Client) -> None:
    client.force_login(a_staff_user("finance"))
    page = client.get(reverse("sales:declarations")).content.decode()
    assert 'value="sales.confirm"' in page
    assert 'value="sales.dispute"' in page
    client.force_login(a_staff_user("analyst"))
    assert 'value="sales.confirm"' not in client.get(reverse("sales:declarations")).content.decode()
