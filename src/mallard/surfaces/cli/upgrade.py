"""`mallard upgrade`: back up, bring the tables to this version, check, say how to go back."""

from __future__ import annotations

import sys
import time

import click

from mallard.kernel.backup.manifest import Manifest
from mallard.kernel.backup.room import require_room, size_of
from mallard.kernel.backup.versions import this_version
from mallard.kernel.environment import environment
from mallard.surfaces.cli.backup import back_up
from mallard.surfaces.cli.database import bring_up_to_date
from mallard.surfaces.cli.session import product, say

ROOM_SHARE = 5
"""A migration may write a table anew: a fifth of the database must be free."""


@click.command()
@click.option(
    "--backed-up",
    is_flag=True,
    help="With a PostgreSQL of your own, which Mallard does not back up: say that you did.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def upgrade(backed_up: bool, dry_run: bool) -> None:
    """Back up, bring the tables to this version, check the result, say how to go back.

    Refuses tables that a newer Mallard has changed, and a database of another PostgreSQL major.
    May run while an older Mallard serves: changes of the tables only add.
    """
    with product() as server:
        from mallard.kernel.database.schema import (
            pending_migrations,
            refuse_newer_tables,
        )

        refuse_newer_tables()
        pending = pending_migrations()
        for name in pending:
            click.echo(f"  {name}")
        click.echo(f"{len(pending)} changes bring the tables to Mallard {this_version()}.")
        if dry_run:
            return
        manifest = None
        if pending:
            if server is None and not backed_up:
                raise click.UsageError(
                    "MALLARD_DATABASE_URL names a PostgreSQL of your own: back it up with its "
                    "own tools, then say so with --backed-up."
                )
            if server is not None:
                data = server.layout.data
                require_room(data, size_of(data) // ROOM_SHARE, "An upgrade")
                manifest = back_up()
                click.echo(f"Backup {manifest.id} is complete.")
            _migrate(manifest)
        is_sound = _check()
    if not is_sound:
        click.echo("The upgrade is not sound.", err=True)
        _say_how_to_go_back(manifest)
        sys.exit(1)
    click.echo(f"Mallard {this_version()}: the tables are up to date, the books agree.")
    _say_how_to_go_back(manifest)


def _migrate(manifest: Manifest | None) -> None:
    began = time.monotonic()
    try:
        bring_up_to_date()
    except BaseException:
        say("The upgrade stopped. Each change is whole or not made; run it again when mended.")
        _say_how_to_go_back(manifest)
        raise
    click.echo(f"Migrated in {time.monotonic() - began:.1f} s.")


def _check() -> bool:
    """Derive the books anew and look for changes that are still missing."""
    from mallard.kernel.database.schema import pending_migrations
    from mallard.kernel.database.transactions import statement_limits
    from mallard.value.ledger.verification import verify

    with statement_limits(statement_ms=0):
        report = verify()
    for check in report.checks:
        if check.wrong:
            say(f"ledger: {check.name}: {check.wrong} of {check.checked} differ")
    return report.is_sound and not pending_migrations()


def _say_how_to_go_back(manifest: Manifest | None) -> None:
    if manifest is None:
        return
    say(
        "To go back: install the Mallard you came from, then `mallard restore --from "
        f"{environment().backup_path} --backup {manifest.id} --to AN_EMPTY_FOLDER`. What happens "
        "from now on is not in it."
    )
