"""`mallard watch …`."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

import click

from mallard.kernel.access.actor import system
from mallard.kernel.clock import now
from mallard.value.watch.models import Alert, AlertStatus
from mallard.value.watch.services import look


@click.group()
def watch() -> None:
    """Fraud: look for it, and say what was found."""


@watch.command("run")
@click.option(
    "--days",
    type=click.IntRange(1, 3_660),
    default=8,
    show_default=True,
    help="How far back to look, besides the patterns' own windows.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def run_command(days: int, as_json: bool) -> None:
    """Look for fraud now, as every night, and say what there is. Again changes nothing.

    Exits 0 whatever it finds: an alert is for people to decide.
    """
    until = now()
    started = time.monotonic()
    report = look(actor=system("mallard watch"), since=until - dt.timedelta(days=days), until=until)
    told: dict[str, Any] = {
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "seconds": round(time.monotonic() - started, 1),
        "found": report.by_pattern,
        "raised": len(report.raised),
        "grown": len(report.grown),
        "exempted": report.exempted,
        "alerts": _alerts(),
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    for pattern, found in report.by_pattern.items():
        click.echo(f"{pattern:14}{found:>6}")
    click.echo(
        f"{len(report.raised)} alerts raised, {len(report.grown)} grown, {report.exempted} "
        f"exempted, in {told['seconds']} s. In all: "
        + ", ".join(f"{count} {status}" for status, count in told["alerts"].items())
    )


def _alerts() -> dict[str, int]:
    return {
        status.name.lower(): Alert.objects.filter(status=status).count() for status in AlertStatus
    }
