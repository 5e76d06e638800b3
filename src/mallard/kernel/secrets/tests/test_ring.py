from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from mallard.kernel.secrets import ring
from mallard.kernel.secrets.errors import (
    RingExists,
    RingExposed,
    RingInvalid,
    RingKeyMissing,
    WrongPassphrase,
)


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch):
    monkeypatch.setattr(ring, "SCRYPT_N", 2**10)


def test_ring_file_is_private_and_reads_back(tmp_path):
    path = tmp_path / "keys" / "ring.json"
    made = ring.write_new(path, ring.new_ring())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert ring.decode(path.read_text(), path) == made
    assert [child.name for child in path.parent.iterdir()] == ["ring.json"]


def test_processes_that_start_at_once_agree_on_one_ring(tmp_path):
    path = tmp_path / "keys" / "ring.json"
    with ThreadPoolExecutor(16) as pool:
        rings = list(pool.map(lambda _n: ring.write_new(path, ring.new_ring()), range(16)))
    assert len({each.fingerprint for each in rings}) == 1


def test_ring_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "ring.json"
    ring.write_new(path, ring.new_ring())
    path.chmod(0o640)
    with pytest.raises(RingExposed, match="chmod 600"):
        ring.read(path)


@pytest.mark.parametrize("text", ["", "{}", '{"format": "other"}', "[]"])
def test_nonsense_is_named_without_quoting_it(tmp_path, text):
    path = tmp_path / "ring.json"
    path.write_text(text + " secret-looking")
    os.chmod(path, 0o600)
    with pytest.raises(RingInvalid) as refusal:
        ring.read(path)
    assert "secret-looking" not in str(refusal.value)


def test_rotation_keeps_old_keys_and_the_index_root():
    before = ring.new_ring()
    after = before.rotated()
    assert after.active == 2
    assert after.key(1) == before.key(1)
    assert after.key(2) != before.key(1)
    assert after.fingerprint == before.fingerprint
    assert after.index_key("x") == before.index_key("x") != before.index_key("y")
    with pytest.raises(RingKeyMissing):
        before.key(2)


def test_changed_file_is_read_anew(tmp_path):
    path = tmp_path / "ring.json"
    first = ring.write_new(path, ring.new_ring())
    ring.replace_file(path, first.rotated())
    assert ring.read(path).active == 2


def test_exported_copy_opens_with_its_passphrase_only(tmp_path):
    made = ring.new_ring().rotated()
    copy = ring.export(made, "correct horse")
    assert ring.encode(made).encode() not in copy
    path = tmp_path / "new" / "ring.json"
    with pytest.raises(WrongPassphrase):
        ring.import_copy(path, copy, "wrong horse")
    assert not path.exists()
    assert ring.import_copy(path, copy, "correct horse") == made
    with pytest.raises(RingExists):
        ring.import_copy(path, copy, "correct horse")
    with pytest.raises(RingInvalid):
        ring.import_copy(tmp_path / "x", b"rubbish", "correct horse")


def test_keys_do_not_appear_in_a_traceback(tmp_path):
    made = ring.new_ring()
    assert str(made.key(1)) not in repr(made)
    assert str(made.index_root) not in repr(made)
