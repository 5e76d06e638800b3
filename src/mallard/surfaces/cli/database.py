"""Commands about the database and Django's own commands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from mallard.kernel.database.embedded import configuration
from mallard.kernel.database.layout import program
from mallard.kernel.environment import environment
from mallard.surfaces.cli.session import database, product

PASS_THROUGH = {"ignore_unknown_options": True, "help_option_names": []}


@click.command()
def migrate() -> None:
    """Bring the tables to this version."""
    with product():
        bring_up_to_date()


def bring_up_to_date() -> None:
    """Apply the migrations, without the time limits of a request. Django is set up.

    Raises `NewerTables`.
    """
    from django.core.management import call_command

    from mallard.kernel.collecting import seldom_collecting
    from mallard.kernel.database.schema import refuse_newer_tables
    from mallard.kernel.database.transactions import statement_limits

    refuse_newer_tables()
    with statement_limits(statement_ms=0), seldom_collecting():
        call_command("migrate", interactive=False, verbosity=1, stdout=sys.stderr)


@click.command(context_settings=PASS_THROUGH)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """PostgreSQL's own prompt, on Mallard's database. Takes psql's arguments."""
    sys.exit(_run_program("psql", arguments))


@click.command("pg-dump", context_settings=PASS_THROUGH)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def pg_dump(arguments: tuple[str, ...]) -> None:
    """Write the database as SQL to standard output. Takes pg_dump's arguments."""
    sys.exit(_run_program("pg_dump", ("--no-owner", *arguments)))


def _run_program(name: str, arguments: tuple[str, ...]) -> int:
    """Run one of PostgreSQL's programs on the product's database; its exit status."""
    with database(is_for_any_major=True):
        previous = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the program's
        try:
            return subprocess.run(
                [program(name), *arguments],
                env=os.environ | _connection_environment(),
                check=False,
                restore_signals=True,
                preexec_fn=_heed_interrupt,
            ).returncode
        finally:
            signal.signal(signal.SIGINT, previous)


def _heed_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _connection_environment() -> dict[str, str]:
    """libpq's variables for the product's database; passwords are no command-line arguments."""
    settings = configuration(environment())
    options = settings["OPTIONS"]
    found = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
        "PGSSLMODE": str(options.get("sslmode", "")),
        "PGSSLROOTCERT": str(options.get("sslrootcert", "")),
    }
    return {name: value for name, value in found.items() if value}


@click.command(context_settings=PASS_THROUGH)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Any of Django's management commands, with the database running."""
    from django.core.management import execute_from_command_line

    with product():
        execute_from_command_line([Path(sys.argv[0]).name + " manage", *arguments])
