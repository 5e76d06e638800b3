"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words
from mallard.world.tasks.kinds import kind_of

words.of_actions(
    {
        "tasks.task_opened": pgettext_lazy("audit", "Task opened"),
        "tasks.batch_opened": pgettext_lazy("audit", "Tasks opened"),
        "tasks.task_taken": pgettext_lazy("audit", "Task taken on"),
        "tasks.task_assigned": pgettext_lazy("audit", "Task assigned"),
        "tasks.task_finished": pgettext_lazy("audit", "Task finished"),
        "tasks.task_cancelled": pgettext_lazy("audit", "Task cancelled"),
        "tasks.task_reopened": pgettext_lazy("audit", "Task opened again"),
        "tasks.task_commented": pgettext_lazy("audit", "Task commented on"),
        "tasks.due_changed": pgettext_lazy("audit", "Due date of a task changed"),
        "tasks.tasks_handed_over": pgettext_lazy("audit", "Tasks handed over"),
        "tasks.members_forgotten": pgettext_lazy("audit", "Erased members taken out of tasks"),
    }
)
words.of_subjects(
    {
        "task": pgettext_lazy("audit subject", "Task"),
    }
)
words.of_actors(
    {
        "forget erased members": pgettext_lazy("audit actor", "Forgetting erased members"),
    }
)
words.of_fields(
    {
        "assignee_id": pgettext_lazy("audit field", "Assigned to"),
        "cancelled": pgettext_lazy("audit field", "Cancelled"),
        "comment_id": pgettext_lazy("audit field", "Comment"),
        "from": pgettext_lazy("audit field", "From"),
        "to": pgettext_lazy("audit field", "To"),
        "opened": pgettext_lazy("audit field", "Opened"),
    },
    app_label="tasks",
)


def _kind(code: str) -> words.Words | None:
    kind = kind_of(code)
    return kind.name if kind else None


words.of_values("kind", _kind, app_label="tasks")
