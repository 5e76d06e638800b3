"""Refusals about tasks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class TaskNotFound(NotFound):
    code = "tasks.not_found"
    message = _("There is no such task, or you may not see it.")


class TaskInvalid(Invalid):
    code = "tasks.invalid"


class TaskTaken(Conflict):
    code = "tasks.taken"
    message = _("%(name)s has this task already.")


class TaskClosed(Conflict):
    code = "tasks.closed"
    message = _("This task is done or cancelled. Open it again first.")


class TaskOpen(Conflict):
    code = "tasks.open"
    message = _("This task is open already.")


class SameTaskOpen(Conflict):
    code = "tasks.same_open"
    message = _("Another task about the same thing is open by now.")


class NotYourTask(Forbidden):
    code = "tasks.not_yours"
    message = _("This is for whoever has the task, or who assigns tasks there.")


class TooManyTasks(Invalid):
    code = "tasks.too_many"
    message = _("At most %(limit)s tasks at once.")


class SettledElsewhere(Conflict):
    code = "tasks.settled_elsewhere"
    message = _("Open what it is about and decide there: that finishes the task.")
