"""A server of its own, backed up while it is written to, lost, and brought back elsewhere."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from mallard.kernel.backup import recovery, verification, wal
from mallard.kernel.backup.base import one_at_a_time, take_base
from mallard.kernel.backup.errors import (
    BackupError,
    Damaged,
    MissingWal,
    NoRoom,
    NoSuchBackup,
    NotEmpty,
    WrongRing,
)
from mallard.kernel.backup.manifest import Manifest
from mallard.kernel.backup.shelf import Shelf, chosen, shelf_of
from mallard.kernel.backup.tests.factories import a_manifest
from mallard.kernel.backup.versions import require_known_tables
from mallard.kernel.database.errors import ForeignMajor
from mallard.kernel.database.layout import Layout
from mallard.kernel.database.server import DATABASE, Server
from mallard.kernel.secrets.ring import KeyRing, new_ring

PHONE = "+8613655550123"
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def quiet(_message: str) -> None:
    return None


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def connect(server: Server) -> psycopg.Connection[tuple[object, ...]]:
    return server.connect_as_superuser(DATABASE)


def switch_log(server: Server, shelf: Shelf, ring: KeyRing) -> None:
    """Finish the present piece of log and take it to the shelf."""
    with connect(server) as connection:
        [(name,)] = connection.execute(
            "SELECT pg_walfile_name(pg_current_wal_insert_lsn())"
        ).fetchall()
        connection.execute("SELECT pg_switch_wal()")
    wait_for(lambda: (server.layout.wal_spool / str(name)).exists(), "a piece of log")
    wal.ship(server.layout, shelf, ring)


@dataclass(frozen=True)
class Story:
    """A backup, five pieces of log after it, and a moment in the middle."""

    shelf: Shelf
    ring: KeyRing
    manifest: Manifest
    moment: dt.datetime
    segments: tuple[str, ...]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Row 1 is in the base; rows 2 to 4 came after it, the moment lies after row 3."""
    folder = tmp_path_factory.mktemp("lost")
    layout = Layout(folder / "home")
    server, ring = Server(layout, durable=False), new_ring()
    wal.switch_on(server)
    server.start()
    shelf = shelf_of(layout, folder / "backups")
    try:
        (layout.home / "notes").mkdir()
        (layout.home / "notes" / "a.txt").write_text("kept beside the database")
        (layout.home / "exports").mkdir()
        (layout.home / "exports" / "members.csv").write_text("can be made again")
        with connect(server) as connection:
            connection.execute("CREATE TABLE fact (n int, words text)")
            connection.execute("INSERT INTO fact VALUES (1, %s)", [PHONE])
        with one_at_a_time(server):
            manifest = take_base(server, shelf, ring, progress=quiet)
        moment = NOON
        for n in (2, 3, 4):
            with connect(server) as connection:
                connection.execute("INSERT INTO fact VALUES (%s, '')", [n])
                if n == 3:
                    [(moment,)] = connection.execute("SELECT clock_timestamp()").fetchall()
            switch_log(server, shelf, ring)
        number = server.pid()
        assert number is not None
        os.kill(number, signal.SIGKILL)
        wait_for(lambda: not server.is_running(), "the server to be gone")
        yield Story(shelf, ring, manifest, moment, tuple(shelf.segments()))
    finally:
        server.stop()


def restored(story: Story, home: Path, until: dt.datetime | None = None) -> list[object]:
    """Restore the story to ``home``; the facts that are there."""
    server = Server(Layout(home), durable=False)
    recovery.recover(server, story.shelf, story.manifest, story.ring, until=until, progress=quiet)
    server.start()
    try:
        with connect(server) as connection:
            rows = connection.execute("SELECT n FROM fact ORDER BY n").fetchall()
        return [n for (n,) in rows]
    finally:
        server.stop()


