"""Sealed files: compressed, then AES-256-GCM in chunks, so that any size passes in little memory.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption
and its Nonce-Reuse Misuse-Resistance, 2015), as age and Tink use it: each chunk's nonce is its
number and whether it is the last, so chunks cannot be moved, left out or cut off unseen. Every
file has a key of its own, derived (HKDF-SHA256) from a key of the ring, a random salt and the
file's name: a file put in the place of another does not open.

    "mallard sealed file 1\\n", ring fingerprint (32 bytes), ring version (4), salt (32), chunks
"""

from __future__ import annotations

import hashlib
import io
import secrets
import struct
import zlib
from typing import IO, TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mallard.kernel.backup.errors import Damaged, WrongRing
from mallard.kernel.secrets.ring import KEY_BYTES, KeyRing

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

MAGIC = b"mallard sealed file 1\n"
CHUNK_BYTES = 1024 * 1024
TAG_BYTES = 16
COMPRESSION_LEVEL = 1  # write-ahead log and tables shrink to a third; more effort gains little
SHOWN_FINGERPRINT = 16
_HEAD = struct.Struct(f">{len(MAGIC)}s32sI32s")


def derived_key(ring: KeyRing, version: int, salt: bytes, purpose: str) -> bytes:
    """A key for one purpose from the ring's key of ``version``."""
    info = b"mallard backup " + purpose.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(
        ring.key(version)
    )


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealer:
    """Writes one sealed file: `write` what it shall hold, then `close`.

    ``name`` must be given again to open it. Afterwards ``sha256`` and ``size`` tell of the sealed
    bytes, ``content_bytes`` of what went in. Closes nothing but itself.
    """

    def __init__(self, file: IO[bytes], ring: KeyRing, name: str) -> None:
        salt = secrets.token_bytes(32)
        self._file = file
        self._cipher = AESGCM(derived_key(ring, ring.active, salt, f"file {name}"))
        self._compressor = zlib.compressobj(COMPRESSION_LEVEL)
        self._pending = bytearray()
        self._number = 0
        self._digest = hashlib.sha256()
        self.size = 0
        self.content_bytes = 0
        self._put(_HEAD.pack(MAGIC, bytes.fromhex(ring.fingerprint), ring.active, salt))

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, content: bytes) -> int:
        self.content_bytes += len(content)
        self._pending += self._compressor.compress(content)
        while len(self._pending) > CHUNK_BYTES:
            self._seal(bytes(self._pending[:CHUNK_BYTES]), is_last=False)
            del self._pending[:CHUNK_BYTES]
        return len(content)

    def close(self) -> None:
        """Write what remains and the mark of the end. Without it the file does not open."""
        self._pending += self._compressor.flush()
        while len(self._pending) > CHUNK_BYTES:
            self._seal(bytes(self._pending[:CHUNK_BYTES]), is_last=False)
            del self._pending[:CHUNK_BYTES]
        self._seal(bytes(self._pending), is_last=True)

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._put(self._cipher.encrypt(_nonce(self._number, is_last=is_last), chunk, None))
        self._number += 1

    def _put(self, content: bytes) -> None:
        self._file.write(content)
        self._digest.update(content)
        self.size += len(content)


class _Opened(io.RawIOBase):
    """What a sealed file holds, chunk by chunk, each checked before any of it is handed on."""

    def __init__(self, file: IO[bytes], cipher: AESGCM, name: str) -> None:
        self._file = file
        self._cipher = cipher
        self._name = name
        self._decompressor = zlib.decompressobj()
        self._next = file.read(CHUNK_BYTES + TAG_BYTES)
        self._number = 0
        self._is_over = False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        while not self._ready and not self._is_over:
            self._ready = memoryview(self._open_next())
        count = min(len(target), len(self._ready))
        target[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def write(self, _content: ReadableBuffer) -> int:
        raise io.UnsupportedOperation("write")

    def _open_next(self) -> bytes:
        chunk, self._next = self._next, self._file.read(CHUNK_BYTES + TAG_BYTES)
        self._is_over = not self._next
        try:
            content = self._cipher.decrypt(_nonce(self._number, is_last=self._is_over), chunk, None)
            self._number += 1
            return self._decompressor.decompress(content)
        except InvalidTag:
            raise Damaged(self._name, "its content does not match its seal") from None
        except zlib.error as error:
            raise Damaged(self._name, str(error)) from None


def opened(file: IO[bytes], ring: KeyRing, name: str) -> io.BufferedReader:
    """What the sealed ``file`` holds, to be read like any file.

    Nothing is handed on unchecked, but only reading to the end shows that the end is there.
    Raises `WrongRing`, `Damaged`, and `RingKeyMissing` when the ring lacks the key's version.
    """
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size or not head.startswith(MAGIC):
        raise Damaged(name, "it is no sealed file")
    _magic, fingerprint, version, salt = _HEAD.unpack(head)
    if fingerprint.hex() != ring.fingerprint:
        raise WrongRing(
            name, fingerprint.hex()[:SHOWN_FINGERPRINT], ring.fingerprint[:SHOWN_FINGERPRINT]
        )
    cipher = AESGCM(derived_key(ring, version, salt, f"file {name}"))
    return io.BufferedReader(_Opened(file, cipher, name), buffer_size=CHUNK_BYTES)
