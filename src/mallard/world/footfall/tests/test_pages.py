"""Footfall as staff see it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.world.footfall.models import CounterSource, Entrance
from mallard.world.footfall.services import record_counts
from mallard.world.footfall.tests.factories import COUNTER, a_count, an_entrance
from mallard.world.malls.tests.factories import FloorFactory, World, a_mall_group
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def world(frozen_clock) -> World:
    made = a_mall_group()
    counts = []
    for mall in (made.lakeside, made.hillside):
        entrance = an_entrance(mall)
        counts += [a_count(entrance, entries=1234), a_count(entrance, quarters=4, entries=7)]
    record_counts(counts, actor=COUNTER, source=CounterSource.API)
    return made


def signed_in(scope: Scope = WHOLE_GROUP, role: str = "administrator") -> Client:
    client = Client()
    client.force_login(
        a_staff_user(role, scope=scope), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_a_malls_staff_read_their_own_doors(world: World):
    client = signed_in(Scope(mall_ids=frozenset({world.lakeside.pk})), "leasing")
    text = client.get(reverse("footfall:days")).content.decode()
    assert "Lakeside" in text
    assert "1,241" in text
    assert "Hillside" not in text
    day = client.get(reverse("footfall:day", args=[world.lakeside.pk, DAY.isoformat()]))
    assert "12:00" in day.content.decode()
    assert "1,234" in day.content.decode()
    for mall_id, business_day in [
        (world.hillside.pk, DAY.isoformat()),
        (world.lakeside.pk, "2026-02-30"),
        (world.lakeside.pk, "2026-02-01"),
    ]:
        address = reverse("footfall:day", args=[mall_id, business_day])
        assert client.get(address).status_code == 404


def test_a_tenant_reads_none_of_it(world: World):
    client = signed_in(Scope(tenant_ids=frozenset({world.bakery.pk})))
    assert "1,241" not in client.get(reverse("footfall:days")).content.decode()
    assert "NORTH" not in client.get(reverse("footfall:entrances")).content.decode()
    assert client.get(reverse("footfall:create_entrance")).status_code == 404
    assert signed_in(role="tenant_manager").get(reverse("footfall:days")).status_code == 403


def test_an_entrance_is_written_by_form(world: World):
    client = signed_in(Scope(mall_ids=frozenset({world.lakeside.pk})), "leasing")
    floor = FloorFactory(mall=world.lakeside, level=60)
    entered = {"code": "EAST", "name_en": "East", "name_zh": "东门", "floor": floor.pk}
    assert client.post(reverse("footfall:create_entrance"), entered).status_code == 302
    row = Entrance.objects.get(code="EAST")
    assert (row.mall_id, row.x_dm) == (world.lakeside.pk, None)
    address = reverse("footfall:edit_entrance", args=[row.pk])
    assert client.post(address, entered | {"x_dm": 5, "y_dm": 6}).status_code == 302
    refused = client.post(address, entered | {"x_dm": 5, "name_en": "Typed"})
    assert refused.status_code == 422
    assert "Typed" in refused.content.decode()
    elsewhere = FloorFactory(mall=world.hillside, level=60)
    assert client.post(address, entered | {"floor": elsewhere.pk}).status_code == 422
    row.refresh_from_db()
    assert (row.x_dm, row.y_dm, row.name_en) == (5, 6, "East")
