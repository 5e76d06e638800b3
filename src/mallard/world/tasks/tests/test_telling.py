"""Whoever gets a task is told; who took it, and who reads old histories, is not."""

from __future__ import annotations

import pytest

from mallard.kernel.provenance import Origin
from mallard.kernel.workspace.models import Notification
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.staff.models import StaffUser
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks import services
from mallard.world.tasks.tests.factories import a_task, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> tuple[StaffUser, StaffUser]:
    a_mall_group()
    return a_staff_user("crm_manager"), a_staff_user("crm_manager")


def told(user: StaffUser) -> list[tuple[str, str]]:
    return list(
        Notification.objects.filter(actor_id=user.id).order_by("id").values_list("kind", "url")
    )


def test_who_is_given_a_task_is_told_and_who_takes_one_is_not(
    people: tuple[StaffUser, StaffUser],
) -> None:
    boss, colleague = people
    task = a_task(actor=acting(boss), role="crm_manager")
    services.assign_task(task.id, assignee_id=colleague.id, actor=acting(boss))
    assert told(colleague) == [("tasks.given", f"/tasks/{task.id}/")]
    services.assign_task(task.id, assignee_id=colleague.id, actor=acting(boss))
    assert len(told(colleague)) == 1
    services.assign_task(task.id, assignee_id=colleague.id, role="director", actor=acting(boss))
    assert len(told(colleague)) == 1, "it was theirs already"
    another = a_task(actor=acting(colleague), role="crm_manager")
    services.take_tasks([another.id], actor=acting(boss))
    assert told(boss) == []


def test_a_task_that_is_opened_for_somebody_tells_them(
    people: tuple[StaffUser, StaffUser],
) -> None:
    boss, colleague = people
    a_task(actor=acting(boss), assignee_id=colleague.id)
    a_task(actor=acting(boss), assignee_id=boss.id)
    assert [kind for kind, _url in told(colleague)] == ["tasks.given"]
    assert told(boss) == []


def test_a_generated_history_tells_nobody(people: tuple[StaffUser, StaffUser]) -> None:
    boss, colleague = people
    a_task(actor=acting(boss), assignee_id=colleague.id, origin=Origin.GENERATED)
    assert told(colleague) == []


def test_a_comment_tells_whose_task_it_is_and_who_asked_but_not_who_wrote(
    people: tuple[StaffUser, StaffUser],
) -> None:
    boss, colleague = people
    task = a_task(actor=acting(boss), assignee_id=colleague.id)
    services.comment_on_task(task.id, "Done by tonight?", actor=acting(boss))
    services.comment_on_task(task.id, "Yes.", actor=acting(colleague))
    assert [kind for kind, _url in told(colleague)] == ["tasks.given", "tasks.commented"]
    assert [kind for kind, _url in told(boss)] == ["tasks.commented"]
    StaffUser.objects.filter(pk=boss.id).update(is_active=False)
    services.comment_on_task(task.id, "And that.", actor=acting(colleague))
    assert len(told(boss)) == 1, "who has left is told nothing"
    assert "Yes." not in str(Notification.objects.values_list("params", flat=True))
