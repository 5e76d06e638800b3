"""Who the server runs as. PostgreSQL refuses to run as root, so root lends it another identity.

Started by an ordinary user, the server is that user. Started by root (a container, a fresh
machine) it becomes a system account that exists everywhere. That account may be unable to walk
to the checkout or the data folder (`/root/…` is 0700): then the server keeps one capability,
CAP_DAC_OVERRIDE, and no other; nothing has to be copied or opened to strangers. Where root may
not change users at all, a private user namespace shows root as that account.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from mallard.kernel.database.layout import program

SYSTEM_ACCOUNTS = ("mallard", "postgres", "nobody")

# Numbers of the Linux interface: linux/prctl.h, linux/capability.h, linux/sched.h
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522
CLONE_NEWUSER = 0x10000000


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilitySets(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Identity:
    """A user for the server's processes, and how a child process becomes that user.

    ``uid`` and ``gid`` own the server's files. ``become`` runs in the child between fork and
    exec; None when the child simply stays who we are.
    """

    uid: int
    gid: int
    become: Callable[[], None] | None = None

    def popen(
        self,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        stdout: int | IO[Any] = subprocess.DEVNULL,
        stderr: int | IO[Any] = subprocess.STDOUT,
        stdin: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Start ``command`` as this identity in a session of its own.

        Its own session, so that Ctrl-C in a terminal reaches us and not the database.
        """
        return subprocess.Popen(
            [os.fspath(part) for part in command],
            cwd="/",
            env=dict(environment) if environment is not None else _clean_environment(),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            umask=0o077,
            preexec_fn=self.become,
        )


def _clean_environment() -> dict[str, str]:
    """What the server needs of our environment: PG* variables of the caller would mislead it."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "TZDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def server_identity(data: Path) -> Identity:
    """The identity for a server whose data directory is (or will be) ``data``.

    Raises ``PermissionError`` when we are root and no way of leaving root works here.
    """
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid())
    account = _account_for(data)
    plain = Identity(account.pw_uid, account.pw_gid, _switch_to(account, keep_override=False))
    if _may_enter(data.parent, account) and _works(plain):
        return plain
    overriding = Identity(account.pw_uid, account.pw_gid, _switch_to(account, keep_override=True))
    if _libc is not None and _works(overriding):
        return overriding
    disguised = Identity(0, 0, _disguise_as(account))
    if _libc is not None and _works(disguised):
        return disguised
    raise PermissionError(
        "PostgreSQL does not run as root, and this root may neither change users nor make a user "
        "namespace. Run Mallard as an ordinary user, or set MALLARD_DATABASE_URL."
    )


def _account_for(data: Path) -> pwd.struct_passwd:
    """The account that owns ``data`` already, else the first system account that exists."""
    if data.exists():
        owner = data.stat()
        if owner.st_uid != 0:
            return _account_of(owner.st_uid, owner.st_gid)
    for name in SYSTEM_ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return _account_of(65534, 65534)


def _account_of(uid: int, gid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:  # the machine that made the folder had an account that this one lacks
        return pwd.struct_passwd(("mallard", "x", uid, gid, "", "/", "/bin/false"))


def _may_enter(folder: Path, account: pwd.struct_passwd) -> bool:
    """Whether ``account`` can walk to ``folder``, going by owner, group and mode."""
    for step in (folder, *folder.parents):
        if not step.exists():
            continue
        found = step.stat()
        if found.st_uid == account.pw_uid:
            needed = stat.S_IXUSR
        elif found.st_gid == account.pw_gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return False
    return True


def _works(identity: Identity) -> bool:
    """Whether the server's program can be run as ``identity``. Asking it is the surest test."""
    try:
        process = identity.popen([program("postgres"), "--version"])
    except (OSError, subprocess.SubprocessError):
        return False
    return process.wait() == 0


def _switch_to(account: pwd.struct_passwd, *, keep_override: bool) -> Callable[[], None]:
    uid, gid = account.pw_uid, account.pw_gid

    def switch() -> None:
        if keep_override:
            _call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
            _let_access_see_capabilities()
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        if keep_override:
            _keep_override()

    return switch


def _let_access_see_capabilities() -> None:
    """Have access(2) answer by what the process may really do.

    PostgreSQL's programs look for themselves by access(2) before they begin (`find_my_exec`), and
    for a user other than root the kernel answers that call without capabilities: in a folder of
    root's own (0700) initdb would find itself an "invalid binary" that it has just been started
    from. With this bit the kernel leaves capabilities alone (capabilities(7), fs/open.c).
    """
    _call("prctl", PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)


def _keep_override() -> None:
    """Keep CAP_DAC_OVERRIDE across the coming exec, in this process only."""
    sets = (_CapabilitySets * 2)()
    mask = 1 << CAP_DAC_OVERRIDE
    sets[0].effective = sets[0].permitted = sets[0].inheritable = mask
    header = _CapabilityHeader(CAPABILITY_VERSION_3, 0)
    _call("capset", ctypes.byref(header), sets)
    _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def _disguise_as(account: pwd.struct_passwd) -> Callable[[], None]:
    """Enter a user namespace in which our own root looks like ``account``."""
    uid, gid = account.pw_uid, account.pw_gid

    def disguise() -> None:
        _call("unshare", CLONE_NEWUSER)
        for name, content in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} 0 1"),
            ("gid_map", f"{gid} 0 1"),
        ):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(content)

    return disguise


def _call(name: str, *arguments: Any) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
