"""Points over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, Scope, system
from mallard.kernel.ids import uuid7
from mallard.value.ledger import services
from mallard.value.ledger.tests.factories import (
    ACTOR,
    accrual,
    counter,
    funder,
    members,
    redemption,
)
from mallard.world.staff.services import create_api_key

pytestmark = pytest.mark.django_db


def get(address: str, scope: Scope = WHOLE_GROUP, permission: str = "ledger.view_wallet") -> Any:
    key = create_api_key(
        name="till", permissions=[permission], scope=scope, actor=system("tests")
    ).plain
    return Client().get(f"/api/v1{address}", headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def member() -> UUID:
    """Earned 100 and 50, spent 30."""
    [member_id] = members(1)
    mall = funder()
    services.post_accruals(
        [accrual(member_id, mall, 100), accrual(member_id, mall, 50)], actor=ACTOR
    )
    services.redeem([redemption(member_id, counter(), 30)], actor=ACTOR)
    return member_id


def test_points_of_a_member(member: UUID) -> None:
    answer = get(f"/members/{member}/points")
    assert answer.status_code == 200
    assert answer.json()["available"] == answer.json()["balance"] == 120


def test_lots_say_what_earned_them(member: UUID) -> None:
    lots = get(f"/members/{member}/lots").json()["items"]
    assert [(lot["amount"], lot["remaining"]) for lot in lots] == [(100, 70), (50, 50)]
    assert {lot["source_kind"] for lot in lots} == {"test"}


def test_transfers_come_newest_first_page_by_page(member: UUID) -> None:
    first = get(f"/members/{member}/transfers?limit=2").json()
    assert [t["amount"] for t in first["items"]] == [-30, 50]
    rest = get(f"/members/{member}/transfers?limit=2&cursor={first['next_cursor']}").json()
    assert [t["amount"] for t in rest["items"]] == [100]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("what", ["points", "lots", "transfers"])
def test_a_key_of_another_mall_knows_no_such_member(member: UUID, what: str) -> None:
    elsewhere = Scope(mall_ids=frozenset({uuid7()}))
    assert get(f"/members/{member}/{what}", elsewhere).status_code == 404
    assert get(f"/members/{member}/{what}", permission="malls.view_mall").status_code == 403
