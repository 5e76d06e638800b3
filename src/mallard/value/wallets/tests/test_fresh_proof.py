"""What changes what members own asks who it is once more when the last proof is old."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.ids import uuid7
from mallard.value.ledger.models import Transfer
from mallard.value.ledger.queries import wallet_of
from mallard.value.wallets.models import Freeze, PointsRequest
from mallard.world.duplicates.models import DuplicatePair, PairStatus
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.models import Member
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.staff.tests.test_sessions import PASSWORD, in_a_browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def stale(frozen_clock: Any) -> Client:
    """Somebody who may do it all and proved who they are a while ago."""
    client = in_a_browser(a_staff_user("crm_manager", password=PASSWORD))
    frozen_clock.advance(minutes=16)
    return client


def asks(client: Client, url: str, body: dict[str, Any]) -> bool:
    answer = client.post(url, body)
    return answer.status_code == 422 and b'name="proof"' in answer.content


def test_merging_two_records_asks_and_then_merges(stale: Client) -> None:
    one, two = sorted([a_member(), a_member()], key=lambda member: member.id)
    pair = DuplicatePair.objects.create(first=one, second=two, permille=990, status=PairStatus.OPEN)
    url = reverse("duplicates:merge", args=[pair.pk])
    body = {"survivor": str(one.pk)}
    assert asks(stale, url, body)
    assert not Member.objects.filter(merged_into__isnull=False).exists()
    stale.post(url, body | {"proof": PASSWORD})
    assert Member.objects.get(pk=two.pk).merged_into_id == one.pk


def test_adjusting_points_asks_and_keeps_what_was_typed(stale: Client, world: World) -> None:
    member = a_member(mall_id=world.lakeside.id)
    url = reverse("wallets:adjust", args=[member.pk])
    body = {
        "key": f"t:{uuid7()}", "points": "120", "mall": str(world.lakeside.pk),
        "expires_on": "2099-12-31", "reason": "The till was down",
    }  # fmt: skip
    assert asks(stale, url, body)
    assert not PointsRequest.objects.exists()
    stale.post(url, body | {"proof": PASSWORD})
    assert wallet_of([member.pk])[member.pk].available == 120


@pytest.mark.parametrize("name", ["extend", "revive"])
def test_changing_the_life_of_points_asks(stale: Client, name: str) -> None:
    member = a_member()
    url = reverse(f"wallets:{name}", args=[member.pk, uuid7()])
    assert asks(stale, url, {"reason": "A promise", "expires_on": "2099-01-01", "key": "k"})
    assert not PointsRequest.objects.exists()


def test_freezing_and_releasing_ask(stale: Client, frozen_clock: Any) -> None:
    member = a_member()
    freeze = reverse("wallets:freeze", args=[member.pk])
    body = {"reason": "Strangers' receipts"}
    assert asks(stale, freeze, body)
    assert not Freeze.objects.exists()
    stale.post(freeze, body | {"proof": PASSWORD})
    assert Freeze.objects.get().released_at is None
    frozen_clock.advance(minutes=16)
    release = reverse("wallets:release", args=[member.pk])
    assert asks(stale, release, {"reason": "A mistake"})
    assert Freeze.objects.get().released_at is None
    stale.post(release, {"reason": "A mistake", "proof": PASSWORD})
    assert Freeze.objects.get().released_at is not None


def test_forms_open_without_a_proof(stale: Client) -> None:
    member = a_member()
    for name in ("adjust", "freeze", "release"):
        assert stale.get(reverse(f"wallets:{name}", args=[member.pk])).status_code == 200


def test_posting_a_migration_asks(frozen_clock: Any) -> None:
    client = in_a_browser(a_staff_user("administrator", password=PASSWORD))
    frozen_clock.advance(minutes=16)
    assert asks(client, reverse("migration:post", args=[uuid7()]), {})
    assert not Transfer.objects.exists()
