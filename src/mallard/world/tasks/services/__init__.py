"""Every write of tasks: one function per use case."""

from mallard.world.tasks.services.clearing import clear_after_erasure
from mallard.world.tasks.services.handing_over import hand_over_tasks
from mallard.world.tasks.services.handling import (
    assign_task,
    assign_tasks,
    cancel_task,
    change_due,
    comment_on_task,
    finish_task,
    finish_tasks,
    reopen_task,
    settle_tasks,
    take_task,
    take_tasks,
)
from mallard.world.tasks.services.opening import MAX_BATCH, open_task, open_tasks, report_problem

__all__ = [
    "MAX_BATCH",
    "assign_task",
    "assign_tasks",
    "cancel_task",
    "change_due",
    "clear_after_erasure",
    "comment_on_task",
    "finish_task",
    "finish_tasks",
    "hand_over_tasks",
    "open_task",
    "open_tasks",
    "reopen_task",
    "report_problem",
    "settle_tasks",
    "take_task",
    "take_tasks",
]
