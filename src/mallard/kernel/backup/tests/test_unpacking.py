"""What a restore takes out of an archive: folders and plain files below its own folder."""

from __future__ import annotations

import io
import stat
import tarfile
from pathlib import Path

import pytest

from mallard.kernel.backup.recovery import _unpack_member


def archive(member: tarfile.TarInfo, content: bytes = b"") -> tarfile.TarFile:
    written = io.BytesIO()
    member.size = len(content)
    with tarfile.open(mode="w", fileobj=written) as tar:
        tar.addfile(member, io.BytesIO(content))
    written.seek(0)
    return tarfile.open(mode="r|", fileobj=written)


def named(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = kind
    member.linkname = "elsewhere" if kind in {tarfile.SYMTYPE, tarfile.LNKTYPE} else ""
    return member


def test_a_file_is_ours_alone_and_as_old_as_it_was(tmp_path: Path) -> None:
    member = named("exports/members.csv")
    member.mode, member.uid, member.gid, member.mtime = 0o4777, 4242, 4242, 1_000_000_000
    with archive(member, b"one") as tar:
        for each in tar:
            _unpack_member(tar, each, tmp_path)
    found = tmp_path / "exports" / "members.csv"
    state = found.stat()
    assert found.read_bytes() == b"one"
    assert stat.S_IMODE(state.st_mode) == 0o600
    assert state.st_uid == tmp_path.stat().st_uid
    assert state.st_mtime == 1_000_000_000


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(named("/etc/passwd"), id="absolute"),
        pytest.param(named("base/../../outside"), id="outside"),
        pytest.param(named("link", tarfile.SYMTYPE), id="link"),
        pytest.param(named("hard", tarfile.LNKTYPE), id="hard link"),
        pytest.param(named("pipe", tarfile.FIFOTYPE), id="pipe"),
        pytest.param(named("device", tarfile.CHRTYPE), id="device"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, member: tarfile.TarInfo) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with archive(member) as tar:
        found = tar.next()
        assert found is not None
        with pytest.raises(tarfile.ReadError, match="no place in a backup"):
            _unpack_member(tar, found, home)
    assert not list(home.iterdir())
    assert list(tmp_path.iterdir()) == [home]
