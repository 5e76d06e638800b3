"""Taking a base backup: the server's files and the data folder's other files, sealed."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg.errors import UndefinedTable

from mallard.kernel import clock
from mallard.kernel.backup.errors import BackupError
from mallard.kernel.backup.manifest import Manifest, SealedFile, position
from mallard.kernel.backup.room import megabytes, require_room, size_of
from mallard.kernel.backup.sealing import CHUNK_BYTES, SHOWN_FINGERPRINT, Sealer
from mallard.kernel.backup.shelf import (
    DATABASE,
    FILES,
    MANIFEST,
    SUFFIX,
    Shelf,
    sync_file,
)
from mallard.kernel.backup.versions import this_version
from mallard.kernel.database.layout import MAJOR, SOCKET_PORT, program
from mallard.kernel.database.server import DATABASE as DATABASE_NAME
from mallard.kernel.database.server import SUPERUSER, Server
from mallard.kernel.environment import read_or_make_secret
from mallard.kernel.secrets.ring import KeyRing

NOT_COPIED = {"database", "exports", "imports", "test", "test.keys"}
"""Of the data folder: the server's own files come as a base backup; exports and imports can be
made again, and would bring people back who have been erased since."""

START = re.compile(r"write-ahead log start point: (\S+) on timeline (\d+)")
END = re.compile(r"write-ahead log end point: (\S+)")

Progress = Callable[[str], None]


@contextmanager
def one_at_a_time(server: Server) -> Iterator[None]:
    """Hold the lock of whoever changes the shelf. Raises `BackupError` when another has it."""
    path = server.layout.folder / "backup.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("Another backup of this data folder is running.") from None
        yield
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class _About:
    """What the server says of itself before the backup."""

    postgresql: str
    system_identifier: str
    is_archiving: bool
    database_bytes: int
    migrations: dict[str, str]


def take_base(server: Server, shelf: Shelf, ring: KeyRing, *, progress: Progress) -> Manifest:
    """Take a base backup of the running ``server`` and put it on the shelf.

    The caller holds the lock of `one_at_a_time`. The base brings the log that it needs along, so
    it can be restored by itself. Raises `NoRoom`, `BackupError`.
    """
    started_at, id_ = clock.now(), shelf.new_id()
    with server.connect_as_superuser() as connection, shelf.building(id_) as folder:
        about = _about(server, connection)
        others = _other_files(server.layout.home)
        needed = about.database_bytes + sum(path.stat().st_size for path in others)
        require_room(shelf.place, _expected_size(shelf, needed), "A backup")
        progress(f"backing up {megabytes(needed)} MB to {shelf.bases / id_}")
        _keep_log(connection)
        base, start, end, timeline = _copy_database(server, shelf, ring, id_, folder)
        files = _copy_files(server.layout.home, others, shelf, ring, id_, folder)
        manifest = Manifest(
            id=id_,
            installation=shelf.installation,
            started_at=started_at,
            finished_at=clock.now(),
            mallard=this_version(),
            postgresql=about.postgresql,
            major=MAJOR,
            system_identifier=about.system_identifier,
            timeline=timeline,
            wal_start=start,
            wal_end=end,
            is_archiving=about.is_archiving,
            database_bytes=about.database_bytes,
            ring=ring.fingerprint[:SHOWN_FINGERPRINT],
            ring_version=ring.active,
            migrations=about.migrations,
            files=(base, files),
        ).signed(ring)
        with _new_file(folder / MANIFEST) as file:
            file.write(manifest.encoded().encode())
            sync_file(file)
    return manifest


def _about(server: Server, connection: psycopg.Connection[tuple[object, ...]]) -> _About:
    [row] = connection.execute(
        "SELECT current_setting('server_version'),"
        " (SELECT system_identifier::text FROM pg_control_system()),"
        " current_setting('archive_mode') = 'on'"
    ).fetchall()
    return _About(
        postgresql=str(row[0]).split()[0],
        system_identifier=str(row[1]),
        is_archiving=bool(row[2]),
        database_bytes=size_of(server.layout.data),
        migrations=_migrations(server),
    )


def _migrations(server: Server) -> dict[str, str]:
    """The last migration of each app, as the database has it; empty before the first."""
    with server.connect_as_superuser(DATABASE_NAME) as connection:
        try:
            rows = connection.execute(
                "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"
            ).fetchall()
        except UndefinedTable:
            return {}
    return {str(app): str(name) for app, name in rows}


def _expected_size(shelf: Shelf, needed: int) -> int:
    """What the backup will take: as the last one, and a fifth more; all of it without a last."""
    before = shelf.manifests()
    return before[-1].size * 6 // 5 if before else needed


def _keep_log(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Have the server keep its log until ``connection`` ends, however many checkpoints pass."""
    connection.execute(
        "SELECT pg_create_physical_replication_slot(%s, true, true)",
        [f"mallard_backup_{os.getpid()}"],
    )


