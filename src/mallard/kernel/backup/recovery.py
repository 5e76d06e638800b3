"""From sealed files to a server that has replayed its log and stopped in order."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg
from psycopg import sql

from mallard.kernel.backup import wal
from mallard.kernel.backup.errors import BackupError, Damaged, MissingWal, NotEmpty
from mallard.kernel.backup.feed import COMMAND, Feed
from mallard.kernel.backup.manifest import Manifest
from mallard.kernel.backup.room import require_room
from mallard.kernel.backup.shelf import DATABASE, FILES, Shelf
from mallard.kernel.database.errors import ForeignMajor
from mallard.kernel.database.layout import MAJOR, SOCKET_PORT, Layout, make_private, program
from mallard.kernel.database.server import PATIENCE_SECONDS, SUPERUSER, Server
from mallard.kernel.environment import read_or_make_secret
from mallard.kernel.secrets.ring import KeyRing

POLL_SECONDS = 0.05
STOP_SECONDS = 120
TARGET_NOT_REACHED = "recovery ended before configured recovery target was reached"
# Files that any command makes in a data folder; there is nothing in them to lose.
HARMLESS = {
    "password", "superuser-password", "turn.lock", "users.lock", "backup.lock", "server.log",
    "installation", "run",
}  # fmt: skip

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Recovered:
    """``last_change_at``: when the newest transaction that was replayed committed, as the lost
    server's clock had it; None when the log held none."""

    last_change_at: dt.datetime | None
    replayed_segments: int
    unpack_seconds: float
    replay_seconds: float


def require_empty(home: Path) -> None:
    """Raises `NotEmpty` when there is anything in ``home`` that a restore could spoil."""
    if not home.exists():
        return
    layout = Layout(home)
    found = [path for path in home.iterdir() if path != layout.folder]
    if layout.folder.exists():
        found += [path for path in layout.folder.iterdir() if path.name not in HARMLESS]
    if found:
        raise NotEmpty(
            f"{home} is not empty ({found[0].name}). A restore never overwrites: name a folder "
            "that is empty or does not exist with --to, or move this one away."
        )


def log_to_replay(shelf: Shelf, manifest: Manifest, until: dt.datetime | None) -> list[str]:
    """The names of the log's pieces that follow the backup.

    Raises `MissingWal` when some are missing in the middle, unless ``until`` is given: then the
    server says whether it got there.
    """
    if not manifest.is_archiving:
        return []
    last = wal.segment_name(manifest.timeline, manifest.wal_end - 1)
    names = shelf.segments()
    run = wal.run_from(last, names)
    if run.missing is not None and until is None:
        raise MissingWal(
            f"The log after backup {manifest.id} has a hole: {run.missing} is missing in "
            f"{shelf.wal}, while later pieces are there. Bring it back, choose a later backup "
            "with --backup, or say with --to-time which moment before the hole you want."
        )
    first = wal.number_of(wal.segment_name(manifest.timeline, manifest.wal_start))
    own = [
        name
        for name in names
        if wal.SEGMENT.fullmatch(name)
        and name[:8] == last[:8]
        and first <= wal.number_of(name) <= wal.number_of(last)
    ]
    return [*own, *run.segments]


def require_this_major(manifest: Manifest) -> None:
    """Raises `ForeignMajor` when the backup's files belong to another PostgreSQL."""
    if manifest.major != MAJOR:
        raise ForeignMajor(f"backup {manifest.id}", str(manifest.major), MAJOR)


def recover(
    server: Server,
    shelf: Shelf,
    manifest: Manifest,
    ring: KeyRing,
    *,
    until: dt.datetime | None,
    progress: Progress,
) -> Recovered:
    """Unpack the backup into the server's empty data folder and replay the log up to ``until``.

    The server has stopped when this returns; started again it is an ordinary one. Raises
    `BackupError` and its kinds; then what was unpacked is gone again.
    """
    layout = server.layout
    pieces = log_to_replay(shelf, manifest, until)
    needed = sum(each.content_bytes for each in manifest.files) + wal.SEGMENT_BYTES * 8
    require_room(layout.home, needed, "The restored database")
    began = time.monotonic()
    try:
        progress(f"unpacking backup {manifest.id}")
        _unpack(server, shelf, manifest, ring)
        unpacked = time.monotonic()
        progress(f"replaying {len(pieces)} pieces of log")
        with Feed(server, shelf, ring, pieces) as feed:
            last_change_at = _replay(server, feed, until, progress)
        for path in _unpacking_files(layout).iterdir():
            path.rename(layout.home / path.name)
        return Recovered(
            last_change_at=last_change_at,
            replayed_segments=feed.served,
            unpack_seconds=unpacked - began,
            replay_seconds=time.monotonic() - unpacked,
        )
    except BaseException:
        shutil.rmtree(layout.data, ignore_errors=True)
        shutil.rmtree(_unpacking(layout), ignore_errors=True)
        raise
    finally:
        shutil.rmtree(_unpacking_files(layout), ignore_errors=True)


def _unpacking(layout: Layout) -> Path:
    return layout.folder / "data.restoring"


def _unpacking_files(layout: Layout) -> Path:
    return layout.folder / "files.restoring"


