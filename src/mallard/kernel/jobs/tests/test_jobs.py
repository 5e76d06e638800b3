from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, connections, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from mallard.kernel.jobs import job, periodic
from mallard.kernel.jobs.declaration import DEFAULT_RETRIES
from mallard.kernel.jobs.jobs import remove_finished_jobs
from mallard.kernel.jobs.worker import MAX_ATTEMPTS, _worker_app, rescue_stalled_jobs, run_worker

done: list[str] = []


@job
def greet(name: str) -> None:
    done.append(name)


@job(retries=2)
def fail(name: str) -> None:
    done.append(name)
    raise RuntimeError("no luck")


@job
def defer_and_fail(name: str) -> None:
    with transaction.atomic():
        greet.defer(name=name)
        raise RuntimeError("rolled back")


@pytest.fixture(autouse=True)
def _only_this_modules_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own periodic jobs would come due in between."""
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})


@pytest.fixture(autouse=True)
def _nothing_done() -> Iterator[None]:
    done.clear()
    yield
    done.clear()


def queued() -> list[tuple[str, str, int]]:
    return list(
        ProcrastinateJob.objects.order_by("id").values_list("task_name", "status", "attempts")
    )


def work() -> None:
    """Run what is due, in a thread: a worker has an event loop of its own."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            run_worker(wait=False)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    assert errors == []


@pytest.mark.django_db(transaction=True)
class TestDeferring:
    def test_commits_with_the_rows(self) -> None:
        with transaction.atomic():
            greet.defer(name="Ann")
        work()
        assert done == ["Ann"]
        assert [status for _, status, _ in queued()] == ["succeeded"]

    def test_vanishes_with_the_rows(self) -> None:
        with pytest.raises(RuntimeError, match="rolled back"):
            defer_and_fail(name="Ann")
        assert queued() == []
        work()
        assert done == []

    def test_from_inside_a_job_vanishes_with_the_jobs_rows(self) -> None:
        defer_and_fail.defer(name="Ann")
        work()
        assert [name.rsplit(".", 1)[1] for name, _, _ in queued()] == ["defer_and_fail"]
        assert done == []

    def test_a_failure_is_tried_again_later_and_then_kept_as_failed(self) -> None:
        fail.defer(name="Ann")
        for expected in (("todo", 1), ("todo", 2), ("failed", 3)):
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
            work()
            assert [row[1:] for row in queued()] == [expected]
        work()
        assert done == ["Ann"] * 3


def test_retries_are_bounded_unless_said_otherwise() -> None:
    strategy = greet.retry_strategy
    assert isinstance(strategy, RetryStrategy)
    assert strategy.max_attempts == DEFAULT_RETRIES


def test_called_directly_a_job_runs_at_once() -> None:
    greet(name="Bo")
    assert done == ["Bo"]


def test_jobs_of_the_apps_are_found() -> None:
    assert "mallard.kernel.jobs.jobs.remove_finished_jobs" in app.tasks


class TestPeriodic:
    def test_is_scheduled_runs_alone_and_ignores_the_schedulers_time(self) -> None:
        @periodic("*/5 * * * *")
        def tick() -> None:
            done.append("tick")

        name = f"{tick.__module__}.{tick.__qualname__}"
        try:
            task = app.tasks[name]
            assert (task.lock, task.queueing_lock) == (name, name)
            scheduled = {
                entry.cron
                for (task_name, _), entry in app.periodic_registry.periodic_tasks.items()
                if task_name == name
            }
            assert scheduled == {"*/5 * * * *"}
            task(timestamp=1)
            tick()
            assert done == ["tick", "tick"]
        finally:
            del app.tasks[name]
            del app.periodic_registry.periodic_tasks[(name, "")]


DYING_WORKER = """
import django, os, sys, time
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from procrastinate.contrib.django import app
app.periodic_registry.periodic_tasks.clear()
from mallard.kernel.jobs import job
@job(lock="a lock that the dead hold")
def hang():
    print("hanging", flush=True)
    time.sleep(600)
hang.defer()
from mallard.kernel.jobs.jobs import remove_finished_jobs
from mallard.kernel.jobs.worker import run_worker
run_worker()
"""


@pytest.mark.django_db(transaction=True)
class TestRescue:
    def killed_worker(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", DYING_WORKER, connection.settings_dict["NAME"]],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "hanging\n"
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()

    def age_heartbeats(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'"
            )

    def rescue(self) -> int:
        async def run() -> int:
            worker_app = _worker_app()
            async with worker_app.open_async():
                return await rescue_stalled_jobs(worker_app)

        return async_to_sync(run)()

    def test_a_dead_workers_job_is_queued_again_once_its_heart_has_stopped(self) -> None:
        self.killed_worker()
        assert self.rescue() == 0, "a worker that may be alive keeps its job"
        assert queued() == [("__main__.hang", "doing", 0)]

        self.age_heartbeats()

        assert self.rescue() == 1
        assert queued() == [("__main__.hang", "todo", 1)]

    def test_a_job_that_kills_every_worker_is_given_up(self) -> None:
        self.killed_worker()
        self.age_heartbeats()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET attempts = %s", [MAX_ATTEMPTS - 1])

        assert self.rescue() == 0
        assert [status for _, status, _ in queued()] == ["failed"]


@pytest.mark.django_db(transaction=True)
def test_the_queue_forgets_old_successes_only() -> None:
    greet.defer(name="old")
    greet.defer(name="new")
    work()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - interval '4 days' WHERE job_id ="
            " (SELECT min(id) FROM procrastinate_jobs)"
        )
    remove_finished_jobs()
    left = ProcrastinateJob.objects.filter(task_name=greet.name).values_list("args", flat=True)
    assert list(left) == [{"name": "new"}]
