from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest

from mallard.kernel.backup.errors import Damaged, WrongRing
from mallard.kernel.backup.sealing import CHUNK_BYTES, TAG_BYTES, Sealer, opened
from mallard.kernel.secrets.ring import KeyRing, new_ring

RING = new_ring()
HEAD = len(b"mallard sealed file 1\n") + 32 + 4 + 32
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES


def noise(size: int) -> bytes:
    """Bytes that do not shrink, so that chunks are where a test expects them."""
    return random.Random(size).randbytes(size)


def sealed(content: bytes, *, ring: KeyRing = RING, name: str = "n") -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, ring, name)
    for start in range(0, len(content), 300_000):
        sealer.write(content[start : start + 300_000])
    sealer.close()
    assert sealer.size == len(file.getvalue())
    return file.getvalue()


def read(raw: bytes, *, ring: KeyRing = RING, name: str = "n") -> bytes:
    return opened(io.BytesIO(raw), ring, name).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 7])
def test_what_was_sealed_comes_back(size: int) -> None:
    content = noise(size)
    assert read(sealed(content)) == content


def test_nothing_of_the_content_can_be_seen() -> None:
    assert b"13812345678" not in sealed(b"13812345678" * 1_000)


def test_two_seals_of_one_content_share_nothing() -> None:
    assert sealed(b"same")[HEAD:] != sealed(b"same")[HEAD:]


def cut_at_a_chunk(raw: bytes) -> bytes:
    return raw[: HEAD + 2 * SEALED_CHUNK]


def cut_inside(raw: bytes) -> bytes:
    return raw[:-1]


def swap_chunks(raw: bytes) -> bytes:
    first, second = HEAD + SEALED_CHUNK, HEAD + 2 * SEALED_CHUNK
    return raw[:HEAD] + raw[first:second] + raw[HEAD:first] + raw[second:]


def leave_one_out(raw: bytes) -> bytes:
    return raw[:HEAD] + raw[HEAD + SEALED_CHUNK :]


def change_a_bit(raw: bytes) -> bytes:
    place = HEAD + SEALED_CHUNK + 5
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def append(raw: bytes) -> bytes:
    return raw + b"x"


def change_the_salt(raw: bytes) -> bytes:
    return raw[: HEAD - 1] + bytes([raw[HEAD - 1] ^ 1]) + raw[HEAD:]


@pytest.mark.parametrize(
    "damage",
    [
        cut_at_a_chunk,
        cut_inside,
        swap_chunks,
        leave_one_out,
        change_a_bit,
        append,
        change_the_salt,
    ],
)
def test_damage_is_noticed(damage: Callable[[bytes], bytes]) -> None:
    raw = sealed(noise(3 * CHUNK_BYTES))
    with pytest.raises(Damaged):
        read(damage(raw))


def test_what_is_no_sealed_file_is_refused() -> None:
    with pytest.raises(Damaged, match="no sealed file"):
        read(b"PK\x03\x04")


def test_a_file_does_not_open_in_the_place_of_another() -> None:
    with pytest.raises(Damaged):
        read(sealed(b"x", name="bases/a/database.sealed"), name="bases/b/database.sealed")


def test_another_ring_is_named_as_the_reason() -> None:
    other = new_ring()
    with pytest.raises(WrongRing, match=RING.fingerprint[:16]):
        read(sealed(b"x"), ring=other)


def test_a_rotated_ring_still_opens_what_the_older_key_sealed() -> None:
    raw = sealed(b"before the rotation")
    assert read(raw, ring=RING.rotated()) == b"before the rotation"
