"""Where the backups of one data folder lie, and what lies there.

    <backup folder>/<installation>/
      bases/<id>/manifest.json, database.sealed, files.sealed
      wal/<segment>.sealed
      erasures.sealed        the register of erasures, newer than any base

An installation is one data folder's life. A restored one begins a shelf of its own: its log
branches off, and the two must never be mixed.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mallard.kernel import clock
from mallard.kernel.backup.errors import NoSuchBackup
from mallard.kernel.backup.manifest import Manifest, decoded
from mallard.kernel.backup.sealing import Sealer, opened
from mallard.kernel.database.layout import Layout
from mallard.kernel.secrets.ring import KeyRing

MANIFEST = "manifest.json"
SUFFIX = ".sealed"
ERASURES = "erasures"
RESTORED = "restored.json"
"""When somebody last restored from here: what the health check reads."""
DATABASE = "database"
FILES = "files"
BUILDING = "."


@dataclass(frozen=True)
class Shelf:
    """The backups of one installation."""

    folder: Path
    installation: str

    @property
    def place(self) -> Path:
        return self.folder / self.installation

    @property
    def bases(self) -> Path:
        return self.place / "bases"

    @property
    def wal(self) -> Path:
        return self.place / "wal"

    def make(self) -> None:
        for each in (self.bases, self.wal):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)

    # --- bases --------------------------------------------------------------------------------

    def manifests(self) -> list[Manifest]:
        """Every complete backup, oldest first. One whose files are missing is not complete."""
        if not self.bases.is_dir():
            return []
        found = []
        for place in sorted(self.bases.iterdir()):
            if place.name.startswith(BUILDING) or not (place / MANIFEST).is_file():
                continue
            manifest = decoded((place / MANIFEST).read_text("utf-8"), f"Backup {place.name}")
            if manifest.id == place.name and self._has_files(manifest):
                found.append(manifest)
        return found

    def _has_files(self, manifest: Manifest) -> bool:
        paths = [(self.base_file(manifest.id, each.name), each.size) for each in manifest.files]
        return all(path.is_file() and path.stat().st_size == size for path, size in paths)

    def base_file(self, id_: str, name: str) -> Path:
        return self.bases / id_ / (name + SUFFIX)

    def new_id(self) -> str:
        """A name for the backup that begins now. Sorts by time."""
        return clock.now().strftime("%Y%m%dT%H%M%SZ")

    @contextmanager
    def building(self, id_: str) -> Iterator[Path]:
        """A folder for a backup in the making. It gets its name when the block ends well.

        What killed attempts left is removed first; the caller holds the backup lock.
        """
        self.make()
        for left in self.bases.glob(f"{BUILDING}*"):
            shutil.rmtree(left)
        folder = self.bases / f"{BUILDING}{id_}"
        folder.mkdir(mode=0o700)
        try:
            yield folder
            sync_folder(folder)
            folder.rename(self.bases / id_)
            sync_folder(self.bases)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def remove(self, id_: str) -> None:
        """Take one backup off the shelf; it stops being listed before its files go."""
        leaving = self.bases / f"{BUILDING}{id_}"
        (self.bases / id_).rename(leaving)
        shutil.rmtree(leaving)

    # --- the log ------------------------------------------------------------------------------

    def segments(self) -> list[str]:
        """Names of the log's files that are here, oldest first."""
        if not self.wal.is_dir():
            return []
        return sorted(
            path.name.removesuffix(SUFFIX)
            for path in self.wal.iterdir()
            if path.name.endswith(SUFFIX) and not path.name.startswith(BUILDING)
        )

    def wal_file(self, name: str) -> Path:
        return self.wal / (name + SUFFIX)

    # --- small sealed files -------------------------------------------------------------------

    def write(self, path: Path, content: bytes, ring: KeyRing) -> None:
        """Put ``content`` sealed in the place of ``path``, on disk before it returns."""
        temporary = path.with_name(f"{BUILDING}{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                sealer = Sealer(file, ring, self._name(path))
                sealer.write(content)
                sealer.close()
                sync_file(file)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def read(self, path: Path, ring: KeyRing) -> bytes:
        """What is sealed in ``path``."""
        with path.open("rb") as file, opened(file, ring, self._name(path)) as content:
            return content.read()

    @contextmanager
    def reading(self, path: Path, ring: KeyRing) -> Iterator[io.BufferedReader]:
        with path.open("rb") as file, opened(file, ring, self._name(path)) as content:
            yield content

    def _name(self, path: Path) -> str:
        return path.relative_to(self.place).as_posix()

    def sealed_name(self, id_: str, name: str) -> str:
        """The name under which a base's file is sealed, wherever it is built."""
        return self._name(self.base_file(id_, name))

    @property
    def erasures(self) -> Path:
        return self.place / (ERASURES + SUFFIX)


def shelf_of(layout: Layout, folder: Path) -> Shelf:
    """The shelf of this data folder; gives the folder its installation name the first time."""
    path = layout.installation_file
    try:
        name = path.read_text("ascii").strip()
    except FileNotFoundError:
        layout.make_folder()
        name = f"{clock.now():%Y%m%d}-{secrets.token_hex(4)}"
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.write_text(name + "\n", "ascii")
        try:
            os.link(temporary, path)
        except FileExistsError:
            name = path.read_text("ascii").strip()
        finally:
            temporary.unlink()
    return Shelf(folder, name)


def shelves(folder: Path) -> list[Shelf]:
    """Every shelf in the backup folder."""
    if not folder.is_dir():
        return []
    return [
        Shelf(folder, place.name)
        for place in sorted(folder.iterdir())
        if (place / "bases").is_dir()
    ]


def chosen(folder: Path, *, id_: str | None, until: dt.datetime | None) -> tuple[Shelf, Manifest]:
    """The backup to restore: the named one, else the newest that reaches back before ``until``.

    Raises `NoSuchBackup`: there is none, or several installations keep theirs here.
    """
    found = [(shelf, manifest) for shelf in shelves(folder) for manifest in shelf.manifests()]
    if id_ is not None:
        found = [pair for pair in found if pair[1].id == id_]
    if not found:
        raise NoSuchBackup(f"There is no complete backup{f' {id_}' if id_ else ''} in {folder}.")
    if until is not None:
        early = [pair for pair in found if pair[1].finished_at <= until]
        if not early:
            first = min(manifest.finished_at for _shelf, manifest in found)
            raise NoSuchBackup(
                f"The oldest backup to choose was complete at {first:%Y-%m-%dT%H:%M:%SZ}, after "
                f"{until:%Y-%m-%dT%H:%M:%SZ}."
            )
        found = early
    if len({shelf.installation for shelf, _manifest in found}) > 1:
        newest = max(found, key=lambda pair: pair[1].finished_at)[1]
        raise NoSuchBackup(
            f"Several installations keep backups in {folder}. Name the backup with --backup; "
            f"the newest of all is {newest.id}, of {newest.installation}."
        )
    return max(found, key=lambda pair: pair[1].finished_at)


def sync_file(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