def test_everything_that_was_kept_comes_back(story: Story, tmp_path: Path) -> None:
    home = tmp_path / "new"
    assert restored(story, home) == [1, 2, 3, 4]
    assert (home / "notes" / "a.txt").read_text() == "kept beside the database"
    assert not (home / "exports").exists()
    layout = Layout(home)
    assert layout.data.stat().st_mode & 0o777 == 0o700
    assert not (layout.data / "recovery.signal").exists()
    left = {path.name for path in layout.folder.iterdir()}
    assert left <= {*recovery.HARMLESS, "data"}
    with pytest.raises(NotEmpty, match="is not empty"):
        recovery.require_empty(home)


def test_any_moment_since_the_backup_can_be_restored(story: Story, tmp_path: Path) -> None:
    assert restored(story, tmp_path / "new", story.moment) == [1, 2, 3]


def test_a_moment_that_the_log_does_not_reach_is_refused(story: Story, tmp_path: Path) -> None:
    home, late = tmp_path / "new", story.moment + dt.timedelta(days=1)
    with pytest.raises(MissingWal, match="ends before"):
        restored(story, home, late)
    recovery.require_empty(home)


def test_no_key_and_no_content_can_be_seen_in_the_backup(story: Story) -> None:
    files = [path for path in story.shelf.place.rglob("*") if path.is_file()]
    assert len(files) > len(story.segments)
    secrets = [PHONE.encode(), story.ring.key(1), story.ring.index_root]
    for path in files:
        content = path.read_bytes()
        assert not any(secret in content for secret in secrets), path
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_good_backup_is_found_good(story: Story) -> None:
    findings = verification.verify(story.shelf, story.manifest, story.ring)
    assert findings.faults == []
    assert findings.files > 900
    assert findings.segments >= 3


def test_another_ring_opens_nothing(story: Story, tmp_path: Path) -> None:
    other = dataclasses.replace(story, ring=new_ring())
    with pytest.raises(WrongRing, match="sealed with the key ring"):
        restored(other, tmp_path / "new")
    with pytest.raises(WrongRing):
        story.manifest.check(other.ring)
    assert "key ring" in verification.verify(story.shelf, story.manifest, other.ring).faults[0]
    recovery.require_empty(tmp_path / "new")


def test_a_changed_manifest_is_noticed(story: Story) -> None:
    changed = dataclasses.replace(story.manifest, wal_end=story.manifest.wal_start)
    with pytest.raises(Damaged, match="manifest was changed"):
        changed.check(story.ring)


@pytest.fixture
def damaged(story: Story, tmp_path: Path) -> Story:
    """The story's shelf as a copy that may be spoilt."""
    place = tmp_path / "copy" / story.shelf.installation
    for path in story.shelf.place.rglob("*"):
        target = place / path.relative_to(story.shelf.place)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            os.link(path, target)
    return dataclasses.replace(story, shelf=Shelf(tmp_path / "copy", story.shelf.installation))


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


def test_a_changed_byte_is_found_and_nothing_half_restored_is_left(
    damaged: Story, tmp_path: Path
) -> None:
    spoil(damaged.shelf.base_file(damaged.manifest.id, "database"))
    assert not verification.verify(damaged.shelf, damaged.manifest, damaged.ring).is_good
    with pytest.raises(Damaged):
        restored(damaged, tmp_path / "new")
    recovery.require_empty(tmp_path / "new")


def test_a_damaged_piece_of_log_ends_the_restore(damaged: Story, tmp_path: Path) -> None:
    spoil(damaged.shelf.wal_file(damaged.segments[-1]))
    assert not verification.verify(damaged.shelf, damaged.manifest, damaged.ring).is_good
    with pytest.raises(Damaged):
        restored(damaged, tmp_path / "new")
    recovery.require_empty(tmp_path / "new")


