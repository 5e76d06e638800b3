"""`mallard security check`."""

from __future__ import annotations

import json

import click
from django.utils import translation

from mallard.kernel.access.actor import system
from mallard.kernel.health.commands import MARKS
from mallard.kernel.health.registry import Status
from mallard.kernel.security.services import check_security


@click.group()
def security() -> None:
    """The security check that also runs every week."""


@security.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(as_json: bool) -> None:
    """Look at packages, settings, open addresses, accounts, keys, files and backups.

    The report is kept and shown on the page. Exits 0 when all is well, 1 when something should be
    looked at, 2 when something must be.
    """
    report = check_security(actor=system("mallard security check"))
    probes = report.texts[translation.get_language() or "en"]
    if as_json:
        found = {"status": report.status, "probes": probes, "open": report.addresses}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for probe in probes:
            for finding in probe["findings"]:
                click.echo(
                    f"{MARKS[Status(finding['status'])]}  {probe['title']}: {finding['what']}"
                )
                for name in ("cause", "cure"):
                    if finding[name]:
                        click.echo(f"      {name}: {finding[name]}")
    raise SystemExit(Status(report.status).exit_code)
