"""What one backup is: a JSON file beside its sealed files, written last.

It holds no personal data and no key, so that an operator may read it without the ring; a code
made with the ring (HMAC-SHA256) shows whether somebody changed it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mallard.kernel.backup.errors import Damaged, WrongRing
from mallard.kernel.backup.sealing import SHOWN_FINGERPRINT, derived_key
from mallard.kernel.secrets.ring import KeyRing

FORMAT = "mallard backup 1"


@dataclass(frozen=True)
class SealedFile:
    """One file of a backup: its size and checksum as it lies there, and how much it holds."""

    name: str
    size: int
    sha256: str
    content_bytes: int


@dataclass(frozen=True)
class Manifest:
    """``wal_start`` and ``wal_end`` are positions in the log that the base itself brings along.

    ``is_archiving`` False: the log was not kept beyond that, the backup is one moment.
    """

    id: str
    installation: str
    started_at: dt.datetime
    finished_at: dt.datetime
    mallard: str
    postgresql: str
    major: int
    system_identifier: str
    timeline: int
    wal_start: int
    wal_end: int
    is_archiving: bool
    database_bytes: int
    ring: str
    ring_version: int
    migrations: Mapping[str, str]
    files: tuple[SealedFile, ...]
    mac: str = field(default="", repr=False)

    @property
    def size(self) -> int:
        return sum(each.size for each in self.files)

    def file(self, name: str) -> SealedFile:
        for each in self.files:
            if each.name == name:
                return each
        raise Damaged(self.id, f"its manifest does not name {name}")

    def _document(self) -> dict[str, Any]:
        document = dataclasses.asdict(self)
        for name in ("started_at", "finished_at"):
            document[name] = document[name].isoformat()
        for name in ("wal_start", "wal_end"):
            document[name] = position_text(document[name])
        return {"format": FORMAT, **document}

    def encoded(self) -> str:
        return json.dumps(self._document(), indent=2, sort_keys=True) + "\n"

    def signed(self, ring: KeyRing) -> Manifest:
        return dataclasses.replace(self, mac=self._code(ring))

    def check(self, ring: KeyRing) -> None:
        """Raises `WrongRing`, `Damaged`, and `RingKeyMissing`."""
        if self.ring != ring.fingerprint[:SHOWN_FINGERPRINT]:
            raise WrongRing(f"Backup {self.id}", self.ring, ring.fingerprint[:SHOWN_FINGERPRINT])
        if not hmac.compare_digest(self._code(ring), self.mac):
            raise Damaged(f"Backup {self.id}", "its manifest was changed")

    def _code(self, ring: KeyRing) -> str:
        content = dataclasses.replace(self, mac="").encoded().encode()
        key = derived_key(ring, self.ring_version, b"", "manifest")
        return hmac.digest(key, content, "sha256").hex()


def decoded(text: str, name: str) -> Manifest:
    """The manifest written in ``text``; ``name`` is for the message of `Damaged`."""
    try:
        document = json.loads(text)
        if document.pop("format") != FORMAT:
            raise ValueError("another format")
        document["files"] = tuple(SealedFile(**each) for each in document["files"])
        for key in ("started_at", "finished_at"):
            document[key] = dt.datetime.fromisoformat(document[key])
        for key in ("wal_start", "wal_end"):
            document[key] = position(document[key])
        return Manifest(**document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(name, f"its manifest cannot be read ({type(error).__name__})") from None


def position(text: str) -> int:
    """A place in the write-ahead log (LSN), as PostgreSQL writes it: ``16/B374D848``."""
    high, low = text.split("/")
    return (int(high, 16) << 32) | int(low, 16)


def position_text(place: int) -> str:
    return f"{place >> 32:X}/{place & 0xFFFFFFFF:X}"
