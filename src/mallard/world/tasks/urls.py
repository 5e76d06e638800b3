"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.tasks.pages import lists, record, writing

app_name = "tasks"
_TASK = "<uuid:task_id>/"
urlpatterns: list[URLPattern] = [
    path("", lists.own_tasks, name="list"),
    path("team", lists.team_tasks, name="team"),
    path("all", lists.every_task, name="all"),
    path("asked", lists.asked_tasks, name="asked"),
    path("new", writing.new_task, name="new"),
    path("report-problem", writing.report_problem, name="report_problem"),
    path(_TASK, record.task_detail, name="detail"),
    path(_TASK + "take", record.take, name="take"),
    path(_TASK + "assign", record.assign, name="assign"),
    path(_TASK + "comments", record.comment, name="comment"),
    path(_TASK + "due", record.change_due, name="due"),
    path(_TASK + "finish", record.finish, name="finish"),
    path(_TASK + "cancel", record.cancel, name="cancel"),
    path(_TASK + "reopen", record.reopen, name="reopen"),
]
