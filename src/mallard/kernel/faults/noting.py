"""Keeping an error that nobody expected, without what was in it."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
import traceback
from collections import OrderedDict
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection

from mallard.kernel import clock
from mallard.kernel.faults import telemetry
from mallard.kernel.ids import uuid7

logger = logging.getLogger(__name__)

MOST = 500
MAX_FRAMES = 25
SECONDS_BETWEEN = 1.0
_REMEMBERED = 2_000
_PACKAGE = Path(__file__).resolve().parents[2]

_lock = threading.Lock()
_seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
"""When each kind was last written by this process, and how many have come since."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is kept of an error: nothing that anybody typed."""

    fingerprint: str
    kind: str
    error: str
    place: str
    route: str
    frames: tuple[str, ...]
    request_id: str


def facts_of(error: BaseException, *, kind: str, route: str, request_id: str) -> Facts:
    """Type and place of ``error``. The fingerprint leaves line numbers out, so that an upgrade
    which moves code does not make old errors new."""
    stack = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    frames = tuple(f"{_short(one.filename)}:{one.lineno} {one.name}"[:400] for one in stack)
    own = [one for one in stack if Path(one.filename).is_relative_to(_PACKAGE)]
    found = own or list(stack)
    innermost = found[-1] if found else None
    place = f"{_short(innermost.filename)}:{innermost.lineno}" if innermost else "–"
    name = type(error).__qualname__[:200]
    way = "|".join(f"{_short(one.filename)} {one.name}" for one in stack)
    print_ = hashlib.sha256(f"{kind}|{name}|{way}".encode()).hexdigest()
    return Facts(print_, kind, name, place[:300], route[:200], frames, request_id[:64])


def _short(filename: str) -> str:
    """A path from the package on: where somebody installed it says who they are."""
    parts = Path(filename).parts
    for mark in ("site-packages", "src"):
        if mark in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(mark) :])
    return "/".join(parts[-2:])


def note_fault(error: BaseException, *, kind: str, route: str, request_id: str = "") -> None:
    """Keep the error and tell it to whoever the operator named. Never raises."""
    try:
        facts = facts_of(error, kind=kind, route=route, request_id=request_id)
        count = _due(facts.fingerprint)
        if count:
            _write(facts, count)
            telemetry.error_met(facts)
    except (DatabaseError, InterfaceError):
        logger.warning("fault_not_kept", extra={"error": type(error).__qualname__})
    except Exception:
        logger.exception("fault_not_kept")


def _due(fingerprint: str) -> int:
    """How many to write now; 0 when this kind was written a moment ago."""
    moment = time.monotonic()
    with _lock:
        written, waiting = _seen.get(fingerprint, (-SECONDS_BETWEEN, 0))
        is_due = moment - written >= SECONDS_BETWEEN
        _seen[fingerprint] = (moment, 0) if is_due else (written, waiting + 1)
        _seen.move_to_end(fingerprint)
        while len(_seen) > _REMEMBERED:
            _seen.popitem(last=False)
        return waiting + 1 if is_due else 0


def forget_seen() -> None:
    """Write the next one of every kind (tests)."""
    with _lock:
        _seen.clear()


def _write(facts: Facts, count: int) -> None:
    """One statement: a new row while there is room, otherwise one more of a known kind."""
    moment = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO faults_fault AS f (id, fingerprint, kind, error, place, route, frames,
                count, first_at, last_at, request_id, version)
            SELECT %s, %s, %s, %s, %s, %s, %s::varchar[], %s, %s, %s, %s, %s
            WHERE (SELECT count(*) FROM faults_fault) < %s
               OR EXISTS (SELECT 1 FROM faults_fault WHERE fingerprint = %s)
            ON CONFLICT (fingerprint) DO UPDATE SET
                count = f.count + excluded.count, last_at = excluded.last_at,
                place = excluded.place, route = excluded.route, frames = excluded.frames,
                request_id = excluded.request_id, version = excluded.version,
                resolved_at = NULL, resolved_by = NULL
            """,
            [
                uuid7(), facts.fingerprint, facts.kind, facts.error, facts.place, facts.route,
                list(facts.frames), count, moment, moment, facts.request_id, our_version(),
                MOST, facts.fingerprint,
            ],
        )  # fmt: skip


def our_version() -> str:
    """The version that runs."""
    try:
        return version("mallard-crm")
    except PackageNotFoundError:
        return ""
