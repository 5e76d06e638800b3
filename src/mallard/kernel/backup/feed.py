"""Hands the log to a server that recovers, piece by piece, opened as it asks for it.

The server's account may not read the key ring, and the opened log of a week would fill the disk.
So its ``restore_command`` leaves a wish in a folder and waits; a thread of ours opens the piece
and puts it there. Nobody waits for ever: without an answer the command ends the recovery.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Collection
from pathlib import Path
from types import TracebackType

from mallard.kernel.backup.shelf import Shelf
from mallard.kernel.database.layout import make_private
from mallard.kernel.database.server import Server
from mallard.kernel.secrets.ring import KeyRing

FOLDER = "feed"
POLL_SECONDS = 0.01
# In the data directory. 255 ends the recovery at once; 1 says: there is no such piece.
COMMAND = (
    "i=0; : > ../feed/want.%f; "
    "while [ ! -f ../feed/have.%f ]; do "
    "if [ -f ../feed/none.%f ]; then rm -f ../feed/none.%f; exit 1; fi; "
    "if [ ! -d ../feed ] || [ $i -gt 6000 ]; then exit 255; fi; "
    "i=$((i+1)); sleep 0.02; done; "
    "mv ../feed/have.%f %p"
)


class Feed:
    """Serves ``names`` from ``shelf`` to ``server`` inside its block. ``failure``: what broke."""

    def __init__(self, server: Server, shelf: Shelf, ring: KeyRing, names: Collection[str]) -> None:
        self._server = server
        self._shelf = shelf
        self._ring = ring
        self._names = frozenset(names)
        self._folder = server.layout.folder / FOLDER
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="feed", daemon=True)
        self.failure: BaseException | None = None
        self.served = 0

    def __enter__(self) -> Feed:
        make_private(self._folder, self._server.identity.uid, self._server.identity.gid)
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _serve(self) -> None:
        while not self._is_over.wait(POLL_SECONDS):
            for wish in sorted(self._folder.glob("want.*")):
                try:
                    self._answer(wish.name.removeprefix("want."))
                except BaseException as error:
                    self.failure = error
                    return  # the command gives up by itself: the server must not go on without
                wish.unlink(missing_ok=True)

    def _answer(self, name: str) -> None:
        if name not in self._names:
            self._put(self._folder / f"none.{name}", b"")
            return
        self._put(
            self._folder / f"have.{name}", self._shelf.read(self._shelf.wal_file(name), self._ring)
        )
        self.served += 1

    def _put(self, path: Path, content: bytes) -> None:
        temporary = self._folder / f".{path.name}"
        temporary.write_bytes(content)
        temporary.chmod(0o600)
        self._server.own(temporary)
        temporary.rename(path)
