"""A subject's data key: seals and opens that subject's personal values."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mallard.kernel.environment import environment
from mallard.kernel.secrets.errors import RingMismatch, Unreadable
from mallard.kernel.secrets.ring import KEY_BYTES, NONCE_BYTES, KeyRing

_SEAL_FORMAT = b"\x01"
_WRAP_CONTEXT = b"mallard data key 1 "


@dataclass(frozen=True, slots=True)
class DataKey:
    """An opened data key. Lives as long as the call that opened it: never cache one."""

    subject_id: UUID
    _cipher: AESGCM = field(repr=False)

    def seal(self, plaintext: bytes, context: str) -> bytes:
        """``plaintext`` under AES-256-GCM.

        ``context`` says what and where the value is, such as ``"members.identity.value:<row id>"``.
        It is authenticated, not stored: the same must be given to open, so a sealed value copied
        to another row or column cannot be opened there.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        return _SEAL_FORMAT + nonce + self._cipher.encrypt(nonce, plaintext, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """What was sealed; raises `Unreadable` when it was changed or the context differs."""
        raw = bytes(sealed)
        if raw[:1] != _SEAL_FORMAT:
            raise Unreadable()
        nonce, content = raw[1 : 1 + NONCE_BYTES], raw[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, content, context.encode())
        except (InvalidTag, ValueError):
            raise Unreadable() from None


def new_key_material() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def opened(subject_id: UUID, material: bytes) -> DataKey:
    return DataKey(subject_id, AESGCM(material))


def wrap(ring: KeyRing, subject_id: UUID, material: bytes) -> bytes:
    """``material`` encrypted under the ring's active key, bound to the subject."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(ring.key(ring.active))
    return nonce + cipher.encrypt(nonce, material, _WRAP_CONTEXT + subject_id.bytes)


def unwrap(ring: KeyRing, subject_id: UUID, version: int, wrapped: bytes | memoryview) -> bytes:
    """The data key's material. Raises `RingKeyMissing`, or `RingMismatch` when it is not ours."""
    raw = bytes(wrapped)
    cipher = AESGCM(ring.key(version))
    try:
        context = _WRAP_CONTEXT + subject_id.bytes
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context)
    except InvalidTag:
        raise RingMismatch(path=environment().key_ring_path) from None
