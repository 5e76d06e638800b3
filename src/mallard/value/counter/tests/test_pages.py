"""Points from a paper receipt on screen, as an agent and a manager of one mall meet them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import Scope
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    NOON,
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.counter.models import PaperReceipt, State
from mallard.value.ledger.queries import wallet_of
from mallard.value.sales.models import Receipt, Source
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

PHONE, OTHER_PHONE = "13812345678", "13911112222"


@pytest.fixture
def world(frozen_clock: Any) -> TradingWorld:
    frozen_clock.set(NOON + dt.timedelta(days=1))
    return a_trading_world()


@pytest.fixture
def member(world: TradingWorld) -> UUID:
    return a_member(PHONE, store=world.bakery)


def signed_in(world: TradingWorld, role: str) -> Client:
    client = Client()
    scope = Scope(mall_ids=frozenset([world.place.lakeside.pk]))
    client.force_login(a_staff_user(role, scope=scope))
    return client


@pytest.fixture
def agent(world: TradingWorld) -> Client:
    return signed_in(world, "service_agent")


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def typed(client: Client, member: UUID, world: TradingWorld, **changes: str) -> Any:
    page = reverse("counter:backdate", args=[member])
    form = client.get(page).context["form"]
    body = {
        "key": form["key"].value(),
        "store": str(world.bakery.pk),
        "number": "R1",
        # Noon in UTC is eight in the evening at the lake.
        "occurred_at": "2026-03-02T20:00",
        "amount": "100",
    }
    return client.post(page, body | changes, follow=True)


def test_from_the_counter_to_the_points(world: TradingWorld, member: UUID, agent: Client) -> None:
    counter = reverse("rewards:at_counter", args=[member])
    page = reverse("counter:backdate", args=[member])
    assert page in text_of(agent.get(counter))
    answer = typed(agent, member, world, tender="cash")
    assert "100 points are credited" in text_of(answer)
    assert counter in text_of(answer)
    row = PaperReceipt.objects.get()
    assert (row.state, row.occurred_at, row.points) == (State.RECORDED, NOON, 100)
    receipt = reverse("checkout:receipt", args=[row.receipt_id])
    assert "Paper receipt at the desk" in text_of(agent.get(receipt))
    assert "Recorded from paper" in text_of(agent.get(reverse("counter:receipts")))


def test_a_purchase_that_earns_nothing_says_so(
    world: TradingWorld, member: UUID, agent: Client
) -> None:
    answer = typed(agent, member, world, goods="CIG-1 100")
    assert "It earns no points" in text_of(answer)
    assert wallet_of([member])[member].balance == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "0"}, "Type the amount paid"),
        ({"amount": "1.005"}, "no such small part"),
        ({"amount": "a lot"}, "Enter a number"),
        ({"occurred_at": "2026-03-09T20:00"}, "has not come yet"),
        ({"restricted_kind": "medicine"}, "Say which restricted goods"),
        ({"goods": "BREAD-1"}, "Each line is a code and an amount"),
        ({"goods": "NO-SUCH 5"}, "does not know NO-SUCH"),
        ({"goods": "BREAD-1 500"}, "come to more than the amount"),
        ({"store": "01a21897-e15b-71a0-a535-1c29f71b8407"}, "valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    world: TradingWorld,
    member: UUID,
    agent: Client,
    changes: dict[str, str],
    sentence: str,
) -> None:
    answer = typed(agent, member, world, **changes)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="R1"' in text_of(answer)
    assert (PaperReceipt.objects.count(), Receipt.objects.count()) == (0, 0)


def test_another_members_receipt_does_not_say_whose(
    world: TradingWorld, member: UUID, agent: Client
) -> None:
    a_member(OTHER_PHONE, store=world.bakery)
    record_receipts(
        [a_receipt(world.bakery, "R1", phone=OTHER_PHONE)], actor=TILL, source=Source.POS
    )
    answer = typed(agent, member, world)
    assert answer.status_code == 422
    assert "belongs to another member" in text_of(answer)
    assert OTHER_PHONE not in text_of(answer)
    assert "Belongs to another member" in text_of(agent.get(reverse("counter:receipts")))


def test_everybody_reads_that_the_till_told_others_but_not_this_one(
    world: TradingWorld, member: UUID, agent: Client
) -> None:
    told = [a_receipt(world.bakery, number) for number in ("R8", "R9")]
    record_receipts(told, actor=TILL, source=Source.POS)
    sentence = f"The till of {world.bakery.name} told 2 receipts of 2 Mar 2026, but not this one."
    answer = typed(agent, member, world)
    assert sentence in text_of(answer)
    row = PaperReceipt.objects.get()
    manager = signed_in(world, "crm_manager")
    page = manager.get(reverse("counter:receipt", args=[row.pk]))
    assert sentence in text_of(page)
    approve = reverse("counter:approve", args=[row.pk])
    unseen = manager.post(approve, follow=True)
    assert "by now, and this number is not among them" in text_of(unseen)
    assert wallet_of([member])[member].balance == 0
    manager.post(approve, {"others": "seen"})
    assert wallet_of([member])[member].balance == 100


def test_a_manager_decides_what_the_agent_brought_in(
    world: TradingWorld, member: UUID, agent: Client
) -> None:
    manager = signed_in(world, "crm_manager")
    assert "waits for a second person" in text_of(typed(agent, member, world, amount="5,000"))
    row = PaperReceipt.objects.get()
    page = reverse("counter:receipt", args=[row.pk])
    assert "You brought this in" in text_of(agent.get(page))
    for name in ("approve", "decline"):
        assert agent.post(reverse(f"counter:{name}", args=[row.pk])).status_code == 403
    short = manager.post(reverse("counter:decline", args=[row.pk]), {"reason": "no"})
    assert short.status_code == 422
    manager.post(reverse("counter:approve", args=[row.pk]))
    again = manager.post(reverse("counter:approve", args=[row.pk]), follow=True)
    assert "decided already" in text_of(again)
    assert wallet_of([member])[member].balance == 5_000
    assert "Recorded from paper" in text_of(manager.get(page))


def test_declining_tells_why(world: TradingWorld, member: UUID, agent: Client) -> None:
    manager = signed_in(world, "crm_manager")
    typed(agent, member, world, amount="5000")
    row = PaperReceipt.objects.get()
    reason = {"reason": "The paper is torn"}
    manager.post(reverse("counter:decline", args=[row.pk]), reason)
    assert "The paper is torn" in text_of(agent.get(reverse("counter:receipt", args=[row.pk])))
    assert wallet_of([member])[member].balance == 0
