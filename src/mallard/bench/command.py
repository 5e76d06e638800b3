"""`mallard bench NAME`: a workload and its reference in the same run on the same machine."""

from __future__ import annotations

import json
import os
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from mallard.bench.machine import describe_machine
from mallard.bench.registry import DIVISIBLE, MODULES, Outcome, load


@click.command()
@click.argument("name", type=click.Choice(sorted(MODULES)))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--part",
    type=click.FloatRange(0, 1, min_open=True),
    help="Only this part of the workload (0.1), for a quick look. For: receipts.",
)
def bench(name: str, as_json: bool, part: float | None) -> None:
    """Measure NAME against its reference. Exits 1 when a goal is missed.

    Works in a scratch database of the server that Mallard uses, which it drops at the end.
    Absolute figures are this machine's; compare the ratios.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mallard.config.settings")
    if part is not None and name not in DIVISIBLE:
        raise click.UsageError(f"{name} is measured whole: it has no --part")
    outcome = load(name)(**({} if part is None else {"part": part}))
    result = {
        "name": outcome.name,
        "unit": outcome.unit,
        "figures": outcome.figures,
        "reference": outcome.reference,
        "ratio": outcome.ratio,
        "goal": outcome.goal,
        "met": outcome.met,
        "machine": describe_machine(),
        **outcome.notes,
    }
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        _print(outcome, result)
    raise SystemExit(0 if outcome.met else 1)


def _print(outcome: Outcome, result: dict[str, Any]) -> None:
    console = Console()
    table = Table(title=f"{outcome.name} ({outcome.unit})")
    table.add_column("Workload")
    for column in ("Mallard", "Reference", "Ratio", "Goal", "Met"):
        table.add_column(column, justify="right")
    for workload, figure in outcome.figures.items():
        has_goal = workload in outcome.goal
        bound = "≤" if outcome.smaller_is_better else "≥"
        table.add_row(
            workload,
            f"{figure:,.0f}",
            f"{outcome.reference[workload]:,.0f}",
            f"{outcome.ratio[workload]:.2f}",
            f"{bound} {outcome.goal[workload]}" if has_goal else "",
            ("yes" if outcome.is_met(workload) else "NO") if has_goal else "",
        )
    console.print(table)
    for title in ("machine", *outcome.notes):
        value = result[title]
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        console.print(f"{title}: {text}", highlight=False, markup=False)