def _copy_database(
    server: Server, shelf: Shelf, ring: KeyRing, id_: str, folder: Path
) -> tuple[SealedFile, int, int, int]:
    """Seal what pg_basebackup sends; with where its log starts, ends, and the timeline."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [
                program("pg_basebackup"), "--pgdata=-", "--format=tar", "--wal-method=fetch",
                "--checkpoint=fast", "--manifest-checksums=SHA256", "--verbose", "--no-password",
                f"--label=mallard {id_}", f"--host={server.layout.socket_folder}",
                f"--port={SOCKET_PORT}", f"--username={SUPERUSER}",
            ],
            env={
                "LC_ALL": "C",
                "PGPASSWORD": read_or_make_secret(server.layout.superuser_password_file),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        )  # fmt: skip
        with process:
            try:
                assert process.stdout is not None  # noqa: S101 asked for above
                sealed = _seal(process.stdout, folder, DATABASE, shelf, ring, id_)
            except BaseException:
                process.kill()
                raise
        status = process.returncode
        said.seek(0)
        report = said.read().decode(errors="replace")
    start, end = START.search(report), END.search(report)
    if status != 0 or start is None or end is None:
        raise BackupError(f"pg_basebackup failed:\n{report[-2000:]}")
    return sealed, position(start[1]), position(end[1]), int(start[2])


def _seal(
    source: IO[bytes], folder: Path, name: str, shelf: Shelf, ring: KeyRing, id_: str
) -> SealedFile:
    with _new_file(folder / (name + SUFFIX)) as file:
        sealer = Sealer(file, ring, shelf.sealed_name(id_, name))
        while content := source.read(CHUNK_BYTES):
            sealer.write(content)
        sealer.close()
        sync_file(file)
    return SealedFile(name, sealer.size, sealer.sha256, sealer.content_bytes)


def _new_file(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _other_files(home: Path) -> list[Path]:
    """The data folder's files beside the database."""
    return sorted(
        path
        for place in home.iterdir()
        if place.name not in NOT_COPIED
        for path in (place.rglob("*") if place.is_dir() else [place])
        if path.is_file() and not path.is_symlink()
    )


def _copy_files(
    home: Path, paths: list[Path], shelf: Shelf, ring: KeyRing, id_: str, folder: Path
) -> SealedFile:
    with _new_file(folder / (FILES + SUFFIX)) as file:
        sealer = Sealer(file, ring, shelf.sealed_name(id_, FILES))
        with tarfile.open(mode="w|", fileobj=sealer) as tar:  # type: ignore[call-overload]
            for path in paths:
                tar.add(path, arcname=path.relative_to(home).as_posix(), recursive=False)
        sealer.close()
        sync_file(file)
    return SealedFile(FILES, sealer.size, sealer.sha256, sealer.content_bytes)


def scheduled_before(now: dt.datetime, hour: int, zone: dt.tzinfo) -> dt.datetime:
    """The last time of day ``hour`` in ``zone`` at or before ``now``."""
    local = now.astimezone(zone)
    due = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return due if due <= local else due - dt.timedelta(days=1)
