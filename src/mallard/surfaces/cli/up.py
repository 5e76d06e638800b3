"""`mallard up`: everything in one command: the database, the web server and the worker."""

from __future__ import annotations

import http.client
import os
import socket
import sys
from collections.abc import Sequence

import click

from mallard.kernel.backup import wal
from mallard.kernel.database.layout import Layout
from mallard.kernel.database.server import Server
from mallard.kernel.environment import PREFIX, Environment, environment
from mallard.kernel.http.generation import GENERATION_HEADER
from mallard.surfaces.cli.database import bring_up_to_date
from mallard.surfaces.cli.processes import BACKLOG, DEFAULT_WORKERS
from mallard.surfaces.cli.session import command, database, say, set_up_django
from mallard.surfaces.cli.supervisor import Child, Supervisor

PROBE_PATH = "/healthz"
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 what to ask when listening on all


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=DEFAULT_WORKERS,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Web processes.",
)
@click.option(
    "--worker/--no-worker", "with_worker", default=True, help="Whether to run background jobs."
)
@click.option(
    "--migrate/--no-migrate",
    "with_migrations",
    default=True,
    help="Whether to bring the tables to this version first.",
)
def up(host: str, port: int, workers: int, with_worker: bool, with_migrations: bool) -> None:
    """Start Mallard: database, web server and worker, until Ctrl-C or SIGTERM."""
    serve(host, port, workers, with_worker=with_worker, with_migrations=with_migrations)


def serve(
    host: str,
    port: int,
    workers: int = DEFAULT_WORKERS,
    *,
    with_worker: bool = True,
    with_migrations: bool = True,
    beside: Sequence[Child] = (),
) -> None:
    """What `up` does; ``beside`` are further processes to keep running."""
    listening = listen(host, port)
    address = f"http://{_in_url(host)}:{port}"
    os.environ.setdefault(f"{PREFIX}BASE_URL", address)
    keep_log_or_not(environment())
    with listening, database() as server:
        if with_migrations:
            set_up_django()
            bring_up_to_date()
            _close_connections()
        children = [
            Child(
                "web",
                command(
                    "web",
                    "--host",
                    host,
                    "--port",
                    port,
                    "--workers",
                    workers,
                    "--socket",
                    listening.fileno(),
                ),
                sockets=(listening.fileno(),),
            )
        ]
        if with_worker:
            children.append(Child("worker", command("worker")))
        if server is not None and environment().backup_folder is not None:
            children.append(Child("backup", command("backup", "keep")))
        children += beside
        supervisor = Supervisor(
            children,
            server=server,
            answers=lambda: answers(ANYWHERE.get(host, host), port),
            on_ready=lambda: say(f"Mallard is ready at {address}"),
            say=say,
            generation_answering=lambda: generation_answering(ANYWHERE.get(host, host), port),
        )
        ended_well = supervisor.run()
    if not ended_well:
        sys.exit(1)


def keep_log_or_not(settings: Environment) -> None:
    """Have the embedded server keep its log for backups, or no longer, from its start on."""
    if settings.database_url is not None:
        if settings.backup_folder is not None:
            say("MALLARD_BACKUP_FOLDER has no effect: your own PostgreSQL is yours to back up")
        return
    server = Server(Layout(settings.home))
    if settings.backup_folder is not None:
        wal.switch_on(server)
    elif not server.is_running() and wal.switch_off(server.layout):
        say("backups are switched off: the log is no longer kept")


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def _in_url(host: str) -> str:
    shown = ANYWHERE.get(host, host)
    return f"[{shown}]" if ":" in shown else shown


def listen(host: str, port: int) -> socket.socket:
    """The socket that the web processes share. It is ours, so that one of them may follow another
    while callers go on connecting; a taken port is said at once.

    Raises ``click.ClickException``.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror}. Choose another --port."
        ) from error
    return listening


def generation_answering(host: str, port: int) -> int | None:
    """Which generation of web processes has just answered that it is well."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", PROBE_PATH, headers={"Host": f"127.0.0.1:{port}"})
        answer = connection.getresponse()
        said = answer.headers.get(GENERATION_HEADER, "")
        return int(said) if answer.status == 200 and said.isdigit() else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def answers(host: str, port: int) -> bool:
    """Whether the web server gives a page and not only accepts connections."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", PROBE_PATH, headers={"Host": f"127.0.0.1:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
