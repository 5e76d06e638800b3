"""The register of erasures, mirrored beside the key ring.

The register in the database says who was erased; but a database restored from an older backup has
forgotten it, keys and all. So each erasure is also appended to ``erasures.jsonl`` beside the key
ring, and `replay` destroys what the restored database should no longer have.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from uuid import UUID

from mallard.kernel.environment import environment

FILE_NAME = "erasures.jsonl"

Eraser = Callable[[Collection[UUID]], None]
_erasers: list[Eraser] = []
_readable: set[str] = {"secrets_wrapped_key"}


def on_replay(eraser: Eraser, *, tables: Collection[str] = ()) -> Eraser:
    """Register what else must be deleted when erasures are replayed (search rows and the like).

    Called inside the replay's transaction with the subjects' ids; must be repeatable. ``tables``
    hold what could still be read in the database's files after the rows are deleted: they are
    written anew (`erasures.scrub`).
    """
    _erasers.append(eraser)
    _readable.update(tables)
    return eraser


def readable_tables() -> tuple[str, ...]:
    return tuple(sorted(_readable))


def erasers() -> tuple[Eraser, ...]:
    return tuple(_erasers)


def path() -> Path:
    """Where the mirror lies."""
    return environment().key_ring_path.with_name(FILE_NAME)


def mirror(subject_ids: Iterable[UUID], erased_at: dt.datetime) -> None:
    """Append erasures to the mirror, on disk before it returns."""
    at = erased_at.isoformat()
    lines = "".join(json.dumps({"subject": str(id_), "at": at}) + "\n" for id_ in subject_ids)
    if not lines:
        return
    file = path()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        # A crash may have torn the last line: start a new one, `mirrored` skips the torn one.
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            lines = "\n" + lines
        os.write(descriptor, lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def mirrored() -> dict[UUID, dt.datetime]:
    """Everyone in the mirror and when they were erased."""
    try:
        return parsed(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def parsed(text: str) -> dict[UUID, dt.datetime]:
    """The erasures that a mirror's ``text`` names."""
    found: dict[UUID, dt.datetime] = {}
    for line in text.splitlines():
        try:
            entry = json.loads(line)
            found.setdefault(UUID(entry["subject"]), dt.datetime.fromisoformat(entry["at"]))
        except (ValueError, KeyError, TypeError):
            continue  # torn by a crash; the database's register still has it
    return found
