"""`mallard ledger …`."""

from __future__ import annotations

import dataclasses
import json

import click
from rich.console import Console
from rich.table import Table

from mallard.value.ledger.health import note_verification
from mallard.value.ledger.verification import VerifyReport, verify


@click.group()
def ledger() -> None:
    """Points: look after the books."""


@ledger.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify_command(as_json: bool) -> None:
    """Derive every balance, lot, hold, receivable and rollup again from the transfers.

    Exits 0 when all agree, 1 when any differs.
    """
    report = verify()
    note_verification(report)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "is_sound": report.is_sound,
                    "checks": [dataclasses.asdict(check) for check in report.checks],
                }
            )
        )
    else:
        _print(report)
    raise SystemExit(0 if report.is_sound else 1)


def _print(report: VerifyReport) -> None:
    table = Table()
    table.add_column("Check")
    for column in ("Figures", "Different", "Seconds"):
        table.add_column(column, justify="right")
    for check in report.checks:
        table.add_row(check.name, f"{check.checked:,}", f"{check.wrong:,}", f"{check.seconds:.2f}")
    console = Console()
    console.print(table)
    for check in report.checks:
        for sample in check.samples:
            console.print(f"{check.name}: {sample}", style="red", highlight=False)
    console.print("The books agree." if report.is_sound else "The books do NOT agree.")
