"""The two kinds of process that serve: web and worker. `mallard up` runs both."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory

import click

from mallard.surfaces.cli.session import database, product, say

DEFAULT_WORKERS = max(1, min(2, os.cpu_count() or 1))
THREADS = 8
BACKLOG = 1024
KILL_AFTER_SECONDS = 30


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=DEFAULT_WORKERS, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--threads",
    default=THREADS,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Requests that one worker answers at a time; each may hold a database connection.",
)
@click.option(
    "--socket", "listening", type=int, default=None, hidden=True, help="Inherited from `up`."
)
def web(host: str, port: int, workers: int, threads: int, listening: int | None) -> None:
    """Serve pages and API only."""
    from granian.log import LogLevels

    from mallard.surfaces.cli.serving import web_server

    with database(), TemporaryDirectory(prefix="mallard-metrics-") as shared:
        # Where the web processes add up their figures, whichever of them is asked for all.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        web_server(
            listening=listening,
            address=host,
            port=port,
            workers=workers,
            blocking_threads=threads,
            backlog=BACKLOG,
            log_level=LogLevels.warning,
            log_access=False,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=KILL_AFTER_SECONDS,
        ).serve()


@click.command()
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 32))
@click.option("--once", is_flag=True, help="Run what is due, then end.")
def worker(concurrency: int, once: bool) -> None:
    """Run background jobs only."""
    with product():
        from mallard.kernel.jobs.worker import run_worker

        if not once:
            say("worker: waiting for jobs")
        run_worker(concurrency=concurrency, wait=not once, name=f"worker-{os.getpid()}")
