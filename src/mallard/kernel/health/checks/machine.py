"""The machine: space on the disk, and a clock that agrees with the database's."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext_lazy as _

from mallard.kernel.environment import environment
from mallard.kernel.health.registry import Finding, failure, warning, well

GIGABYTE = 1_000_000_000
LOW_BYTES, EMPTY_BYTES = 2 * GIGABYTE, GIGABYTE // 2
LOW_PERCENT = 5
OFF_SECONDS, WRONG_SECONDS = 2.0, 30.0


def has_space() -> Finding:
    """The data folder's disk has room."""
    usage = shutil.disk_usage(_existing(environment().home))
    return space_finding(free=usage.free, total=usage.total)


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def space_finding(*, free: int, total: int) -> Finding:
    """What ``free`` of ``total`` bytes mean."""
    figures = {"free": f"{free / GIGABYTE:.1f}", "percent": free * 100 // max(total, 1)}
    cause = _("The database, its backups or the logs have filled the disk.")
    cure = _("Remove what is not needed, or move the data folder to a larger disk.")
    what = _("%(free)s GB are free (%(percent)s%%).")
    if free < EMPTY_BYTES:
        return failure(what, cause=cause, cure=cure, **figures)
    if free < LOW_BYTES or free * 100 < total * LOW_PERCENT:
        return warning(what, cause=cause, cure=cure, **figures)
    return well(what, **figures)


def clock_agrees() -> Finding:
    """This machine and the database tell the same time."""
    with connection.cursor() as cursor:
        before = dt.datetime.now(dt.UTC)
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0]
        after = dt.datetime.now(dt.UTC)
    return clock_finding((there - (before + (after - before) / 2)).total_seconds())


def clock_finding(off_seconds: float) -> Finding:
    """What a difference between the clocks means."""
    off = abs(off_seconds)
    if off < OFF_SECONDS:
        return well(_("The clocks agree."))
    say = failure if off >= WRONG_SECONDS else warning
    return say(
        _("This machine and the database differ by %(seconds)s s."),
        cause=_("One of them does not keep its clock by the network."),
        cure=_("Turn time synchronisation (NTP) on, on both machines."),
        seconds=round(off, 1),
    )
