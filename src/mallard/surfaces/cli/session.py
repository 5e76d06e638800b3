"""What every command needs that touches the product: the database running, Django set up."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from mallard.kernel.database.embedded import refuse_foreign_server, running
from mallard.kernel.database.server import Server
from mallard.kernel.environment import environment

SETTINGS_MODULE = "mallard.config.settings"


def say(message: str) -> None:
    """Tell the operator; standard output stays free for what a command yields."""
    click.echo(message, err=True)


def command(name: str, *arguments: str | int) -> list[str]:
    """A command of what is installed at the moment it is run.

    ``mallard`` of an environment names that environment's interpreter by its own path. Where it was
    reached through a link, as an upgrade switches it, the interpreter is called through it as well.
    """
    python = Path(sys.argv[0]).absolute().parent / Path(sys.executable).name
    if not (python.exists() and python.parent.samefile(Path(sys.executable).parent)):
        python = Path(sys.executable)
    return [str(python), "-m", "mallard.surfaces.cli.main", name, *map(str, arguments)]


@contextmanager
def database(
    *, is_restoring: bool = False, is_for_any_major: bool = False
) -> Iterator[Server | None]:
    """The database runs inside the block. SIGTERM and SIGHUP leave it in order.

    Raises `ForeignServer` for a PostgreSQL of one's own that is of another major version, unless
    ``is_for_any_major``: it must be possible to dump it.
    """
    if not is_for_any_major:
        refuse_foreign_server(environment())
    with (
        _orderly_end(),
        running(environment(), progress=say, is_restoring=is_restoring) as server,
    ):
        yield server


@contextmanager
def product(*, is_restoring: bool = False) -> Iterator[Server | None]:
    """The database runs and Django is set up inside the block: services may be called."""
    with database(is_restoring=is_restoring) as server:
        set_up_django()
        from django.db import connections

        try:
            yield server
        finally:
            connections.close_all()


def set_up_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    django.setup()


@contextmanager
def _orderly_end() -> Iterator[None]:
    """Turn the signals that end a process into SystemExit, so that ``finally`` is reached."""

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    numbers = (signal.SIGTERM, signal.SIGHUP)
    previous = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
