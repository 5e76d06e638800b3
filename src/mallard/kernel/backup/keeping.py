"""The keeper: takes the log to the shelf, takes due base backups, throws old ones away.

One process, under `mallard up` or by itself (`mallard backup keep`). It keeps nothing in memory
that matters: killed at any moment, the next one goes on from what lies on the disks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import connection

from mallard.kernel import clock
from mallard.kernel.backup import retention, wal
from mallard.kernel.backup.base import one_at_a_time, scheduled_before, take_base
from mallard.kernel.backup.manifest import Manifest
from mallard.kernel.backup.shelf import Shelf, shelf_of
from mallard.kernel.database.server import Server
from mallard.kernel.environment import Environment
from mallard.kernel.secrets import erasures, register
from mallard.kernel.secrets.services import key_ring

Progress = Callable[[str], None]


@dataclass
class Keeper:
    """Looks after one installation's shelf. Django is set up and the database runs."""

    environment: Environment
    server: Server
    progress: Progress
    shelf: Shelf = field(init=False)
    _register_as_kept: bytes | None = None

    def __post_init__(self) -> None:
        self.shelf = shelf_of(self.server.layout, self.environment.backup_path)

    def tend(self) -> Manifest | None:
        """One round: ship the log and the register; a base backup if one is due."""
        with one_at_a_time(self.server):
            self.keep_log()
            return self.back_up() if self.is_due() else None

    def keep_log(self) -> int:
        """Take finished log and the register of erasures to the shelf; how many pieces of log."""
        shipped = wal.ship(self.server.layout, self.shelf, key_ring())
        self.keep_register()
        return shipped

    def keep_register(self) -> None:
        """Have the newest register of erasures on the shelf: no base may be newer than it."""
        erasures.complete_mirror()
        present = register.path().read_bytes() if register.path().exists() else b""
        if present != self._register_as_kept:
            self.shelf.make()
            self.shelf.write(self.shelf.erasures, present, key_ring())
            self._register_as_kept = present

    def is_due(self) -> bool:
        """Whether the schedule asks for a base, or a hole in the log does."""
        there = self.shelf.manifests()
        if not there or self.has_hole(there[-1]):
            return True
        due = scheduled_before(
            clock.now(), self.environment.backup_hour, ZoneInfo(self.environment.time_zone)
        )
        return there[-1].started_at < due

    def has_hole(self, newest: Manifest) -> bool:
        """Whether the log since ``newest`` cannot be complete."""
        if not is_archiving():
            return False  # there is no log to have holes: `mallard up` switches it on
        if self.server.layout.wal_overflow.exists() or not newest.is_archiving:
            return True
        last = wal.segment_name(newest.timeline, newest.wal_end - 1)
        return wal.run_from(last, self.shelf.segments()).missing is not None

    def back_up(self) -> Manifest:
        """A base backup now; then what need not be kept any longer goes."""
        self.server.layout.wal_overflow.unlink(missing_ok=True)
        self.keep_register()
        manifest = take_base(self.server, self.shelf, key_ring(), progress=self.progress)
        self.throw_away()
        return manifest

    def throw_away(self) -> list[str]:
        """Remove the backups and the log that retention does not keep; the backups' ids."""
        manifests = self.shelf.manifests()
        keep = retention.kept(
            manifests,
            days=self.environment.backup_keep_daily,
            weeks=self.environment.backup_keep_weekly,
        )
        gone = [manifest.id for manifest in manifests if manifest.id not in keep]
        for id_ in gone:
            self.shelf.remove(id_)
        for name in retention.needless_log(manifests, keep, self.shelf.segments()):
            self.shelf.wal_file(name).unlink(missing_ok=True)
        return gone


def is_archiving() -> bool:
    """Whether the running server keeps its log for us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('archive_mode') = 'on'")
        [answer] = cursor.fetchone()
    return bool(answer)


@dataclass(frozen=True)
class Standing:
    """How an installation's backups stand; for health checks and the commands."""

    is_kept: bool
    newest: Manifest | None
    waiting_segments: int
    has_overflowed: bool

    def age(self, now: dt.datetime) -> dt.timedelta | None:
        return None if self.newest is None else now - self.newest.finished_at


def standing(environment: Environment, server: Server) -> Standing:
    """How the backups of this data folder stand. Reads folders only, no database and no key."""
    layout = server.layout
    manifests = shelf_of(layout, environment.backup_path).manifests()
    waiting = list(layout.wal_spool.iterdir()) if layout.wal_spool.is_dir() else []
    return Standing(
        is_kept=environment.backup_folder is not None,
        newest=manifests[-1] if manifests else None,
        waiting_segments=sum(1 for path in waiting if wal.NAME.fullmatch(path.name)),
        has_overflowed=layout.wal_overflow.exists(),
    )
