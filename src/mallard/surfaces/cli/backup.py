"""`mallard backup`: take, list, verify, and keep taking."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from mallard.kernel.backup.errors import BackupError, NoSuchBackup, NotOurServer
from mallard.kernel.backup.manifest import Manifest
from mallard.kernel.backup.room import megabytes
from mallard.kernel.backup.shelf import Shelf, shelves
from mallard.kernel.database.errors import DatabaseServerError
from mallard.kernel.database.server import Server
from mallard.kernel.environment import Environment, environment
from mallard.kernel.errors import DomainError
from mallard.surfaces.cli.session import product, say, set_up_django

ROUND_SECONDS = 5.0
COMPLAIN_EVERY_SECONDS = 300.0

REFUSALS = (BackupError, DatabaseServerError, DomainError, OSError)

FOLDER = click.Path(path_type=Path, file_okay=False, resolve_path=True)


@click.group(invoke_without_command=True)
@click.option("--to", "folder", type=FOLDER, help="Backup folder. Default: MALLARD_BACKUP_FOLDER.")
@click.pass_context
def backup(ctx: click.Context, folder: Path | None) -> None:
    """Take a backup now: the database, its log, the data folder's other files. Never the keys."""
    if ctx.invoked_subcommand is not None:
        return
    manifest = back_up(folder)
    click.echo(f"{manifest.id}: {megabytes(manifest.size)} MB, sealed and complete.")


def back_up(folder: Path | None = None) -> Manifest:
    """One backup now, to ``folder`` or where the settings say."""
    with _ours() as (settings, server):
        from mallard.kernel.backup.base import one_at_a_time
        from mallard.kernel.backup.keeping import Keeper

        if folder is not None:
            settings = settings.model_copy(update={"backup_folder": folder})
        keeper = Keeper(settings, server, say)
        with one_at_a_time(server):
            keeper.keep_log()
            return keeper.back_up()


@contextmanager
def _ours() -> Iterator[tuple[Environment, Server]]:
    """The product around the block, and its embedded server. Raises `NotOurServer`."""
    settings = environment()
    if settings.database_url is not None:
        raise NotOurServer
    with product() as server:
        if server is None:
            raise NotOurServer
        yield settings, server


@backup.command("list")
@click.option(
    "--from", "folder", type=FOLDER, help="Backup folder. Default: MALLARD_BACKUP_FOLDER."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(folder: Path | None, as_json: bool) -> None:
    """The complete backups, oldest first."""
    folder = folder or environment().backup_path
    found = [manifest for shelf in shelves(folder) for manifest in shelf.manifests()]
    if as_json:
        click.echo(json.dumps([_described(manifest) for manifest in found]))
        return
    if not found:
        click.echo(f"There is no complete backup in {folder}.")
    for manifest in found:
        click.echo(
            f"{manifest.id}  {manifest.installation}  {megabytes(manifest.size):>8} MB  "
            f"Mallard {manifest.mallard}, PostgreSQL {manifest.postgresql}"
            f"{'' if manifest.is_archiving else '  (one moment: no log was kept)'}"
        )


def _described(manifest: Manifest) -> dict[str, object]:
    return {
        "id": manifest.id,
        "installation": manifest.installation,
        "finished_at": manifest.finished_at.isoformat(),
        "bytes": manifest.size,
        "mallard": manifest.mallard,
        "postgresql": manifest.postgresql,
        "is_archiving": manifest.is_archiving,
    }


@backup.command()
@click.argument("id_", metavar="[BACKUP]", required=False)
@click.option(
    "--from", "folder", type=FOLDER, help="Backup folder. Default: MALLARD_BACKUP_FOLDER."
)
def verify(id_: str | None, folder: Path | None) -> None:
    """Open every byte of the backups, or of one, and compare; exits 1 when one is damaged."""
    set_up_django()
    from mallard.kernel.backup import verification
    from mallard.kernel.secrets.errors import RingMissing
    from mallard.kernel.secrets.ring import read

    path = environment().key_ring_path
    ring = read(path)
    if ring is None:
        raise RingMissing(path=path)
    is_good = True
    for shelf, manifest in _asked_for(folder or environment().backup_path, id_):
        findings = verification.verify(shelf, manifest, ring)
        is_good = is_good and findings.is_good
        word = "good" if findings.is_good else "DAMAGED"
        click.echo(
            f"{manifest.id}: {word} ({findings.files:,} files, {findings.segments:,} pieces of log)"
        )
        for fault in findings.faults:
            click.echo(f"  {fault}")
    raise SystemExit(0 if is_good else 1)


def _asked_for(folder: Path, id_: str | None) -> list[tuple[Shelf, Manifest]]:
    found = [
        (shelf, manifest)
        for shelf in shelves(folder)
        for manifest in shelf.manifests()
        if id_ in (None, manifest.id)
    ]
    if not found:
        raise NoSuchBackup(f"There is no complete backup{f' {id_}' if id_ else ''} in {folder}.")
    return found


@backup.command()
@click.option("--once", is_flag=True, help="One round, then end.")
def keep(once: bool) -> None:
    """Take the log to the backup folder and a base backup a day. `mallard up` runs this."""
    with _ours() as (settings, server):
        import psycopg
        from django.db import Error, close_old_connections

        from mallard.kernel.backup.keeping import Keeper

        keeper = Keeper(settings, server, say)
        complain_at = 0.0
        while True:
            try:
                manifest = keeper.tend()
            except (*REFUSALS, psycopg.Error, Error) as error:
                if once:
                    raise
                # The database or the backup disk may be away for a while: say so now and then.
                if time.monotonic() > complain_at:
                    say(f"backup: {error}")
                    complain_at = time.monotonic() + COMPLAIN_EVERY_SECONDS
            else:
                complain_at = 0.0
                if manifest is not None:
                    say(f"backup {manifest.id} is complete ({megabytes(manifest.size)} MB)")
            if once:
                return
            close_old_connections()
            time.sleep(ROUND_SECONDS)
