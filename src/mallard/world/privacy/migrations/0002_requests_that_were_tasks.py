"""What members asked so far stood as tasks alone: each gets its request."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.db import migrations

_STATUS = {"open": "open", "done": "done", "cancelled": "gone"}
_BATCH = 1_000


def make_requests(apps: Any, _schema: Any) -> None:
    """One request for each task of this kind; again makes none twice."""
    task_model = apps.get_model("tasks", "Task")
    request_model = apps.get_model("privacy", "PrivacyRequest")
    tasks = task_model.objects.filter(
        kind="privacy_request",
        privacy_request=None,
        member__isnull=False,
        message__in=["export", "correction", "erasure", "restriction"],
    ).order_by("pk")
    found = tasks.iterator(chunk_size=_BATCH)
    while batch := list(islice(found, _BATCH)):
        request_model.objects.bulk_create(
            [
                request_model(
                    member_id=task.member_id,
                    task_id=task.pk,
                    kind=task.message,
                    source="page",
                    status=_STATUS[task.status],
                    received_at=task.opened_at,
                    due_at=task.due_at,
                    handled_by_id=task.closed_by_id,
                    closed_at=task.closed_at,
                )
                for task in batch
            ]
        )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [migrations.RunPython(make_requests, migrations.RunPython.noop)]
