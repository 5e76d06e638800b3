"""A tenant's page: what it sold, declared and paid for, told to who may know."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_receipt,
    a_trading_world,
)
from mallard.value.sales.declarations.facts import DeclarationInput
from mallard.value.sales.declarations.services import declare_day
from mallard.value.sales.models import MemberStoreDay, Source
from mallard.world.malls.tests.factories import LeaseFactory
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(frozen_clock) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=2))
    made = a_trading_world()
    receipts = [
        a_receipt(made.bakery, "R1", 40_000),
        a_receipt(made.bakery, "R2", 20_000),
        a_receipt(made.pharmacy, "R3", 7_777),
    ]
    record_receipts(receipts, actor=TILL, source=Source.POS)
    return made


def page(world: TradingWorld, role: str, scope: Scope = WHOLE_GROUP, *, status: int = 200) -> str:
    client = Client()
    client.force_login(
        a_staff_user(role, scope=scope), backend="django.contrib.auth.backends.ModelBackend"
    )
    answer = client.get(reverse("malls:tenant", args=[world.place.bakery.pk]))
    assert answer.status_code == status
    return answer.content.decode()


def test_sales_density_and_declarations_of_the_month(world: TradingWorld):
    # Two days of March so far, 120 m²: 600.00 ÷ 120 ÷ 2.
    LeaseFactory(tenant=world.place.bakery, unit=world.place.unit, store=world.bakery)
    declare_day(
        DeclarationInput(world.bakery.code, NOON.date(), 61_000, "CNY"),
        actor=TILL,
        source=Source.STAFF,
    )
    of_lakeside = Scope(mall_ids=frozenset({world.place.lakeside.pk}))
    text = page(world, "finance", of_lakeside)
    assert "¥600.00" in text
    assert "¥300.00 per receipt" in text
    assert "¥2.50" in text
    assert "¥10.00" in text
    assert "¥77.77" not in text
    assert "Cost rate" not in text


def test_members_new_to_the_store_are_counted_once(world: TradingWorld):
    from mallard.value.checkout.tests.factories import a_member

    known, new = (a_member(f"1381234567{n}", store=world.bakery) for n in range(2))
    for member_id, day in [(known, "2026-02-10"), (known, "2026-03-02"), (new, "2026-03-01"),
                           (new, "2026-03-02")]:  # fmt: skip
        MemberStoreDay.objects.create(
            member_id=member_id, store=world.bakery, business_day=day, receipts=1, net_minor=1
        )
    text = page(world, "finance", Scope(mall_ids=frozenset({world.place.lakeside.pk})))
    after = text.split("Members who bought")[1]
    assert after.split("stat-figure")[1].startswith('">2<')
    assert after.split("New to the store")[1].split("stat-figure")[1].startswith('">1<')


def test_a_tenant_reads_its_own_page_and_nobody_elses(world: TradingWorld):
    own = Scope(tenant_ids=frozenset({world.place.bakery.pk}))
    other = Scope(tenant_ids=frozenset({world.place.pharmacy.pk}))
    assert "Sunny Bakery" in page(world, "tenant_manager", own)
    page(world, "tenant_manager", other, status=404)
