"""Writes the reference pages that are read off the code, and says when they are out of date.

Settings come from `kernel.environment.Environment`, commands from click, permissions and roles
from their catalogues. ``write`` renews the pages (`make snapshots`); ``check`` compares.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import click

from tools.setup import ROOT, start_django

if TYPE_CHECKING:
    from mallard.kernel.retention.declaration import Retention

REFERENCE = ROOT / "docs" / "reference"
NOTICE = "<!-- Written by `make snapshots` from the code. Change the code, not this page. -->\n"


def settings_page() -> str:
    """Every operator's setting: the environment's variables, then what is chosen on a screen."""
    from mallard.kernel.environment import PREFIX, Environment

    rows = [
        f"| `{PREFIX}{name.upper()}` | {_kind(field)} | {_default(field)} | {_example(field)} "
        f"| {field.description} |"
        for name, field in Environment.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "## In the environment",
            "",
            "Each is an environment variable. With `_FILE` appended to its name the value is read",
            "from that file instead, for secrets that an orchestrator hands over.",
            "`mallard config check` says what is wrong with them, `mallard config show` prints",
            "them, secrets hidden.",
            "",
            "| variable | type | default | example | meaning |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "## On the Settings page",
            "",
            "These are changed while Mallard runs, by staff with `settings.change_setting`; each",
            "change is in the audit log and holds within five seconds.",
            "",
            "| setting | default | limits | meaning |",
            "|---|---|---|---|",
            *_screen_settings(),
            "",
        ]
    )


def _kind(field: Any) -> str:
    """A setting's type in a word or two; secrets say so."""
    from pydantic import SecretStr

    text = str(field.annotation)
    if field.annotation is SecretStr or "SecretStr" in text:
        return "secret"
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    if choices:
        return "one of " + ", ".join(f"`{choice}`" for choice in choices)
    words = {"bool": "switch", "int": "whole number", "Path": "path", "list": "list"}
    return next((word for name, word in words.items() if name in text), "text")


def _default(field: Any) -> str:
    from pydantic import SecretStr

    default = field.default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, list):
        default = ",".join(default)
    return "" if default is None else f"`{default}`"


def _example(field: Any) -> str:
    return f"`{field.examples[0]}`" if field.examples else ""


def _screen_settings() -> Iterator[str]:
    from django.utils.translation import override

    from mallard.kernel.settings.declaration import declared_settings

    with override("en"):
        for each in declared_settings():
            limits = f"{each.minimum} to {each.maximum}" if each.minimum is not None else ""
            if each.choices:
                limits = ", ".join(f"`{choice}`" for choice in each.choices)
            meaning = f"{each.title}. {each.hint}"
            yield f"| `{each.code}` | {each.default} {each.unit} | {limits} | {meaning} |"


def retention_page() -> str:
    """How long every table keeps its rows."""
    from django.utils.translation import override

    from mallard.kernel.retention.declaration import retention_of, tables

    lines = [
        "# Retention",
        "",
        "How long every table keeps its rows. A job deletes what is too old every hour, in",
        "batches; periods that name a setting are changed on the Settings page.",
        "",
        "| table | kept |",
        "|---|---|",
    ]
    with override("en"):
        for model in tables():
            found = retention_of(model)
            if found is not None:
                lines.append(f"| `{model._meta.label}` | {_kept(found)} |")
    return "\n".join([*lines, ""])


def _kept(retention: Retention) -> str:
    if retention.period is not None:
        period = retention.period
        return f"{period.default} {period.unit} (`{period.code}`)"
    if retention.owner:
        return f"as long as `{retention.owner}`"
    return f"for ever: {retention.because}" if retention.because else str(retention.note)


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
    "retention.md": retention_page,
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
