"""The process that runs background jobs until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections
from procrastinate import exceptions
from procrastinate.app import App
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.jobs import Job, Status

from mallard.kernel.jobs.failures import note_failures

logger = logging.getLogger(__name__)

POLL_SECONDS = 5.0  # workers are notified; polling only catches what a lost connection missed
HEARTBEAT_SECONDS = 10.0
STALLED_SECONDS = 30.0
RESCUE_EVERY_SECONDS = 15.0
MAX_ATTEMPTS = 6
STOP_SECONDS = 20.0


def run_worker(*, concurrency: int = 2, wait: bool = True, name: str = "worker") -> None:
    """Run jobs, ``concurrency`` at a time, until SIGTERM or SIGINT; finishes what it has begun.

    ``wait`` False returns when no job is due. Jobs still running 20 seconds after the signal are
    given up and run again later.
    """
    asyncio.run(_work(concurrency=concurrency, wait=wait, name=name))


async def _work(*, concurrency: int, wait: bool, name: str) -> None:
    worker_app = _worker_app()
    async with worker_app.open_async():
        await rescue_stalled_jobs(worker_app)
        rescuer = asyncio.create_task(_keep_rescuing(worker_app))
        try:
            await worker_app.run_worker_async(
                concurrency=concurrency,
                wait=wait,
                name=name,
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                shutdown_graceful_timeout=STOP_SECONDS,
            )
        finally:
            rescuer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rescuer
            await sync_to_async(connections.close_all, thread_sensitive=True)()


def _worker_app() -> App:
    """The declared jobs on connections of the worker's own.

    A second app and not the first with its connector replaced: what a job defers must go through
    Django's connection still, to commit with the job's rows.
    """
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    worker_app = DjangoApp(
        connector=connector,
        import_paths=app.import_paths,
        # As a default and not at the start: there it would replace the care for connections.
        worker_defaults={"task_middleware": [note_failures]},
    )
    worker_app.tasks = app.tasks
    worker_app.periodic_registry = app.periodic_registry
    return worker_app


async def _keep_rescuing(worker_app: App) -> None:
    while True:
        await asyncio.sleep(RESCUE_EVERY_SECONDS)
        # The scheduler of periodic jobs lives in this thread: let it part with a dead connection.
        await sync_to_async(close_old_connections, thread_sensitive=True)()
        try:
            await rescue_stalled_jobs(worker_app)
        except exceptions.ConnectorException as error:
            logger.warning("cannot look for stalled jobs: %s", type(error).__name__)


async def rescue_stalled_jobs(worker_app: App) -> int:
    """Queue again the jobs of workers that died; returns how many.

    Not a periodic job itself, because it has to work when a dead worker holds every lock. A job
    that has taken `MAX_ATTEMPTS` workers with it is marked as failed.
    """
    manager = worker_app.job_manager
    stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    rescued = 0
    for job in stalled:
        rescued += await _rescue(worker_app, job)
    return rescued


async def _rescue(worker_app: App, job: Job) -> bool:
    manager = worker_app.job_manager
    if job.id is None:
        return False
    if job.attempts + 1 < MAX_ATTEMPTS:
        # A conflict: another job with its queueing lock waits already and does the same work.
        with contextlib.suppress(exceptions.UniqueViolation):
            await manager.retry_job_by_id_async(job.id, retry_at=dt.datetime.now(dt.UTC))
            logger.warning("job %s of a dead worker is queued again", job.id)
            return True
    await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    logger.error("job %s (%s) is given up: its workers died", job.id, job.task_name)
    return False
