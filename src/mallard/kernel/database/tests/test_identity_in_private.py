"""PostgreSQL's own programs run from a folder that only root may enter."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mallard.kernel.database import identity
from mallard.kernel.database.identity import Identity
from mallard.kernel.database.layout import program

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the server an identity")


@pytest.fixture
def private_programs() -> Iterator[Path]:
    """The server's programs, in a folder of root's own (0700), with their libraries."""
    folder = Path(tempfile.mkdtemp(prefix="private-"))
    folder.chmod(0o700)
    initdb = program("initdb").resolve()
    package = initdb.parents[2]
    for part in (package, package.with_name(package.name + ".libs")):
        if part.exists():
            shutil.copytree(part, folder / part.name, symlinks=True)
    yield folder / initdb.parent.relative_to(package.parent)
    shutil.rmtree(folder)


def asked(who: Identity, programs: Path, data: Path) -> tuple[int, str]:
    """What initdb says when it is run as ``who``: it looks for itself before it does anything."""
    process = who.popen(
        [programs / "initdb", "--no-sync", "-D", data, "-U", "postgres"],
        stdout=subprocess.PIPE,
    )
    said, _nothing = process.communicate(timeout=120)
    return process.returncode, said.decode("utf-8", "replace")


def test_initdb_finds_itself_where_only_root_may_go(private_programs: Path) -> None:
    account = pwd.getpwnam("nobody")
    data = Path(tempfile.mkdtemp(prefix="private-data-"))
    os.chown(data, account.pw_uid, account.pw_gid)
    try:
        who = Identity(
            account.pw_uid, account.pw_gid, identity._switch_to(account, keep_override=True)
        )
        code, said = asked(who, private_programs, data / "db")
        assert "invalid binary" not in said
        assert code == 0, said
    finally:
        shutil.rmtree(data)


def test_without_the_bit_it_does_not(
    private_programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason for `_let_access_see_capabilities`: remove it when this no longer fails."""
    account = pwd.getpwnam("nobody")
    monkeypatch.setattr(identity, "_let_access_see_capabilities", lambda: None)
    who = Identity(account.pw_uid, account.pw_gid, identity._switch_to(account, keep_override=True))
    with tempfile.TemporaryDirectory() as folder:
        code, said = asked(who, private_programs, Path(folder) / "db")
    assert code != 0
    assert "invalid binary" in said or "could not find" in said
