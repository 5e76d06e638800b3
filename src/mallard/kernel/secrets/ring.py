"""The key ring: the file whose keys wrap every data key.

JSON, mode 0600, outside the data folder. Several versions, one active: new data keys are wrapped
with the active one, older ones stay until everything is rewrapped (and as long as backups need
them). Blind indexes come from a root of their own, which rotation leaves alone: they could not be
made again without opening every value.
"""

from __future__ import annotations

import base64
import datetime as dt
import fcntl
import hashlib
import json
import os
import secrets
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from mallard.kernel import clock
from mallard.kernel.secrets.errors import (
    RingExists,
    RingExposed,
    RingInvalid,
    RingKeyMissing,
    WrongPassphrase,
)

FORMAT = "mallard key ring 1"
KEY_BYTES = 32
NONCE_BYTES = 12
SCRYPT_N = 2**17  # about 128 MB and half a second: for a passphrase that a person remembers


@dataclass(frozen=True, slots=True)
class RingKey:
    """One version of the wrapping key."""

    version: int
    created_at: dt.datetime
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class KeyRing:
    """The keys in memory. ``active`` is the version that wraps new data keys."""

    active: int
    keys: tuple[RingKey, ...]
    index_root: bytes = field(repr=False)

    def key(self, version: int) -> bytes:
        """The wrapping key of ``version``; raises `RingKeyMissing`."""
        for each in self.keys:
            if each.version == version:
                return each.key
        raise RingKeyMissing(version=version)

    @property
    def fingerprint(self) -> str:
        """Names the ring without revealing it; the same after every rotation."""
        return hashlib.sha256(b"mallard ring fingerprint" + self.index_root).hexdigest()

    def index_key(self, purpose: str) -> bytes:
        """The blind index key of one purpose (HKDF, RFC 5869)."""
        return _index_key(self.index_root, purpose)

    def rotated(self) -> KeyRing:
        """The ring with a fresh active key."""
        version = max(each.version for each in self.keys) + 1
        return replace(self, active=version, keys=(*self.keys, _new_key(version)))


@lru_cache(maxsize=64)
def _index_key(root: bytes, purpose: str) -> bytes:
    info = b"mallard blind index " + purpose.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(root)


def _new_key(version: int) -> RingKey:
    return RingKey(version, clock.now().replace(microsecond=0), secrets.token_bytes(KEY_BYTES))


def new_ring() -> KeyRing:
    """A ring with one key."""
    return KeyRing(1, (_new_key(1),), secrets.token_bytes(KEY_BYTES))


# --- the file ---------------------------------------------------------------------------------


def encode(ring: KeyRing) -> str:
    """The ring as the text of its file."""
    document = {
        "format": FORMAT,
        "active": ring.active,
        "index_root": _b64(ring.index_root),
        "keys": [
            {
                "version": each.version,
                "created_at": each.created_at.isoformat(),
                "key": _b64(each.key),
            }
            for each in ring.keys
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def decode(text: str, path: Path) -> KeyRing:
    """The ring written in ``text``; ``path`` is for the message of `RingInvalid`."""
    try:
        document: dict[str, Any] = json.loads(text)
        if document["format"] != FORMAT:
            raise ValueError(f"not “{FORMAT}”")
        keys = tuple(
            RingKey(
                int(each["version"]),
                dt.datetime.fromisoformat(each["created_at"]),
                _unb64(each["key"]),
            )
            for each in document["keys"]
        )
        ring = KeyRing(int(document["active"]), keys, _unb64(document["index_root"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # Never the text itself: it holds keys.
        raise RingInvalid(path=path, reason=type(error).__name__) from None
    if len({each.version for each in keys}) != len(keys):
        raise RingInvalid(path=path, reason="two keys with one version")
    ring.key(ring.active)
    return ring


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _unb64(value: str) -> bytes:
    raw = base64.b64decode(value, validate=True)
    if len(raw) != KEY_BYTES:
        raise ValueError("a key has the wrong length")
    return raw


_cache: dict[Path, tuple[tuple[int, ...], KeyRing]] = {}
_cache_lock = threading.Lock()


def read(path: Path) -> KeyRing | None:
    """The ring in ``path``, or None when there is no such file.

    Kept in memory until the file changes, so a rotation reaches running processes at once.
    Raises `RingExposed` when others may read the file, `RingInvalid` when it makes no sense.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    identity = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode)
    with _cache_lock:
        cached = _cache.get(path)
    if cached is not None and cached[0] == identity:
        return cached[1]
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise RingExposed(path=path)
    ring = decode(path.read_text(encoding="utf-8"), path)
    with _cache_lock:
        _cache[path] = (identity, ring)
    return ring


def write_new(path: Path, ring: KeyRing) -> KeyRing:
    """Write ``ring`` unless the file exists; returns the ring that is in the file afterwards.

    Safe when several processes start at once: the hard link succeeds for exactly one.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = _written_aside(path, encode(ring))
    try:
        os.link(temporary, path)
        _sync_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
    present = read(path)
    if present is None:
        raise RingInvalid(path=path, reason="vanished while it was written")
    return present


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Hold the ring's lock: one change at a time, across processes."""
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace_file(path: Path, ring: KeyRing) -> None:
    """Put ``ring`` in the place of the file, atomically and on disk before it returns."""
    temporary = _written_aside(path, encode(ring))
    temporary.replace(path)
    _sync_folder(path.parent)


def _written_aside(path: Path, text: str) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- copies for safekeeping ---------------------------------------------------------------------


def export(ring: KeyRing, passphrase: str) -> bytes:
    """The ring encrypted under a passphrase (scrypt, AES-256-GCM), for a backup elsewhere."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, encode(ring).encode(), _AAD)
    return _AAD + salt + nonce + sealed


def import_copy(path: Path, copy: bytes, passphrase: str) -> KeyRing:
    """Write the ring of an exported copy to ``path``, where there must be none yet."""
    head = len(_AAD)
    salt, nonce = copy[head : head + 16], copy[head + 16 : head + 16 + NONCE_BYTES]
    if copy[:head] != _AAD or len(copy) < head + 16 + NONCE_BYTES + 16:
        raise RingInvalid(path=path, reason="not an exported key ring")
    try:
        text = AESGCM(_stretched(passphrase, salt)).decrypt(
            nonce, copy[head + 16 + NONCE_BYTES :], _AAD
        )
    except InvalidTag:
        raise WrongPassphrase() from None
    if path.exists():
        raise RingExists(path=path)
    return write_new(path, decode(text.decode(), path))


_AAD = b"mallard key ring copy 1\n"


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=SCRYPT_N, r=8, p=1).derive(passphrase.encode())
