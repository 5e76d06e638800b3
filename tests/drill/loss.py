"""The machine is lost while tills sell; what the backup folder holds comes back elsewhere."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mallard.kernel.backup.shelf import Shelf, shelf_of
from mallard.kernel.database.embedded import running
from mallard.kernel.database.layout import Layout
from mallard.kernel.database.server import Server
from mallard.kernel.environment import Environment
from tests.drill.erasing import NAME, PHONE, SHOWN_PHONE
from tests.drill.exercise import Scale, Tills
from tests.drill.installation import Installation, wait_for

PIECE_SECONDS = 2
"""How soon the server finishes a piece of its log here; an operator's is 60."""

RECEIPTS = "SELECT id::text, recorded_at FROM sales_receipt"


@dataclass
class Loss:
    """What was lost, and what a person who was erased has left behind; seconds."""

    acknowledged: int = 0
    receipts: int = 0
    receipts_lost: int = 0
    invented: set[str] = field(default_factory=set)
    lost_though_old: list[str] = field(default_factory=list)
    data_loss_seconds: float = 0.0
    said: dict[str, str] = field(default_factory=dict)
    recovery_seconds: dict[str, int] = field(default_factory=dict)
    is_verified: dict[str, bool] = field(default_factory=dict)
    residue: dict[str, list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join([f"{self.__dict__ | {'said': None}}", *self.said.values()])


def lose_and_restore(folder: Path, scale: Scale, *, restores: tuple[str, ...]) -> Loss:
    """Sell, erase somebody, pull the plug, restore. ``restores``: "latest" and "moment".

    "moment" is one at which the person who is erased later was a member like any other.
    """
    shelf_folder = folder / "shelf"
    installation = Installation.prepared(folder / "old", backup_folder=shelf_folder)
    loss = Loss()
    with installation.up():
        shelf = shelf_of(Layout(installation.environment.home), shelf_folder)
        _finish_pieces_soon(installation)
        place = installation.make_place(members=scale.members, stores=scale.stores)
        member = installation.run("tests.drill.erasing", "enrol").stdout.strip()
        wait_for(shelf.manifests, seconds=120, what="the first backup")
        tills = Tills(installation, place, scale)
        try:
            wait_for(
                lambda: tills.acknowledged() >= scale.acknowledgements // 2 or tills.have_ended(),
                seconds=scale.limit_seconds,
                what="half of the sales",
            )
            [(moment,)] = installation.query("SELECT clock_timestamp()")
            register = _register_on(shelf)
            installation.run("tests.drill.erasing", "erase", member)
            _wait_for_shelf(shelf, register)
            wait_for(
                lambda: (
                    tills.acknowledged() >= scale.acknowledgements * 3 // 4 or tills.have_ended()
                ),
                seconds=scale.limit_seconds,
                what="three quarters of the sales",
            )
            installation.kill_everything()
            loss.acknowledged = tills.acknowledged()
        finally:
            tills.end()
    before = _receipts(installation)
    for name in restores:
        until = moment if name == "moment" else None
        restored = _restore(folder, installation, shelf_folder, name, until, loss)
        loss.residue[name] = _residue(restored)
        if until is None:
            _compare(loss, before, _receipts(restored))
    return loss


def _finish_pieces_soon(installation: Installation) -> None:
    server = Server(Layout(installation.environment.home))
    own = server.layout.data / "conf.d" / "90-own.conf"
    own.write_text(f"archive_timeout = '{PIECE_SECONDS}s'\n")
    server.own(own)
    with server.connect_as_superuser() as connection:
        connection.execute("SELECT pg_reload_conf()")


def _register_on(shelf: Shelf) -> bytes:
    """The sealed register of erasures as it lies on the shelf; nothing where there is none."""
    return shelf.erasures.read_bytes() if shelf.erasures.exists() else b""


def _wait_for_shelf(shelf: Shelf, before: bytes) -> None:
    """Wait until log of what has happened up to now, and another register than ``before``, are on
    the shelf."""
    pieces = len(shelf.segments())
    wait_for(
        lambda: len(shelf.segments()) >= pieces + 2 and _register_on(shelf) != before,
        seconds=180,
        what="the log on the shelf",
    )


def _restore(
    folder: Path,
    lost: Installation,
    shelf_folder: Path,
    name: str,
    until: dt.datetime | None,
    loss: Loss,
) -> Installation:
    """Restore on "another machine": with the ring's export only, without the old register."""
    restored = Installation(folder / name)
    ring = restored.environment.key_ring_path
    ring.parent.mkdir(parents=True, mode=0o700)
    shutil.copy2(lost.environment.key_ring_path, ring)
    moment = [] if until is None else ["--to-time", until.isoformat()]
    done = restored.mallard("restore", "--from", str(shelf_folder), *moment)
    found = re.search(r"^RTO (\d+) s$", done.stdout, re.M)
    assert found, done.stdout
    loss.said[name] = done.stdout
    loss.recovery_seconds[name] = int(found[1])
    loss.is_verified[name] = "the books agree" in done.stdout
    return restored


def _receipts(installation: Installation) -> dict[str, dt.datetime]:
    with running(Environment(home=installation.environment.home)):
        return dict(installation.query(RECEIPTS))


def _compare(loss: Loss, before: dict[str, dt.datetime], after: dict[str, dt.datetime]) -> None:
    loss.receipts, loss.receipts_lost = len(after), len(before.keys() - after.keys())
    loss.invented = after.keys() - before.keys()
    reached, newest = max(after.values()), max(before.values())
    loss.data_loss_seconds = (newest - reached).total_seconds()
    # A sale is stamped just before it commits: what is missing must not be older than that.
    slack = dt.timedelta(seconds=5)
    loss.lost_though_old = [
        id_ for id_ in before.keys() - after.keys() if before[id_] < reached - slack
    ]


def _residue(restored: Installation) -> list[str]:
    """Where the erased person can still be read: in a dump, in the files, through the services."""
    dump = restored.mallard("pg-dump").stdout
    found = [
        f"dump: {secret}"
        for secret in (NAME, PHONE, SHOWN_PHONE)
        if secret in dump or secret.encode().hex() in dump
    ]
    terms = [NAME[n : n + 2] for n in range(len(NAME) - 1)]
    with running(Environment(home=restored.environment.home)):
        rows = restored.query("SELECT member_id, terms FROM members_membersearch")
        found += [f"search row: {member}" for member, there in rows if {*terms} & {*there}]
        keys = restored.query(
            "SELECT count(*) FROM secrets_wrapped_key k JOIN secrets_erasure e USING (subject_id)"
        )
        found += [f"key of an erased person: {count}" for (count,) in keys if count]
        erased = restored.query("SELECT count(*) FROM members_member WHERE status = 'erased'")
        found += [] if erased == [(1,)] else [f"erased members: {erased}"]
    data = Layout(restored.environment.home).data
    for path in data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [f"{path}: {s}" for s in (NAME, SHOWN_PHONE) if s.encode() in content]
            if path.parts[-3] == "base" and any(term.encode() in content for term in terms):
                found.append(f"{path}: a part of the name")
    return found


def judge(loss: Loss, *, at_most_lost_seconds: float) -> list[str]:
    """What must not be, in words; empty is green."""
    wrong = [f"{name}: the books do not agree" for name, ok in loss.is_verified.items() if not ok]
    wrong += [f"{name}: {where}" for name, places in loss.residue.items() for where in places]
    wrong += [f"sale from nowhere: {id_}" for id_ in loss.invented]
    wrong += [f"lost though long on the shelf: {id_}" for id_ in loss.lost_though_old]
    if loss.data_loss_seconds > at_most_lost_seconds:
        wrong.append(f"{loss.data_loss_seconds:.0f} s of sales are lost")
    return wrong


def figures(loss: Loss) -> dict[str, Any]:
    """For people."""
    return {
        "acknowledged": loss.acknowledged,
        "receipts restored": loss.receipts,
        "receipts lost": loss.receipts_lost,
        "RPO in s": round(loss.data_loss_seconds, 1),
        "RTO in s": loss.recovery_seconds,
        "residue": sum(len(places) for places in loss.residue.values()),
    }
