"""`mallard restore`: a backup comes back to life in an empty place."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import click

from mallard.kernel.backup.manifest import Manifest
from mallard.kernel.backup.recovery import (
    Recovered,
    recover,
    require_empty,
    require_this_major,
)
from mallard.kernel.backup.shelf import RESTORED, Shelf, chosen
from mallard.kernel.backup.versions import require_known_tables
from mallard.kernel.database.layout import Layout
from mallard.kernel.database.server import Server
from mallard.kernel.environment import PREFIX, Environment, environment
from mallard.surfaces.cli.session import product, say, set_up_django

FOLDER = click.Path(path_type=Path, file_okay=False, resolve_path=True)


class Moment(click.ParamType):
    """A point in time with its zone, as ISO 8601 writes it."""

    name = "time"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.datetime:
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no time such as 2026-11-25T21:30:00+08:00", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value} lacks its zone: write {value}+08:00, or {value}Z", param, ctx)
        return moment.astimezone(dt.UTC)


@dataclass(frozen=True)
class _Outcome:
    """What came after the log was replayed."""

    erased: int
    migrations: int
    is_sound: bool
    checks: int


@click.command()
@click.option(
    "--from", "folder", type=FOLDER, help="Backup folder. Default: MALLARD_BACKUP_FOLDER."
)
@click.option("--backup", "id_", help="Which backup (see `mallard backup list`). Default: newest.")
@click.option("--to-time", "until", type=Moment(), help="Up to this moment. Default: everything.")
@click.option("--to", "home", type=FOLDER, help="An empty data folder. Default: MALLARD_HOME.")
def restore(
    folder: Path | None, id_: str | None, until: dt.datetime | None, home: Path | None
) -> None:
    """Restore a backup to an empty data folder, forget who was erased, verify the books.

    Needs the key ring that the backup was sealed with. Exits 1 when the books do not agree.
    """
    began_at, began = dt.datetime.now(dt.UTC), time.monotonic()
    asked = environment()
    home = home or asked.home
    folder = folder or asked.backup_path
    require_empty(home)
    ring_path = _ring_path(asked, home)
    _become(home, ring_path)
    set_up_django()
    shelf, manifest = chosen(folder, id_=id_, until=until)
    recovered = _recover(shelf, manifest, ring_path, until=until)
    outcome = _make_presentable()
    Layout(home).restoring_mark.unlink()
    if outcome.is_sound:
        _note_on_shelf(shelf)
    _report(manifest, recovered, outcome, began_at, time.monotonic() - began)
    _say_how_to_start(home, ring_path, is_elsewhere=home != asked.home)
    raise SystemExit(0 if outcome.is_sound else 1)


def _note_on_shelf(shelf: Shelf) -> None:
    """Tell the installation that these backups can be restored: its health page asks."""
    told = json.dumps({"restored_at": dt.datetime.now(dt.UTC).isoformat()})
    try:
        (shelf.place / RESTORED).write_text(told, encoding="utf-8")
    except OSError as error:
        say(
            f"The folder of backups cannot be written ({error.strerror}): the restore is not noted."
        )


def _ring_path(asked: Environment, home: Path) -> Path:
    """The key ring to use: the one that is named, the new place's own, or the present one's."""
    own = Environment(home=home, key_ring=asked.key_ring).key_ring_path
    return own if asked.key_ring is not None or own.exists() else asked.key_ring_path


def _become(home: Path, ring_path: Path) -> None:
    """Have this process work on the new place, whatever the environment named before."""
    os.environ[f"{PREFIX}HOME"] = str(home)
    os.environ[f"{PREFIX}KEY_RING"] = str(ring_path)
    for name in ("DATABASE_URL", "DATABASE_URL_FILE"):
        os.environ.pop(f"{PREFIX}{name}", None)
    environment.cache_clear()


def _recover(
    shelf: Shelf, manifest: Manifest, ring_path: Path, *, until: dt.datetime | None
) -> Recovered:
    from mallard.kernel.backup.restoring import bring_register
    from mallard.kernel.secrets.errors import RingMissing
    from mallard.kernel.secrets.ring import read

    ring = read(ring_path)
    if ring is None:
        raise RingMissing(path=ring_path)
    manifest.check(ring)
    require_this_major(manifest)
    require_known_tables(manifest)
    server = Server(Layout(environment().home))
    mark = server.layout.restoring_mark
    server.layout.make_folder()
    mark.touch(mode=0o600)
    try:
        recovered = recover(server, shelf, manifest, ring, until=until, progress=say)
    except BaseException:
        mark.unlink()
        raise
    bring_register(shelf, ring)
    return recovered


def _make_presentable() -> _Outcome:
    """Bring the tables to this version, erase again who was erased, derive the books anew."""
    with product(is_restoring=True):
        from mallard.kernel.access.actor import system
        from mallard.kernel.database.schema import pending_migrations, refuse_newer_tables
        from mallard.kernel.database.transactions import statement_limits
        from mallard.kernel.secrets import erasures, register
        from mallard.surfaces.cli.database import bring_up_to_date
        from mallard.value.ledger.verification import verify

        refuse_newer_tables()
        pending = pending_migrations()
        if pending:
            bring_up_to_date()
        say("replaying the register of erasures")
        with statement_limits(statement_ms=0):
            erased = erasures.replay(actor=system("mallard restore"))
        # Whoever was erased before the backup's end, too: the log that was replayed deletes their
        # rows, and leaves the bytes where they lay.
        if erased or register.mirrored():
            erasures.scrub()
        say("verifying the ledger")
        with statement_limits(statement_ms=0):
            report = verify()
        return _Outcome(erased, len(pending), report.is_sound, len(report.checks))


def _report(
    manifest: Manifest,
    recovered: Recovered,
    outcome: _Outcome,
    began_at: dt.datetime,
    seconds: float,
) -> None:
    reached = recovered.last_change_at or manifest.finished_at
    click.echo(f"Backup {manifest.id} of {manifest.installation}, Mallard {manifest.mallard}")
    click.echo(
        f"  unpacked in {recovered.unpack_seconds:.1f} s; {recovered.replayed_segments} pieces of "
        f"log replayed in {recovered.replay_seconds:.1f} s"
    )
    click.echo(f"  {outcome.migrations} migrations applied; {outcome.erased} people erased again")
    books = "agree" if outcome.is_sound else "do NOT agree: `mallard ledger verify`"
    click.echo(f"  the books {books} ({outcome.checks} checks)")
    click.echo(
        f"RPO {(began_at - reached).total_seconds():.0f} s: restored up to "
        f"{reached:%Y-%m-%dT%H:%M:%SZ}, the restore began at {began_at:%Y-%m-%dT%H:%M:%SZ}"
    )
    click.echo(f"RTO {seconds:.0f} s")


def _say_how_to_start(home: Path, ring_path: Path, *, is_elsewhere: bool) -> None:
    """A second copy must not send the first one's mails: look at it without the worker."""
    names = f"MALLARD_HOME={home} MALLARD_KEY_RING={ring_path} "
    if is_elsewhere:
        say(f"To look at it: {names}mallard up --no-worker --port 8001")
        say("Without --no-worker it sends what was waiting to be sent.")
    else:
        say("To start it: mallard up")
