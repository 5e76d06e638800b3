"""`mallard check`."""

from __future__ import annotations

import json

import click

from mallard.kernel.health.registry import Outcome, Status, excused, run_checks, worst

MARKS = {Status.OK: "ok  ", Status.WARN: "warn", Status.FAIL: "FAIL"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--quick", is_flag=True, help="Only what is answered at once; no network.")
def check(as_json: bool, quick: bool) -> None:
    """Is everything well? Each fault with its cause and cure.

    Exits 0 when all is well, 1 when something should be looked at, 2 when something must be. On
    the demo, what was never set up (mail, backups) is a warning that does not count.
    """
    outcomes = run_checks(only_quick=quick)
    unset = excused(outcomes)
    status = worst([outcome.finding.status for outcome in outcomes if outcome not in unset])
    if as_json:
        checks = [_plain(outcome) for outcome in outcomes]
        click.echo(json.dumps({"status": status.value, "checks": checks}, ensure_ascii=False))
    else:
        for outcome in outcomes:
            _print(outcome)
        if unset:
            titles = ", ".join(str(outcome.check.title) for outcome in unset)
            click.echo(f"This is the demo: {titles} were never set up, which does not count.")
    raise SystemExit(status.exit_code)


def _plain(outcome: Outcome) -> dict[str, object]:
    return {
        "code": outcome.check.code,
        "title": str(outcome.check.title),
        "status": outcome.finding.status.value,
        "is_unset": outcome.finding.is_unset,
        **outcome.finding.sentences(),
        "seconds": outcome.seconds,
    }


def _print(outcome: Outcome) -> None:
    said = outcome.finding.sentences()
    click.echo(f"{MARKS[outcome.finding.status]}  {outcome.check.title}: {said['what']}")
    if said["cause"]:
        click.echo(f"      cause: {said['cause']}")
    if said["cure"]:
        click.echo(f"      cure:  {said['cure']}")
