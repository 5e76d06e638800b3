"""`mallard audit …`."""

from __future__ import annotations

import dataclasses
import json

import click

from mallard.kernel.audit import chain
from mallard.kernel.health.checks.trail import note_verification


@click.group()
def audit() -> None:
    """The audit log and its hash chain."""


@audit.command()
@click.option("--head", help="A head noted earlier; it must be in the chain.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(head: str | None, as_json: bool) -> None:
    """Recompute the chain. Exits 0 when it is intact, 1 when anything was changed."""
    report = chain.verify_chain(expected_head=head)
    note_verification(report)
    if as_json:
        click.echo(json.dumps({**dataclasses.asdict(report), "is_intact": report.is_intact}))
    else:
        click.echo(f"{report.entries:,} entries under {report.seals:,} seals; head {report.head}")
        for fault in report.faults:
            click.echo(fault, err=True)
    raise SystemExit(0 if report.is_intact else 1)


@audit.command()
def seal() -> None:
    """Seal what waits and print the head. Note it somewhere else."""
    while chain.seal_next():
        pass
    click.echo(chain.verify_chain().head)
