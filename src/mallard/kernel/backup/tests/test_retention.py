from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from mallard.kernel.backup import retention, wal
from mallard.kernel.backup.base import scheduled_before
from mallard.kernel.backup.tests.factories import a_manifest

SUNDAY = dt.datetime(2026, 3, 1, 3, 5, tzinfo=dt.UTC)


def nightly(days: int) -> list[retention.Manifest]:
    """A backup a night, ending with the last of ``days``; 100 pieces of log apart."""
    return [
        a_manifest(
            SUNDAY + dt.timedelta(days=day),
            wal_start=(2 + 100 * day) * wal.SEGMENT_BYTES,
            wal_end=(3 + 100 * day) * wal.SEGMENT_BYTES,
        )
        for day in range(days)
    ]


def test_the_last_days_and_the_last_of_each_week_stay() -> None:
    manifests = nightly(30)
    kept = retention.kept(manifests, days=7, weeks=4)
    assert list(kept.daily) == [manifest.id for manifest in manifests[-7:]]
    # Of the weeks that end on 15, 22 and 29 March and the one begun on the 30th, two are dailies.
    assert list(kept.weekly) == ["20260315T030500Z", "20260322T030500Z"]
    assert manifests[-1].id in kept
    assert manifests[0].id not in kept


def test_of_several_backups_of_a_day_the_newest_stays() -> None:
    early, late = a_manifest(SUNDAY), a_manifest(SUNDAY + dt.timedelta(hours=4))
    assert retention.kept([late, early], days=7, weeks=0).daily == (late.id,)


def test_the_newest_of_all_stays_however_old() -> None:
    [only] = nightly(1)
    assert only.id in retention.kept([only], days=1, weeks=0)


def test_days_without_a_backup_do_not_use_up_the_days() -> None:
    manifests = [a_manifest(SUNDAY + dt.timedelta(days=10 * n)) for n in range(9)]
    assert len(retention.kept(manifests, days=7, weeks=0).daily) == 7


def test_the_log_reaches_back_to_the_oldest_daily_backup_and_no_further() -> None:
    manifests = nightly(30)
    keep = retention.kept(manifests, days=7, weeks=4)
    oldest = next(manifest for manifest in manifests if manifest.id == keep.daily[0])
    first = wal.segment_name(1, oldest.wal_start)
    before = wal.segment_name(1, oldest.wal_start - 1)
    note = f"{before}.00000028.backup"
    names = [before, note, first, wal.segment_name(1, oldest.wal_end), "00000002.history"]
    assert retention.needless_log(manifests, keep, names) == [before, note]


def test_pieces_of_the_log_are_numbered_over_the_boundary_of_four_gigabytes() -> None:
    assert wal.segment_name(1, 0x1_FF000000) == "0000000100000001000000FF"
    assert wal.segment_name(1, 0x2_00000000) == "000000010000000200000000"
    run = wal.run_from("0000000100000001000000FE", ["0000000100000001000000FF", "x"])
    assert run == wal.Run(("0000000100000001000000FF",), None)
    names = ["0000000100000001000000FF", "000000010000000200000000", "000000010000000200000002"]
    run = wal.run_from("0000000100000001000000FE", names)
    assert run.segments == tuple(names[:2])
    assert run.missing == "000000010000000200000001"


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-02T02:59:00+08:00", "2026-03-01T03:00:00+08:00"),
        ("2026-03-02T03:00:00+08:00", "2026-03-02T03:00:00+08:00"),
        ("2026-03-02T23:00:00+08:00", "2026-03-02T03:00:00+08:00"),
    ],
)
def test_the_schedule_goes_by_the_clock_on_the_wall(now: str, due: str) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    found = scheduled_before(dt.datetime.fromisoformat(now), 3, zone)
    assert found == dt.datetime.fromisoformat(due)
