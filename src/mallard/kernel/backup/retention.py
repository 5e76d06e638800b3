"""Which backups stay. Pure: no disk, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mallard.kernel.backup.manifest import Manifest
from mallard.kernel.backup.wal import NAME, SEGMENT, number_of, segment_name


@dataclass(frozen=True)
class Kept:
    """``daily``: back to the oldest of them every moment can be restored; ``weekly``: the moment
    each was taken."""

    daily: tuple[str, ...]
    weekly: tuple[str, ...]

    def __contains__(self, id_: str) -> bool:
        return id_ in self.daily or id_ in self.weekly


def kept(manifests: Sequence[Manifest], *, days: int, weeks: int) -> Kept:
    """The newest backup of each of the last ``days`` days that have one, and the same by week.

    Days are UTC, weeks those of ISO 8601. The newest backup of all always stays.
    """
    by_day: dict[dt.date, str] = {}
    by_week: dict[tuple[int, int], str] = {}
    for manifest in sorted(manifests, key=lambda each: each.finished_at):
        day = manifest.finished_at.astimezone(dt.UTC).date()
        by_day[day] = manifest.id
        by_week[day.isocalendar()[:2]] = manifest.id
    daily = [by_day[day] for day in sorted(by_day)][-max(1, days) :]
    weekly = [by_week[week] for week in sorted(by_week)][-weeks:] if weeks else []
    return Kept(tuple(daily), tuple(id_ for id_ in weekly if id_ not in daily))


def needless_log(manifests: Sequence[Manifest], keep: Kept, names: Sequence[str]) -> list[str]:
    """The files of the log that no daily backup needs. Histories of timelines stay: they are tiny
    and say how the pieces belong together."""
    starts = [
        number_of(segment_name(manifest.timeline, manifest.wal_start))
        for manifest in manifests
        if manifest.id in keep.daily
    ]
    if not starts:
        return []
    return [
        name
        for name in names
        if NAME.fullmatch(name) and SEGMENT.match(name) and number_of(name[:24]) < min(starts)
    ]
