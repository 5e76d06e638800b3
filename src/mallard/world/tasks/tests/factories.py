"""Tasks for tests, made through the services that everybody uses."""

from __future__ import annotations

from typing import Any

from mallard.kernel.access.actor import Actor, system
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import actor_for_user
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.models import Task
from mallard.world.tasks.services import open_task

SYSTEM = system("tests")


def a_task(*, actor: Actor = SYSTEM, **more: Any) -> Task:
    """An open follow-up; ``more`` is what `TaskInput` takes."""
    wanted = {"kind": "follow_up", "title": "Call back about the cake", **more}
    return Task.objects.get(pk=open_task(TaskInput(**wanted), actor=actor).id)


def acting(user: StaffUser) -> Actor:
    """The actor of somebody signed in."""
    return actor_for_user(user)
