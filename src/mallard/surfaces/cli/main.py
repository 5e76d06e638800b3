"""The `mallard` command. Programs that sit on top add theirs by an entry point."""

from __future__ import annotations

import os
import sys
from importlib.metadata import EntryPoint, entry_points

import click

from mallard.kernel.database.errors import DatabaseServerError
from mallard.kernel.errors import DomainError
from mallard.surfaces.cli.database import manage, migrate, pg_dump, psql
from mallard.surfaces.cli.processes import web, worker
from mallard.surfaces.cli.session import SETTINGS_MODULE
from mallard.surfaces.cli.up import up

ENTRY_POINT_GROUP = "mallard.commands"
BUILT_IN = (up, web, worker, migrate, psql, pg_dump, manage)


class Commands(click.Group):
    """Built-in commands and those of entry points, which are imported only when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_offered()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        offered = _offered().get(cmd_name)
        if offered is None:
            return None
        command: click.Command = offered.load()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands; one whose extra is not installed is still named."""
        rows = []
        for name in self.list_commands(ctx):
            try:
                command = self.get_command(ctx, name)
            except ImportError as error:
                rows.append((name, f"not installed here: {error.name}"))
            else:
                rows.append((name, command.get_short_help_str(80) if command else ""))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _offered() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mallard-crm", prog_name="mallard")
def mallard() -> None:
    """Mallard: CRM for shopping malls, the stores in them and the merchants behind them."""


for _command in BUILT_IN:
    mallard.add_command(_command)


def main() -> None:
    """The console script. What an operator can mend is a sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    try:
        mallard(prog_name="mallard")
    except (DatabaseServerError, DomainError, PermissionError) as error:
        click.echo(f"mallard: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
