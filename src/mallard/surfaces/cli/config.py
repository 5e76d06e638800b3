"""`mallard config …` and `mallard systemd`: the operator's settings, and running as a service."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping

import click
from pydantic import SecretStr

from mallard.kernel.configuration import faults
from mallard.kernel.environment import PREFIX, Environment
from mallard.surfaces.cli.session import command


@click.group()
def config() -> None:
    """The settings of the environment."""


@config.command()
def check() -> None:
    """Say what is wrong with the settings. Exits 0, 1 for warnings, 2 for errors."""
    found = faults(os.environ)
    for fault in found:
        click.echo(f"{fault.level:<8} {fault.variable}: {fault.sentence}")
    if not found:
        click.echo("The settings are fine.")
    levels = {fault.level for fault in found}
    sys.exit(2 if "error" in levels else 1 if levels else 0)


@config.command()
def show() -> None:
    """Print every setting and where it comes from. Secrets stay hidden."""
    settings = Environment()
    for name in Environment.model_fields:
        variable = f"{PREFIX}{name.upper()}"
        source = _source(variable, os.environ)
        click.echo(f"{variable}={_shown(getattr(settings, name), source)}  # {source}")


def _source(variable: str, variables: Mapping[str, str]) -> str:
    if variable in variables:
        return "environment"
    return "file" if f"{variable}_FILE" in variables else "default"


def _shown(value: object, source: str) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value() if source == "default" else "(hidden)"
    if isinstance(value, list):
        return ",".join(value)
    return "" if value is None else str(value)


@click.command()
@click.option("--user", default="mallard", show_default=True, help="Who the service runs as.")
@click.option(
    "--split", is_flag=True, help="Web and worker as two services, for a database of your own."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def systemd(user: str, split: bool, port: int) -> None:
    """Print systemd units for this installation.

    Settings are read from /etc/mallard/environment, one NAME=value a line.
    """
    if split:
        units = {
            "mallard-web": ("web", command("web", "--port", port)),
            "mallard-worker": ("worker", command("worker")),
        }
    else:
        units = {"mallard": ("all in one", command("up", "--port", port))}
    home = Environment().home
    for name, (what, run) in units.items():
        click.echo(f"# /etc/systemd/system/{name}.service")
        click.echo(
            UNIT.format(
                what=what,
                run=shlex.join(run),
                user=user,
                home=home,
                keys=f"{home}.keys",
                reload="" if split else "ExecReload=/bin/kill -USR2 $MAINPID\n",
            )
        )


# MemoryDenyWriteExecute is left out: the data engine compiles code as it runs.
UNIT = """\
[Unit]
Description=Mallard ({what})
After=network-online.target
Wants=network-online.target

[Service]
User={user}
EnvironmentFile=-/etc/mallard/environment
Environment=MALLARD_HOME={home}
ExecStart={run}
{reload}Restart=on-failure
RestartSec=5
TimeoutStopSec=90
KillMode=mixed
UMask=0077
NoNewPrivileges=true
PrivateTmp=true
PrivateDevices=true
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectControlGroups=true
RestrictSUIDSGID=true
LockPersonality=true
ReadWritePaths=-{home} -{keys}

[Install]
WantedBy=multi-user.target
"""
