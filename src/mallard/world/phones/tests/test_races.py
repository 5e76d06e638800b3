"""Changes of phone that come at the same moment, each on its own connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from mallard.kernel.errors import DomainError
from mallard.world.members.models import Identity
from mallard.world.members.tests.factories import a_member
from mallard.world.phones.models import PhoneChange
from mallard.world.phones.services import decide_change, request_change
from mallard.world.phones.tests.test_services import NEW, by_document, known_by, somebody, wanted

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Callable[[], Any]]) -> list[str]:
    """The state each ends in, or the code of its refusal."""
    barrier = Barrier(len(calls))

    def attempt(call: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return str(call().state)
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(attempt, calls))


def test_one_phone_goes_to_one_of_two_members() -> None:
    agent, manager = somebody(), somebody("crm_manager")
    first, second = a_member(), a_member()
    changes = [by_document(one, agent) for one in (first, second)]
    answers = at_once(
        [lambda row=row: decide_change(row.pk, is_approved=True, actor=manager) for row in changes]
    )
    assert Counter(answers) == {"done": 1, "members.identity_taken": 1}
    assert len(known_by(NEW)) == 1
    assert Identity.objects.filter(kind="phone", closed_at=None).count() == 2


def test_two_second_persons_decide_once() -> None:
    row = by_document(a_member(), somebody())
    managers = [somebody("crm_manager") for _one in range(3)]
    answers = at_once(
        [lambda one=one: decide_change(row.pk, is_approved=True, actor=one) for one in managers]
    )
    assert Counter(answers) == {"done": 1, "phones.change_decided": 2}
    assert Identity.objects.filter(kind="phone").count() == 2


def test_two_desks_begin_one_change() -> None:
    member = a_member()
    agents = [somebody() for _one in range(3)]
    answers = at_once(
        [
            lambda one=one: request_change(
                wanted(member, proof="document", document="identity"), actor=one
            )
            for one in agents
        ]
    )
    assert Counter(answers) == {"waiting": 1, "phones.change_waits": 2}
    assert PhoneChange.objects.count() == 1
