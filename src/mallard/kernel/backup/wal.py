"""The write-ahead log on its way to the shelf.

PostgreSQL puts each finished piece into the spool (`tuning.ARCHIVE_COMMAND`) and keeps it until
then: it needs no process of ours for that, and a killed one loses nothing. `ship` seals what lies
in the spool and takes it to the shelf.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mallard.kernel.backup.errors import BackupError
from mallard.kernel.backup.shelf import Shelf
from mallard.kernel.database.layout import Layout, make_private
from mallard.kernel.database.server import Server
from mallard.kernel.secrets.ring import KeyRing

SEGMENT_BYTES = 16 * 1024 * 1024
SEGMENTS_PER_LOG = 2**32 // SEGMENT_BYTES
SEGMENT = re.compile(r"[0-9A-F]{24}")
NAME = re.compile(r"[0-9A-F]{24}(\.[0-9A-F]{8}\.backup)?|[0-9A-F]{8}\.history")
"""What PostgreSQL archives: pieces of the log, notes of base backups, histories of timelines."""


def switch_on(server: Server) -> None:
    """Let the server keep its log from its next start on."""
    server.layout.make_folder()
    make_private(server.layout.wal_spool, server.identity.uid, server.identity.gid)


def switch_off(layout: Layout) -> bool:
    """Stop keeping the log from the server's next start on; whether it was kept."""
    if not layout.wal_spool.exists():
        return False
    shutil.rmtree(layout.wal_spool)
    return True


def segment_name(timeline: int, place: int) -> str:
    """The name of the piece of the log that holds ``place``."""
    high, low = divmod(place // SEGMENT_BYTES, SEGMENTS_PER_LOG)
    return f"{timeline:08X}{high:08X}{low:08X}"


def number_of(segment: str) -> int:
    """Where a piece stands in the order of its timeline."""
    return int(segment[8:16], 16) * SEGMENTS_PER_LOG + int(segment[16:], 16)


@dataclass(frozen=True)
class Run:
    """The pieces that follow a base without a hole, and the first one that is missing, if any."""

    segments: tuple[str, ...]
    missing: str | None


def run_from(last_of_base: str, names: Iterable[str]) -> Run:
    """The unbroken log after a base whose own last piece is ``last_of_base``."""
    timeline = last_of_base[:8]
    there = {
        number_of(name): name
        for name in names
        if SEGMENT.fullmatch(name) and name.startswith(timeline)
    }
    place = number_of(last_of_base) + 1
    found = []
    while place in there:
        found.append(there[place])
        place += 1
    hole = segment_name(int(timeline, 16), place * SEGMENT_BYTES)
    return Run(tuple(found), hole if any(number > place for number in there) else None)


def ship(layout: Layout, shelf: Shelf, ring: KeyRing) -> int:
    """Seal what lies in the spool and take it to the shelf; how many pieces.

    A piece leaves the spool when it is on the shelf's disk. Repeating it is harmless.
    """
    if not layout.wal_spool.is_dir():
        return 0
    shelf.make()
    waiting = sorted(path for path in layout.wal_spool.iterdir() if NAME.fullmatch(path.name))
    for path in waiting:
        content = path.read_bytes()
        target = shelf.wal_file(path.name)
        if target.exists():
            _refuse_another(target, content, shelf, ring)
        else:
            shelf.write(target, content, ring)
        path.unlink()
    return len(waiting)


def _refuse_another(target: Path, content: bytes, shelf: Shelf, ring: KeyRing) -> None:
    kept = hashlib.sha256(shelf.read(target, ring)).digest()
    if kept != hashlib.sha256(content).digest():
        raise BackupError(
            f"{target} holds another database's log. This data folder is a copy of one that has "
            "its backups there: remove the file `database/installation` in the copy, so that it "
            "begins a shelf of its own."
        )
