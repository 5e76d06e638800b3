from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from mallard.kernel.access.actor import system
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets import ring, services
from mallard.kernel.secrets.commands import keys

pytestmark = pytest.mark.django_db


def run(*arguments: str, stdin: str = "") -> str:
    result = CliRunner().invoke(keys, arguments, input=stdin, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_ring_is_rotated_rewrapped_exported_and_restored(ring_path, tmp_path, monkeypatch):
    monkeypatch.setattr(ring, "SCRYPT_N", 2**10)
    member = uuid7()
    services.create_data_keys([member], actor=system("test"))
    run("rotate")
    assert "1 data keys rewrapped" in run("rewrap")
    report = json.loads(run("status", "--json"))
    assert report["active"] == 2
    assert [each["data_keys"] for each in report["keys"]] == [0, 1]
    copy = tmp_path / "copy"
    run("export", str(copy), "--passphrase-stdin", stdin="correct horse battery\n")
    ring_path.unlink()
    run("import", str(copy), "--passphrase-stdin", stdin="correct horse battery\n")
    assert member in services.open_keys([member])
    assert "0 erased again" in run("replay-erasures")


def test_short_passphrase_is_refused(ring_path, tmp_path):
    result = CliRunner().invoke(
        keys, ["export", str(tmp_path / "copy"), "--passphrase-stdin"], input="short\n"
    )
    assert result.exit_code != 0
    assert not (tmp_path / "copy").exists()
