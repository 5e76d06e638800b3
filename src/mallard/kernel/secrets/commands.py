"""`mallard keys …`: look after the key ring."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click
from django.db.models import Count

from mallard.kernel.access.actor import system
from mallard.kernel.environment import environment
from mallard.kernel.health.checks.keys import EXPORTED
from mallard.kernel.health.services import note_evidence
from mallard.kernel.secrets import erasures, register, ring, services
from mallard.kernel.secrets.models import WrappedKey

MIN_PASSPHRASE = 12


@click.group()
def keys() -> None:
    """The key ring that protects personal data. Back it up apart from the data."""


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(as_json: bool) -> None:
    """Which keys there are, how many data keys each wraps, how many people were erased."""
    present = services.key_ring()
    wrapped = dict(WrappedKey.objects.values_list("ring_version").annotate(Count("pk")).order_by())
    report = {
        "path": str(environment().key_ring_path),
        "fingerprint": present.fingerprint[:16],
        "active": present.active,
        "keys": [
            {
                "version": each.version,
                "created_at": each.created_at.isoformat(),
                "data_keys": wrapped.get(each.version, 0),
            }
            for each in present.keys
        ],
        "erasures_mirrored": len(register.mirrored()),
    }
    if as_json:
        click.echo(json.dumps(report))
        return
    click.echo(f"Key ring {report['path']} ({report['fingerprint']})")
    for each in present.keys:
        mark = "active" if each.version == present.active else ""
        count = wrapped.get(each.version, 0)
        click.echo(f"  {each.version:>3}  {each.created_at:%Y-%m-%d}  {count:>10,}  {mark}")


@keys.command()
def rotate() -> None:
    """Add a fresh key and make it the active one. Back the ring up again, then rewrap."""
    click.echo(
        f"Key {services.rotate_ring()} is active. Now: back up the ring, `mallard keys rewrap`."
    )


@keys.command()
def rewrap() -> None:
    """Wrap every data key with the active key. May be interrupted and run again."""
    total = 0
    while count := services.rewrap_batch():
        total += count
        click.echo(f"{total:,} rewrapped", err=True)
    click.echo(f"{total:,} data keys rewrapped; all are under the active key.")


@keys.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--passphrase-stdin", is_flag=True, help="Read the passphrase from standard input.")
def export(file: Path, passphrase_stdin: bool) -> None:
    """Write a copy of the ring to FILE, encrypted under a passphrase."""
    present = services.key_ring()
    copy = ring.export(present, _passphrase(passphrase_stdin, is_new=True))
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(copy)
    note_evidence(EXPORTED, is_good=True, figures={"version": present.active})
    click.echo(f"{file} holds the ring. Keep it and the passphrase in different places.")


@keys.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--passphrase-stdin", is_flag=True, help="Read the passphrase from standard input.")
def import_(file: Path, passphrase_stdin: bool) -> None:
    """Restore the ring from an exported copy; there must be none in its place."""
    path = environment().key_ring_path
    ring.import_copy(path, file.read_bytes(), _passphrase(passphrase_stdin, is_new=False))
    click.echo(f"The ring is back at {path}.")


@keys.command("replay-erasures")
def replay_erasures() -> None:
    """After restoring a backup of the database: erase again who was erased since."""
    count = erasures.replay(actor=system("mallard keys replay-erasures"))
    click.echo(f"{count:,} erased again.")


def _passphrase(from_stdin: bool, *, is_new: bool) -> str:
    if from_stdin:
        passphrase = sys.stdin.readline().rstrip("\r\n")
    else:
        passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new)
    if is_new and len(passphrase) < MIN_PASSPHRASE:
        raise click.UsageError(f"A passphrase has at least {MIN_PASSPHRASE} characters.")
    return str(passphrase)
