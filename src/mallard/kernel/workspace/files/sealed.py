"""A file that is encrypted while it is written, and read back in pieces.

Frames of a length and a sealed chunk, each bound to the file and to its place; the last frame
says that it is the last, so that a file cut short does not pass for a whole one.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from uuid import UUID

from mallard.kernel.environment import environment
from mallard.kernel.secrets.errors import Unreadable
from mallard.kernel.secrets.services import DataKey

CHUNK_BYTES = 64 * 1024
EXPORTS = "exports"
_LENGTH = struct.Struct(">I")


def folder(name: str = EXPORTS) -> Path:
    """Where files of this kind lie; nobody but Mallard's own user looks in."""
    path = environment().home / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def path_of(file_id: UUID, name: str = EXPORTS) -> Path:
    """The sealed file with this id."""
    return folder(name) / f"{file_id}.sealed"


def _context(file_id: UUID, number: int, *, is_last: bool) -> str:
    return f"workspace.export:{file_id}:{number}:{'last' if is_last else 'more'}"


class SealedWriter:
    """Takes bytes, writes sealed frames; the file appears under its name when it is whole."""

    def __init__(self, file_id: UUID, key: DataKey, *, place: str = EXPORTS) -> None:
        self._file_id, self._key = file_id, key
        self._target = path_of(file_id, place)
        self._temporary = self._target.with_suffix(".part")
        descriptor = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._waiting = bytearray()
        self._number = 0

    def write(self, content: bytes) -> int:
        self._waiting += content
        # One chunk always waits: only the end knows which is the last.
        while len(self._waiting) > CHUNK_BYTES:
            self._frame(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(content)

    def _frame(self, content: bytes, *, is_last: bool) -> None:
        context = _context(self._file_id, self._number, is_last=is_last)
        sealed = self._key.seal(content, context)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1

    def __enter__(self) -> SealedWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._file.close()
            self._temporary.unlink(missing_ok=True)
            return
        self._frame(bytes(self._waiting), is_last=True)
        self._file.close()
        self._temporary.replace(self._target)


def opened(file_id: UUID, key: DataKey, *, place: str = EXPORTS) -> Iterator[bytes]:
    """The file's content, piece by piece. Raises `Unreadable` when it was changed or cut."""
    with path_of(file_id, place).open("rb") as file:
        sealed = _next(file.read)
        number = 0
        while sealed:
            following = _next(file.read)
            yield key.open(sealed, _context(file_id, number, is_last=not following))
            sealed, number = following, number + 1
        if not number:
            raise Unreadable()


def _next(read: Callable[[int], bytes]) -> bytes:
    length = read(_LENGTH.size)
    if not length:
        return b""
    if len(length) < _LENGTH.size:
        raise Unreadable()
    return read(_LENGTH.unpack(length)[0])
