"""Reading the queue: the one place that knows procrastinate's tables."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from croniter import croniter
from django.db import connection
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.periodic import PeriodicTask

from mallard.kernel import clock
from mallard.kernel.jobs.models import JobFailure

COUNT_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that runs by the clock. ``last_at`` is when it was last queued, ``last_status`` how
    that went; None when it never was."""

    name: str
    cron: str
    next_at: dt.datetime
    last_at: dt.datetime | None
    last_status: str | None


def seconds_since_heartbeat() -> float | None:
    """How long ago any worker gave a sign of life, by the database's clock; None: none is known."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat))::float"
            " FROM procrastinate_workers"
        )
        seconds: float | None = cursor.fetchone()[0]
    return seconds


def waiting() -> tuple[int, dt.datetime | None]:
    """How many jobs are due (counted up to 10,000), and since when the oldest of them is."""
    due = ProcrastinateJob.objects.filter(status="todo").exclude(scheduled_at__gt=clock.now())
    oldest = due.order_by("id").first()
    if oldest is None:
        return 0, None
    deferred_at = (
        ProcrastinateEvent.objects.filter(job_id=oldest.pk, type="deferred")
        .order_by("id")
        .values_list("at", flat=True)
        .first()
    )
    return due[:COUNT_LIMIT].count(), oldest.scheduled_at or deferred_at


def counts() -> dict[str, int]:
    """How many jobs there are of each status that somebody may want to act on."""
    return {
        status: ProcrastinateJob.objects.filter(status=status)[:COUNT_LIMIT].count()
        for status in ("todo", "doing", "failed")
    }


def failed_names(*, within: dt.timedelta) -> Counter[str]:
    """The names of jobs that were given up within that time, each as often as it was."""
    failed = ProcrastinateJob.objects.filter(
        status="failed",
        procrastinateevent__type="failed",
        procrastinateevent__at__gte=clock.now() - within,
    )
    return Counter(short_name(name) for name in failed.values_list("task_name", flat=True))


def jobs() -> QuerySet[ProcrastinateJob]:
    """Every job with ``happened_at``, when it last changed, and ``reason``, why it last failed."""
    events = ProcrastinateEvent.objects.filter(job_id=OuterRef("pk")).order_by("-id")
    failures = JobFailure.objects.filter(job_id=OuterRef("pk")).order_by("-id")
    return ProcrastinateJob.objects.annotate(
        happened_at=Subquery(events.values("at")[:1], output_field=DateTimeField()),
        reason=Subquery(failures.values("error")[:1]),
    )


def events_of(job_id: int) -> list[ProcrastinateEvent]:
    """What happened to a job, newest first."""
    return list(ProcrastinateEvent.objects.filter(job_id=job_id).order_by("-id")[:100])


def last_failure(job_id: int) -> JobFailure | None:
    """Why a job last failed, if it did and that is known."""
    return JobFailure.objects.filter(job_id=job_id).order_by("-id").first()


def periodic_jobs() -> list[Periodic]:
    """Every job that runs by the clock, by name."""
    last = _last_runs()
    found = [
        _periodic(each, *last.get(each.task.name, (None, None)))
        for each in app.periodic_registry.periodic_tasks.values()
    ]
    return sorted(found, key=lambda each: each.name)


def _periodic(each: PeriodicTask, last_at: dt.datetime | None, last_status: str | None) -> Periodic:
    next_at = croniter(each.cron, clock.now()).get_next(dt.datetime)
    return Periodic(short_name(each.task.name), each.cron, next_at, last_at, last_status)


def _last_runs() -> dict[str, tuple[dt.datetime, str | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (d.task_name) d.task_name, to_timestamp(d.defer_timestamp), j.status
            FROM procrastinate_periodic_defers AS d
            LEFT JOIN procrastinate_jobs AS j ON j.id = d.job_id
            ORDER BY d.task_name, d.defer_timestamp DESC
            """
        )
        return {name: (at, status) for name, at, status in cursor.fetchall()}


def short_name(task_name: str) -> str:
    """A job as people read it: the app and the function, without the folders."""
    parts = task_name.split(".")
    return ".".join([*parts[-3:-2], parts[-1]]) if len(parts) >= 3 else task_name
