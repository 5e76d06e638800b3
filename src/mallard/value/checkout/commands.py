"""`mallard load receipts FILE`: the POS feed as a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from mallard.kernel.access.actor import system
from mallard.value.checkout.declaration_files import (
    load_declarations,
    write_declaration_report,
)
from mallard.value.checkout.loading import LoadReport, load_receipts, write_report


@click.group()
def load() -> None:
    """Load files of facts."""


@load.command("receipts")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where the answer per row goes. Default: FILE with .report.csv appended.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object.")
def load_receipts_command(file: Path, report_file: Path | None, as_json: bool) -> None:
    """Record the receipts of a CSV file. Exits 1 when some were refused; the others stay.

    Columns: store, number, occurred_at, amount; and, where known, currency, member_kind, member,
    sku, barcode, name, quantity, discount, tender, visit. One row is one line of a receipt.
    """
    report = load_receipts(file.read_bytes(), actor=system("mallard load receipts"))
    target = report_file or file.with_name(file.name + ".report.csv")
    with target.open("w", encoding="utf-8-sig", newline="") as out:
        write_report(report, out)
    _tell(report, target, as_json=as_json)
    sys.exit(1 if report.refused else 0)


def _tell(report: LoadReport, target: Path, *, as_json: bool) -> None:
    counts = {
        "recorded": report.recorded,
        "duplicate": report.duplicate,
        "refused": report.refused,
        "points": report.points,
        "report": str(target),
    }
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(
        f"{report.recorded} recorded, {report.duplicate} known already, {report.refused} refused; "
        f"{report.points} points. Row by row: {target}"
    )


@load.command("declarations")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where the answer per row goes. Default: FILE with .report.csv appended.",
)
def load_declarations_command(file: Path, report_file: Path | None) -> None:
    """Declare the sales in a CSV file. Exits 1 when some rows were refused; the others stay.

    Columns: store, business_day, amount; and, where known, currency, receipts.
    """
    report = load_declarations(file.read_bytes(), actor=system("mallard load declarations"))
    target = report_file or file.with_name(file.name + ".report.csv")
    with target.open("w", encoding="utf-8-sig", newline="") as out:
        write_declaration_report(report, out)
    refused = report.count("refused")
    click.echo(
        f"{report.count('recorded')} recorded, {report.count('corrected')} corrected, "
        f"{report.count('unchanged')} known already, {refused} refused. Row by row: {target}"
    )
    sys.exit(1 if refused else 0)
