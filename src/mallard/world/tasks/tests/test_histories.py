"""Tasks of a history: what was done long ago is written down at once, and nothing impossible is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.provenance import Origin
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.errors import TaskInvalid
from mallard.world.tasks.inputs import Finish
from mallard.world.tasks.models import Task
from mallard.world.tasks.tests.factories import a_task

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def doer() -> Any:
    a_mall_group()
    return a_staff_user("sales_assistant")


def test_a_finish_makes_it_done_and_seals_what_came_of_it(doer: Any) -> None:
    opened_at = now() - 30 * 24 * HOUR
    finish = Finish(at=opened_at + 5 * HOUR, by_id=doer.pk, outcome="Came by")
    task = a_task(
        member_id=a_member().id,
        assignee_id=doer.pk,
        opened_at=opened_at,
        origin=Origin.GENERATED,
        finish=finish,
    )
    assert (task.status, task.closed_at, task.closed_by_id) == ("done", finish.at, doer.pk)
    assert task.is_within_target
    assert task.outcome == ""
    assert task.outcome_sealed is not None
    assert b"Came by" not in bytes(task.outcome_sealed)
    names = OutboxEvent.objects.filter(subject_id=task.pk).values_list("name", flat=True)
    assert set(names) == {"tasks.task_opened", "tasks.task_finished"}


def test_an_end_before_its_beginning_a_key_or_a_stranger_is_refused(doer: Any) -> None:
    opened_at = now() - 30 * HOUR
    finish = Finish(at=opened_at + HOUR, by_id=doer.pk)
    early = Finish(at=opened_at - HOUR, by_id=doer.pk)
    later = Finish(at=now() + HOUR, by_id=doer.pk)
    stranger = Finish(at=finish.at, by_id=uuid7())
    for wrong in ({"finish": early}, {"finish": later}, {"finish": stranger},
                  {"finish": finish, "key": "again"}):  # fmt: skip
        with pytest.raises(TaskInvalid):
            a_task(opened_at=opened_at, **wrong)
    assert not Task.objects.exists()
    assert not OutboxEvent.objects.filter(name="tasks.task_opened").exists()
