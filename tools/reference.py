"""Writes the reference pages that are read off the code, and says when they are out of date.

Settings come from `kernel.environment.Environment`, commands from click, permissions and roles
from their catalogues. ``write`` renews the pages (`make snapshots`); ``check`` compares.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import click

from tools.setup import ROOT, start_django

REFERENCE = ROOT / "docs" / "reference"
NOTICE = "<!-- Written by `make snapshots` from the code. Change the code, not this page. -->\n"


def settings_page() -> str:
    """Every operator's setting: variable, meaning, type, default."""
    from pydantic import SecretStr

    from mallard.kernel.environment import PREFIX, Environment

    rows = []
    for name, field in Environment.model_fields.items():
        default = field.default
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        if isinstance(default, list):
            default = ",".join(default)
        shown = "" if default is None else f"`{default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(
        [
            "# Settings",
            "",
            "Each is an environment variable. With `_FILE` appended to its name the value is read",
            "from that file instead, for secrets that an orchestrator hands over.",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def commands_page() -> str:
    """Every command of `mallard`, as its own help shows it."""
    from mallard.surfaces.cli.main import mallard

    blocks = []
    for path, command in _commands(mallard, "mallard"):
        context = click.Context(command, info_name=path)
        text = command.get_help(context)
        blocks.append(f"## `{path}`\n\n```text\n{text}\n```\n")
    return "\n".join(["# Commands", "", *blocks])


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _commands(child, f"{path} {name}")


def permissions_page() -> str:
    """Every permission, and which role holds it."""
    from django.utils.translation import override

    from mallard.kernel.access.permissions import declared_permissions
    from mallard.world.staff.roles import ROLES

    with override("en"):
        lines = [
            "# Permissions and roles",
            "",
            "## Roles",
            "",
            "| role | code | may |",
            "|---|---|---|",
        ]
        for code, role in sorted(ROLES.items()):
            may = ", ".join(f"`{permission}`" for permission in sorted(role.permissions))
            shown = "everything" if role.is_everything else may
            lines.append(f"| {role.name} | `{code}` | {shown} |")
        lines += ["", "## Permissions", "", "| permission | lets a person |", "|---|---|"]
        for permission in declared_permissions():
            lines.append(f"| `{permission.code}` | {permission.title} |")
    return "\n".join([*lines, ""])


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "permissions.md": permissions_page,
}


def outdated() -> list[str]:
    """The reference pages that no longer say what the code does."""
    return [
        name
        for name, page in PAGES.items()
        if not (REFERENCE / name).exists()
        or (REFERENCE / name).read_text("utf-8") != NOTICE + page()
    ]


def main(command: str) -> int:
    start_django()
    if command == "write":
        REFERENCE.mkdir(parents=True, exist_ok=True)
        for name, page in PAGES.items():
            (REFERENCE / name).write_text(NOTICE + page(), "utf-8")
        print(f"Reference: {', '.join(PAGES)} written")
        return 0
    stale = outdated()
    if stale:
        print(f"Reference: out of date: {', '.join(stale)}. Run `make snapshots`.", file=sys.stderr)
        return 1
    print("Reference: says what the code does")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
