"""The same paper at two desks, and at a desk and a till, at once; each on its own connection."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.kernel.errors import DomainError
from mallard.kernel.outbox.dispatcher import deliver_to
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import (
    TILL,
    TradingWorld,
    a_member,
    a_receipt,
    a_trading_world,
)
from mallard.value.checkout.tests.test_races import at_once, earlier
from mallard.value.counter.models import PaperReceipt, State
from mallard.value.counter.services import bring_receipt, decide_receipt
from mallard.value.counter.tests.factories import an_agent, paper
from mallard.value.ledger.queries import wallet_of
from mallard.value.ledger.rollups import roll_up_funder_days
from mallard.value.ledger.verification import verify
from mallard.value.sales.models import Receipt, Source
from mallard.world.tasks.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

PHONES = ("13812345678", "13911112222")


@pytest.fixture
def world() -> TradingWorld:
    return a_trading_world()


def assert_everything_agrees() -> None:
    wait_for_older_transactions()
    for consumer in ("sales.rollups", "counter.meetings"):
        deliver_to(consumer)
    roll_up_funder_days()
    report = verify()
    assert report.is_sound, report


def attempt(given: Any, agent: Any) -> str:
    try:
        return str(bring_receipt(given, actor=agent).state)
    except DomainError as error:
        return error.code


def balances(members: list[UUID]) -> list[int]:
    found = wallet_of(members)
    return sorted(found[member].balance for member in members)


def test_the_same_paper_at_many_desks_is_credited_once(world: TradingWorld) -> None:
    members = [a_member(phone, store=world.bakery) for phone in PHONES]
    agents = [an_agent(name=f"Agent {n}") for n in range(4)]
    at = earlier()
    calls = [
        lambda n=n: attempt(paper(members[n % 2], world.bakery, at=at), agents[n]) for n in range(4)
    ]
    assert Counter(at_once(calls)) == {"recorded": 1, "counter.brought_before": 3}
    assert balances(members) == [0, 100]
    assert PaperReceipt.objects.count() == Receipt.objects.count() == 1
    assert_everything_agrees()


def test_one_form_sent_twice_is_one_act(world: TradingWorld) -> None:
    member = a_member(PHONES[0], store=world.bakery)
    agent = an_agent()
    given = paper(member, world.bakery, at=earlier())
    assert at_once([lambda: attempt(given, agent)] * 3) == ["recorded"] * 3
    assert (balances([member]), PaperReceipt.objects.count()) == ([100], 1)


@pytest.mark.parametrize("named", [None, PHONES[0], PHONES[1]])
def test_a_desk_and_the_till_tell_it_at_once(world: TradingWorld, named: str | None) -> None:
    """Whoever comes first: one receipt, and its points with one member."""
    members = [a_member(phone, store=world.bakery) for phone in PHONES]
    agent = an_agent()
    at = earlier()
    sale = a_receipt(world.bakery, "R1", phone=named, at=at)

    def till() -> str:
        [outcome] = record_receipts([sale], actor=TILL, source=Source.POS)
        assert outcome.error is None
        return outcome.status.value

    desk, told = at_once([lambda: attempt(paper(members[0], world.bakery, at=at), agent), till])
    assert told in {"recorded", "duplicate"}
    assert desk in {"recorded", "named", "refused", "counter.already_theirs", "sales.number_reused"}
    assert Receipt.objects.get().source == Source.POS
    if named is None and desk != "sales.number_reused":
        assert wallet_of(members)[members[0]].balance == 100
    assert sum(balances(members)) in ({0, 100} if named is None else {100})
    assert_everything_agrees()


def test_two_second_persons_decide_once(world: TradingWorld) -> None:
    member = a_member(PHONES[0], store=world.bakery)
    row = bring_receipt(
        paper(member, world.bakery, amount_minor=500_000, at=earlier()), actor=an_agent()
    )
    managers = [an_agent("crm_manager", name=f"Manager {n}") for n in range(3)]

    def decide(manager: Any) -> str:
        try:
            return str(decide_receipt(row.pk, is_approved=True, actor=manager).state)
        except DomainError as error:
            return error.code

    answers = at_once([lambda one=one: decide(one) for one in managers])
    assert Counter(answers) == {State.RECORDED: 1, "counter.already_decided": 2}
    assert balances([member]) == [5_000]
    assert_everything_agrees()


def test_the_tills_other_word_reaches_a_person(world: TradingWorld) -> None:
    member = a_member(PHONES[0], store=world.bakery)
    at = earlier()
    row = bring_receipt(paper(member, world.bakery, at=at), actor=an_agent())
    sale = a_receipt(world.bakery, "R1", 4_000, at=at)
    outcomes = at_once(
        [lambda: record_receipts([sale], actor=TILL, source=Source.POS)[0].status.value] * 3
    )
    assert outcomes == ["duplicate"] * 3
    assert_everything_agrees()
    row.refresh_from_db()
    assert (row.is_at_odds, row.told_minor, balances([member])) == (True, 4_000, [40])
    assert Task.objects.get().kind == "alert"
