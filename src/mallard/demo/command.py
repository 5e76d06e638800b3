"""`mallard demo`: load the realistic year if it is not there yet, then serve it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from mallard.surfaces.cli import up
from mallard.surfaces.cli.database import bring_up_to_date
from mallard.surfaces.cli.session import product, say
from mallard.surfaces.cli.supervisor import Child

if TYPE_CHECKING:
    from mallard.demo.load import Step
    from mallard.demo.models import DemoLoad

LABELS = {
    "place": "Malls and stores",
    "catalogue": "Products",
    "programme": "Points programme",
    "staff": "Logins",
    "members": "Members",
    "receipts": "Visits",
    "story": "The year's story",
    "closing": "Closing the books",
}

# Characters in a line that hold the whole table of logins.
WIDE = 130


@click.command()
@click.option("--serve/--no-serve", default=True, help="Whether to start Mallard afterwards.")
@click.option("--reset", is_flag=True, help="Drop the demo's data and load the year anew.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--live",
    is_flag=True,
    help="Send the receipts of the same day a year earlier through the POS API, minute by minute.",
)
def demo(serve: bool, reset: bool, host: str, port: int, live: bool) -> None:
    """Load a realistic retailer's year as six malls, and start Mallard on it.

    The year is dunnhumby's Complete Journey, which is simulated from real shopping patterns.
    Killed in the middle, the load goes on where it was; once loaded, the data is kept.
    """
    with product():
        bring_up_to_date()
        load = _load(reset=reset)
        _introduce(load, f"http://{host}:{port}/")
        beside = [_live_feed(load, host, port)] if live and serve else []
    if serve:
        up.serve(host, port, beside=beside)


def _live_feed(load: DemoLoad, host: str, port: int) -> Child:
    """The process that replays the day, with a key of its own; keys of earlier runs end."""
    from mallard.demo.live import KEY_NAME, KEY_VARIABLE
    from mallard.kernel.access.actor import WHOLE_GROUP, system
    from mallard.world.staff.commands import POS_FEED
    from mallard.world.staff.models import ApiKey
    from mallard.world.staff.services import create_api_key, revoke_api_key

    actor = system("demo live feed")
    for key_id in ApiKey.objects.filter(name=KEY_NAME, revoked_at=None).values_list(
        "id", flat=True
    ):
        revoke_api_key(key_id, actor=actor)
    key = create_api_key(name=KEY_NAME, scope=WHOLE_GROUP, permissions=POS_FEED, actor=actor)
    # Through the environment: a command line can be read by everybody on the machine.
    os.environ[KEY_VARIABLE] = key.plain
    where = up.ANYWHERE.get(host, host)
    command = [sys.executable, "-m", "mallard.demo.live", where, str(port), str(load.weeks)]
    return Child("live feed", command)


def _load(*, reset: bool) -> DemoLoad:
    from mallard.demo import load as loading
    from mallard.demo.reset import drop_everything
    from mallard.kernel.processes import ProcessDiedError

    try:
        if reset:
            drop_everything()
            bring_up_to_date()
        row = loading.begin()
        if row.stage != loading.Stage.FINISHED:
            _show(loading.run(row))
    except loading.NotADemoError as error:
        raise click.ClickException(f"{error}. Set MALLARD_HOME to another folder.") from error
    except ProcessDiedError as error:
        raise click.ClickException(f"{error}. Run it again: it goes on where it was.") from error
    return row


def _introduce(load: DemoLoad, address: str) -> None:
    """Say what was loaded, and with which logins it can be looked at."""
    from mallard.demo.staff import LOGINS, place_name
    from mallard.world.staff.roles import ROLES

    say(
        "dunnhumby's Complete Journey, a realistic simulated year, shifted by "
        f"{load.weeks} weeks. Names, phones, birthdays and floor plans are generated."
    )
    console = Console(stderr=True)
    width = console.width if console.is_terminal else WIDE
    table = Table(title=f"Sign in at {address} with the password {load.password}", box=SIMPLE_HEAD)
    table.add_column("Role", no_wrap=True)
    table.add_column("E-mail", no_wrap=True)
    table.add_column("What to look at")
    if width >= WIDE:
        table.add_column("Where")
    for login in LOGINS:
        cells = [str(ROLES[login.role].name), login.email, str(login.try_this)]
        if width >= WIDE:
            cells.append(place_name(login.place))
        table.add_row(*cells)
    console.print(table, width=width, highlight=False)
    say(f"As a member, on the phone: {address}m/demo opens the page of one in the highest tier.")
    say("A key for a till: mallard api-key create --name 'Till feed' --scope group")


def _show(steps: Iterator[Step]) -> None:
    """Run the steps under a bar; where there is no terminal, a line per stage and tenth."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    tasks: dict[str, TaskID] = {}
    tenths: dict[str, int] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        reading = progress.add_task("Reading the year", total=None)
        for step in steps:
            progress.update(reading, visible=False)
            label = LABELS[step.stage]
            if step.stage not in tasks:
                tasks[step.stage] = progress.add_task(label, total=step.total)
            progress.update(tasks[step.stage], completed=step.done)
            tenth = step.done * 10 // step.total
            if not console.is_terminal and tenth != tenths.get(step.stage):
                tenths[step.stage] = tenth
                say(f"{label}: {step.done:,} of {step.total:,}")
