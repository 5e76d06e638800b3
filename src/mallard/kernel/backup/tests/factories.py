"""Manifests for tests that need no server."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mallard.kernel.backup.manifest import Manifest
from mallard.kernel.backup.sealing import SHOWN_FINGERPRINT
from mallard.kernel.secrets.ring import KeyRing, new_ring


def a_manifest(
    finished_at: dt.datetime, *, ring: KeyRing | None = None, **changes: Any
) -> Manifest:
    ring = ring or new_ring()
    figures: dict[str, Any] = {
        "id": finished_at.strftime("%Y%m%dT%H%M%SZ"),
        "installation": "20260101-00000000",
        "started_at": finished_at - dt.timedelta(minutes=5),
        "finished_at": finished_at,
        "mallard": "0.1.0",
        "postgresql": "18.4",
        "major": 18,
        "system_identifier": "7412345678901234567",
        "timeline": 1,
        "wal_start": 0x2_0000028,
        "wal_end": 0x2_0000158,
        "is_archiving": True,
        "database_bytes": 50_000_000,
        "ring": ring.fingerprint[:SHOWN_FINGERPRINT],
        "ring_version": ring.active,
        "migrations": {},
        "files": (),
    }
    return Manifest(**(figures | changes)).signed(ring)