def test_a_hole_in_the_log_is_refused_unless_a_moment_before_it_is_asked_for(
    damaged: Story, tmp_path: Path
) -> None:
    hole = damaged.segments[-2]
    damaged.shelf.wal_file(hole).unlink()
    with pytest.raises(MissingWal, match=hole):
        recovery.log_to_replay(damaged.shelf, damaged.manifest, None)
    served = recovery.log_to_replay(damaged.shelf, damaged.manifest, damaged.moment)
    assert served
    assert max(served) < hole


def test_a_backup_without_its_manifest_or_a_file_is_not_listed(damaged: Story) -> None:
    assert [each.id for each in damaged.shelf.manifests()] == [damaged.manifest.id]
    damaged.shelf.base_file(damaged.manifest.id, "files").unlink()
    assert damaged.shelf.manifests() == []
    with pytest.raises(NoSuchBackup, match="no complete backup"):
        chosen(damaged.shelf.folder, id_=None, until=None)


def test_an_interrupted_backup_leaves_nothing_that_is_listed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "20260101-00000000")

    def interrupted() -> None:
        with shelf.building("20260301T120000Z") as folder:
            (folder / "database.sealed").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(shelf.bases.iterdir()) == []
    (shelf.bases / ".20260301T110000Z").mkdir()  # of one that was killed
    assert shelf.manifests() == []
    with shelf.building("20260301T120000Z"):
        pass
    assert [path.name for path in shelf.bases.iterdir()] == ["20260301T120000Z"]


def on_shelf(folder: Path, installation: str, finished_at: dt.datetime) -> Manifest:
    shelf = Shelf(folder, installation)
    manifest = a_manifest(finished_at, installation=installation)
    with shelf.building(manifest.id) as place:
        (place / "manifest.json").write_text(manifest.encoded())
    return manifest


def test_the_newest_backup_before_the_moment_is_chosen(tmp_path: Path) -> None:
    early = on_shelf(tmp_path, "a", NOON)
    late = on_shelf(tmp_path, "a", NOON + dt.timedelta(days=1))
    assert chosen(tmp_path, id_=None, until=None)[1] == late
    assert chosen(tmp_path, id_=None, until=late.finished_at - dt.timedelta(hours=1))[1] == early
    assert chosen(tmp_path, id_=early.id, until=None)[1] == early
    with pytest.raises(NoSuchBackup, match="oldest backup"):
        chosen(tmp_path, id_=None, until=early.finished_at - dt.timedelta(hours=1))


def test_backups_of_several_installations_are_never_mixed_up(tmp_path: Path) -> None:
    one = on_shelf(tmp_path, "a", NOON)
    on_shelf(tmp_path, "b", NOON + dt.timedelta(days=1))
    with pytest.raises(NoSuchBackup, match="Several installations"):
        chosen(tmp_path, id_=None, until=None)
    assert chosen(tmp_path, id_=one.id, until=None)[0].installation == "a"


def test_another_major_and_tables_of_a_newer_mallard_are_refused() -> None:
    with pytest.raises(ForeignMajor, match="PostgreSQL 17"):
        recovery.require_this_major(a_manifest(NOON, major=17))
    newer = {"secrets": "0099_of_tomorrow"}
    with pytest.raises(BackupError, match=r"newer Mallard \(secrets\.0099_of_tomorrow\)"):
        require_known_tables(a_manifest(NOON, migrations=newer))
    known = {"secrets": "0001_initial", "an_app_of_others": "0099_whatever"}
    require_known_tables(a_manifest(NOON, migrations=known, mallard="99.0.0"))


def test_a_full_disk_is_said_before_anything_is_written(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _place: type("Usage", (), {"free": 1_000_000}))
    with pytest.raises(NoRoom, match="Make room"):
        restored(story, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_in_which_only_commands_ran_counts_as_empty(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "home")
    layout.make_folder()
    layout.password_file.write_text("x")
    recovery.require_empty(layout.home)
    (layout.home / "holiday.jpg").touch()
    with pytest.raises(NotEmpty, match=r"holiday\.jpg"):
        recovery.require_empty(layout.home)