def _unpack(server: Server, shelf: Shelf, manifest: Manifest, ring: KeyRing) -> None:
    """Unpack beside the place and move there when complete and marked as to be recovered."""
    layout = server.layout
    layout.make_folder()
    folder = _unpacking(layout)
    shutil.rmtree(folder, ignore_errors=True)
    make_private(folder, server.identity.uid, server.identity.gid)
    _unpack_tar(shelf, manifest, DATABASE, ring, folder)
    _unpacking_files(layout).mkdir(mode=0o700)
    _unpack_tar(shelf, manifest, FILES, ring, _unpacking_files(layout))
    (folder / "recovery.signal").touch(mode=0o600)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        server.own(path)
    folder.rename(layout.data)
    server.write_settings()


def _unpack_tar(shelf: Shelf, manifest: Manifest, name: str, ring: KeyRing, target: Path) -> None:
    with shelf.reading(shelf.base_file(manifest.id, name), ring) as content:
        try:
            with tarfile.open(mode="r|", fileobj=content) as tar:
                for member in tar:
                    _unpack_member(tar, member, target)
        except tarfile.TarError as error:
            raise Damaged(f"Backup {manifest.id}", str(error)) from None
        while content.read(1024 * 1024):
            pass  # to the end: only there is it certain that nothing was cut off


# Python has filters from 3.11.4 on. Debian 12 brings 3.11.2, where what a filter would refuse or
# change is refused and left out here.
_FILTERED: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}


def _unpack_member(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """A folder or a plain file, below ``folder``, ours alone. Raises `tarfile.ReadError`."""
    place = PurePosixPath(member.name)
    if place.is_absolute() or ".." in place.parts or not (member.isdir() or member.isreg()):
        raise tarfile.ReadError(f"{member.name} has no place in a backup")
    tar.extract(member, folder, set_attrs=False, **_FILTERED)
    path = folder / place
    path.chmod(0o700 if member.isdir() else 0o600)
    os.utime(path, (member.mtime, member.mtime))


def _replay(
    server: Server, feed: Feed, until: dt.datetime | None, progress: Progress
) -> dt.datetime | None:
    layout = server.layout
    make_private(layout.socket_folder, server.identity.uid, server.identity.gid)
    access = layout.folder / "restore-hba.conf"
    # Nobody else can reach the socket; the lost server's passwords are not known here.
    access.write_text(f"local all {SUPERUSER} trust\n", "ascii")
    server.own(access)
    target = {} if until is None else {"recovery_target_time": until.isoformat(sep=" ")}
    settings = {
        "unix_socket_directories": str(layout.socket_folder),
        "unix_socket_permissions": "0700",
        "listen_addresses": "",
        "hba_file": str(access),
        "restore_command": COMMAND,
        "recovery_target_action": "promote",
        "archive_mode": "off",
        "hot_standby": "off",
        **target,
    }
    layout.log.touch(mode=0o600)
    with layout.log.open("ab") as log:
        start_of_log = log.tell()
        process = server.identity.popen(
            [
                program("postgres"), "-D", layout.data, "-p", str(SOCKET_PORT),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            stdout=log,
        )  # fmt: skip
    try:
        connection = _wait_until_recovered(server, process, feed, start_of_log, until, progress)
        with connection:
            [row] = connection.execute("SELECT pg_last_xact_replay_timestamp()").fetchall()
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(SUPERUSER),
                    sql.Literal(read_or_make_secret(layout.superuser_password_file)),
                )
            )
        last_change_at: dt.datetime | None = row[0]
        return last_change_at
    finally:
        _stop(process)
        access.unlink(missing_ok=True)


def _wait_until_recovered(
    server: Server,
    process: subprocess.Popen[bytes],
    feed: Feed,
    start_of_log: int,
    until: dt.datetime | None,
    progress: Progress,
) -> psycopg.Connection[Any]:
    """A connection to the server, which accepts none before its recovery has ended."""
    began, told = time.monotonic(), 0
    while True:
        if feed.failure is not None:
            raise feed.failure
        if process.poll() is not None:
            raise _failure(server, start_of_log, until)
        try:
            return psycopg.connect(
                host=str(server.layout.socket_folder),
                port=SOCKET_PORT,
                user=SUPERUSER,
                dbname="postgres",
                connect_timeout=10,
                autocommit=True,
            )
        except psycopg.OperationalError:
            waited = int(time.monotonic() - began)
        if waited > PATIENCE_SECONDS and not feed.served:
            raise BackupError(f"The server has not recovered for {waited} seconds.")
        if waited >= told + 5:
            told = waited
            progress(f"replayed {feed.served} pieces of log ({waited} s)")
        time.sleep(POLL_SECONDS)


def _failure(server: Server, start_of_log: int, until: dt.datetime | None) -> BackupError:
    with server.layout.log.open("rb") as log:
        log.seek(start_of_log)
        said = log.read().decode(errors="replace")
    if TARGET_NOT_REACHED in said and until is not None:
        return MissingWal(
            f"The log that is kept ends before {until.isoformat()}. Choose an earlier --to-time, "
            "or leave it out to restore everything there is."
        )
    return BackupError(f"PostgreSQL did not recover. The end of its log:\n{said[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
