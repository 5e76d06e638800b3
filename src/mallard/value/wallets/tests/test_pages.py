"""Points in staff's hands, on screen."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP
from mallard.kernel.clock import now
from mallard.value.ledger.queries import wallet_of
from mallard.value.wallets.models import FamilyRight, PointsRequest
from mallard.value.wallets.tests.test_services import a_person, earn
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.models import Member
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_mall_group()


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(
        a_staff_user(role, scope=WHOLE_GROUP), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def post(client: Client, name: str, *ids: UUID, **body: Any) -> Any:
    page = reverse(f"wallets:{name}", args=ids)
    form = client.get(page).context["form"]
    key = {"key": form["key"].value()} if "key" in form.fields else {}
    return client.post(page, key | body)


def test_asked_by_one_and_approved_by_another(world: World) -> None:
    agent, finance = signed_in("service_agent"), signed_in("finance")
    member = a_person()
    body = {"mall": world.lakeside.pk, "expires_on": "2030-12-31"}
    wrong = post(agent, "adjust", member, points="1500", reason="no", **body)
    assert wrong.status_code == 422
    answer = post(agent, "adjust", member, points="1500", reason="The till was down", **body)
    row = PointsRequest.objects.get()
    assert answer["Location"] == reverse("wallets:request", args=[row.pk])
    assert "a second person decides" in text_of(agent.get(answer["Location"]))
    decide = reverse("wallets:decide", args=[row.pk])
    assert agent.post(decide, {"decision": "approve"}).status_code == 403
    assert "The till was down" in text_of(finance.get(answer["Location"]))
    finance.post(decide, {"decision": "approve"})
    assert wallet_of([member])[member].available == 1_500
    again = finance.post(decide, {"decision": "approve"}, follow=True)
    assert "has been decided already" in text_of(again)
    assert "Done" in text_of(finance.get(reverse("wallets:requests")))


def test_frozen_shows_on_the_members_page_and_is_released(world: World) -> None:
    manager = signed_in("crm_manager")
    member = a_person()
    post(manager, "freeze", member, reason="Strangers' receipts")
    page = reverse("wallets:wallet", args=[member])
    assert "Strangers&#x27; receipts" in text_of(manager.get(page))
    assert "Points frozen" in text_of(manager.get(reverse("members:detail", args=[member])))
    post(manager, "release", member, reason="It was a mistake")
    assert "Frozen since" not in text_of(manager.get(page))


def test_given_to_another_member(world: World) -> None:
    agent = signed_in("service_agent")
    giver, receiver = a_person(), a_person()
    earn(giver, world, 100)
    number = Member.objects.get(pk=receiver).number
    unknown = post(agent, "give", giver, number="nobody", points="5")
    assert unknown.status_code == 422
    post(agent, "give", giver, number=number, points="5")
    assert wallet_of([receiver])[receiver].available == 5


def test_a_family_member_may_spend_until_it_is_ended(world: World) -> None:
    agent = signed_in("service_agent")
    parent, child = a_person(), a_person()
    number = Member.objects.get(pk=child).number
    own = Member.objects.get(pk=parent).number
    assert post(agent, "family", parent, number=own).status_code == 422
    post(agent, "family", parent, number=number)
    right = FamilyRight.objects.get()
    post(agent, "family", parent, number=number)
    assert FamilyRight.objects.count() == 1
    shown = text_of(agent.get(reverse("wallets:wallet", args=[parent])))
    assert f"{number} may spend these points." in shown
    assert f"points of {own}." in text_of(agent.get(reverse("wallets:wallet", args=[child])))
    end = reverse("wallets:end_family", args=[parent, right.pk])
    agent.post(end)
    assert agent.post(end).status_code == 404
    assert "may spend these points" not in text_of(
        agent.get(reverse("wallets:wallet", args=[parent]))
    )


def test_lots_are_extended_and_reinstated(world: World) -> None:
    manager = signed_in("crm_manager")
    member = a_person()
    at = now()
    living = earn(member, world, 70, expires_at=at + dt.timedelta(days=3))
    over = earn(
        member, world, 30, at=at - dt.timedelta(days=9), expires_at=at - dt.timedelta(days=1)
    )
    shown = text_of(manager.get(reverse("wallets:wallet", args=[member])))
    assert "Extend" in shown
    assert "Reinstate" in shown
    day = (at + dt.timedelta(days=60)).date().isoformat()
    for name, lot in (("extend", living), ("revive", over)):
        done = post(manager, name, member, lot, expires_on=day, reason="They were ill")
        assert done.status_code == 302
    assert wallet_of([member])[member].available == 100
