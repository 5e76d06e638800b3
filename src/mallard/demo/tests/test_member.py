"""The demo's member: somebody in the highest tier, for whoever asks, where a demo is."""

from __future__ import annotations

import pytest
from django.test import Client

from mallard.demo.member import shown_member
from mallard.demo.models import DemoLoad
from mallard.kernel.clock import now
from mallard.kernel.provenance import Origin
from mallard.surfaces.portal.tests.factories import Shopper, a_shopper
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import TILL, a_receipt
from mallard.value.sales.models import Source
from mallard.world.members.models import Member
from mallard.world.members.services import close_member
from mallard.world.memberweb.models import MemberSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper() -> Shopper:
    made = a_shopper()
    Member.objects.update(origin=Origin.GENERATED)
    return made


@pytest.fixture
def demo() -> DemoLoad:
    return DemoLoad.objects.create(
        weeks=100, password="x", stage=DemoLoad.Stage.FINISHED, started_at=now(), finished_at=now()
    )


def test_the_one_in_the_highest_tier_is_shown(shopper: Shopper, demo: DemoLoad) -> None:
    # ¥1,390 on two days is silver; ¥700,000 today counts from tomorrow only.
    today = a_receipt(shopper.world.pharmacy, "BIG", 70_000_000, phone="13987654321", at=now())
    record_receipts([today], actor=TILL, source=Source.API)
    assert shown_member() == shopper.member
    close_member(shopper.member.id, actor=TILL)
    assert shown_member() == shopper.other
    Member.objects.update(origin=Origin.SOURCE)
    assert shown_member() is None


def test_anybody_comes_in_as_that_member(shopper: Shopper, demo: DemoLoad) -> None:
    client = Client()
    for door in ("/sign-in", "/m/sign-in"):
        assert "/m/demo" in client.get(door).content.decode()
    assert client.get("/m/demo").status_code == 200
    assert MemberSession.objects.count() == 0
    assert client.post("/m/demo")["Location"] == "/m/"
    assert shopper.member.number in client.get("/m/me").content.decode()
    assert "django_language" not in client.cookies


def test_where_no_demo_is_nothing_is_offered(shopper: Shopper) -> None:
    client = Client()
    for door in ("/sign-in", "/m/sign-in"):
        assert "/m/demo" not in client.get(door).content.decode()
    assert client.get("/m/demo").status_code == 404
    assert client.post("/m/demo").status_code == 404
    assert MemberSession.objects.count() == 0
