"""Whether a backup could be restored: every byte of it opened and compared, nothing written."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mallard.kernel.backup import wal
from mallard.kernel.backup.errors import BackupError, Damaged, MissingWal
from mallard.kernel.backup.manifest import Manifest, SealedFile
from mallard.kernel.backup.recovery import log_to_replay
from mallard.kernel.backup.sealing import CHUNK_BYTES
from mallard.kernel.backup.shelf import DATABASE, FILES, Shelf
from mallard.kernel.errors import DomainError
from mallard.kernel.secrets.ring import KeyRing

SERVERS_MANIFEST = "backup_manifest"


@dataclass
class Findings:
    """What a check of one backup found; empty ``faults`` is good."""

    files: int = 0
    segments: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.faults


def verify(shelf: Shelf, manifest: Manifest, ring: KeyRing) -> Findings:
    """Open every file of the backup, compare each of the server's files with the checksum that the
    server gave, and open every piece of log that follows."""
    findings = Findings()

    def attempt(check: Callable[[], None]) -> bool:
        try:
            check()
        except (BackupError, DomainError, OSError, tarfile.TarError) as error:
            findings.faults.append(str(error))
            return False
        return True

    if attempt(lambda: manifest.check(ring)):
        attempt(lambda: _check_database(shelf, manifest, ring, findings))
        attempt(lambda: _check_files(shelf, manifest, ring, findings))
        attempt(lambda: _check_log(shelf, manifest, ring, findings))
    return findings


class _Hashed:
    """Reads a file and keeps its checksum."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content: bytes = self._file.read(size)
        self._digest.update(content)
        return content

    def finish(self) -> str:
        while self.read(CHUNK_BYTES):
            pass
        return self._digest.hexdigest()


def _check_sealed(shelf: Shelf, manifest: Manifest, each: SealedFile) -> None:
    path = shelf.base_file(manifest.id, each.name)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != each.sha256:
            raise Damaged(str(path), "its checksum is not the manifest's")


def _check_database(shelf: Shelf, manifest: Manifest, ring: KeyRing, findings: Findings) -> None:
    """The server's own list of files (`backup_manifest`) against the files in the archive."""
    _check_sealed(shelf, manifest, manifest.file(DATABASE))
    found: dict[str, str] = {}
    listed: dict[str, str] = {}
    name = f"Backup {manifest.id}"
    with shelf.reading(shelf.base_file(manifest.id, DATABASE), ring) as content:
        with tarfile.open(mode="r|", fileobj=content) as tar:
            for member in tar:
                file = tar.extractfile(member) if member.isreg() else None
                if file is None:
                    continue
                if member.name == SERVERS_MANIFEST:
                    document = json.loads(file.read())
                    listed = {each["Path"]: each["Checksum"] for each in document["Files"]}
                else:
                    found[member.name] = _Hashed(file).finish()
        while content.read(CHUNK_BYTES):
            pass
    if not listed:
        raise Damaged(name, "the server's list of its files is missing")
    # The log that came along is not in the server's list: it is checked when it is replayed.
    wrong = [path for path, checksum in listed.items() if found.get(path) != checksum]
    if wrong:
        raise Damaged(name, f"{len(wrong)} files differ from the server's list: {wrong[0]}")
    findings.files += len(listed)


def _check_files(shelf: Shelf, manifest: Manifest, ring: KeyRing, findings: Findings) -> None:
    _check_sealed(shelf, manifest, manifest.file(FILES))
    with shelf.reading(shelf.base_file(manifest.id, FILES), ring) as content:
        with tarfile.open(mode="r|", fileobj=content) as tar:
            findings.files += sum(1 for _member in tar)
        while content.read(CHUNK_BYTES):
            pass


def _check_log(shelf: Shelf, manifest: Manifest, ring: KeyRing, findings: Findings) -> None:
    for name in log_to_replay(shelf, manifest, None):
        if len(shelf.read(shelf.wal_file(name), ring)) != wal.SEGMENT_BYTES:
            raise MissingWal(f"{shelf.wal_file(name)} holds less than a whole piece of log.")
        findings.segments += 1
