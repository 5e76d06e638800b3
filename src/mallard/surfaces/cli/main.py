"""The `mallard` command. Programs that sit on top add theirs by an entry point."""

from __future__ import annotations

import os
import sys
from importlib.metadata import EntryPoint, entry_points

import click
from django.utils.module_loading import import_string

from mallard.kernel.backup.errors import BackupError
from mallard.kernel.database.errors import DatabaseServerError
from mallard.kernel.errors import DomainError
from mallard.surfaces.cli.backup import backup
from mallard.surfaces.cli.config import config, systemd
from mallard.surfaces.cli.database import manage, migrate, pg_dump, psql
from mallard.surfaces.cli.processes import web, worker
from mallard.surfaces.cli.restore import restore
from mallard.surfaces.cli.session import SETTINGS_MODULE, product, set_up_django
from mallard.surfaces.cli.up import up
from mallard.surfaces.cli.upgrade import upgrade

ENTRY_POINT_GROUP = "mallard.commands"
HELP_OPTIONS = ["-h", "--help"]
BUILT_IN = (
    up,
    web,
    worker,
    migrate,
    psql,
    pg_dump,
    manage,
    config,
    systemd,
    backup,
    restore,
    upgrade,
)
OF_APPS = {
    "api-key": "mallard.world.staff.commands.api_key",
    "audit": "mallard.kernel.audit.commands.audit",
    "card": "mallard.world.memberweb.commands.card",
    "check": "mallard.kernel.health.commands.check",
    "import": "mallard.world.intake.commands.import_",
    "keys": "mallard.kernel.secrets.commands.keys",
    "ledger": "mallard.value.ledger.commands.ledger",
    "load": "mallard.value.checkout.commands.load",
    "security": "mallard.kernel.security.commands.security",
    "staff": "mallard.world.staff.commands.staff",
    "watch": "mallard.value.watch.commands.watch",
}
"""Commands that apps offer. They call services: the database runs while they do."""


class Commands(click.Group):
    """Built-in commands, those of apps and of entry points, imported only when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *OF_APPS, *_offered()})

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is about to run; an app's runs with the product around it."""
        is_help = any(argument in HELP_OPTIONS for argument in args[1:])
        if args and args[0] in OF_APPS and not is_help:
            ctx.with_resource(product())
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        if cmd_name in OF_APPS:
            set_up_django()
            of_app: click.Command = import_string(OF_APPS[cmd_name])
            return of_app
        offered = _offered().get(cmd_name)
        if offered is None:
            return None
        command: click.Command = offered.load()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands; one that lacks something it imports is still named."""
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


@click.group(cls=Commands, context_settings={"help_option_names": HELP_OPTIONS})
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
    except (BackupError, DatabaseServerError, DomainError, PermissionError) as error:
        click.echo(f"mallard: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
