"""`mallard staff …` and `mallard api-key …`: for people and scripts alike, nothing is asked."""

from __future__ import annotations

import datetime as dt
import json
import sys

import click

from mallard.kernel.access.actor import system
from mallard.kernel.access.permissions import is_declared
from mallard.kernel.clock import now
from mallard.world.staff import services
from mallard.world.staff.places import parse_scope, scope_of_codes
from mallard.world.staff.roles import ROLES

POS_FEED = (
    "members.view_member",
    "members.enrol_member",
    "members.change_member",
    "members.record_consent",
    "checkout.record_receipt",
    "checkout.record_return",
    "sales.view_receipt",
    "ledger.view_wallet",
    "ledger.view_ledger",
    "catalog.view_product",
    "malls.view_mall",
    "malls.view_store",
)
"""What a till needs: the permissions of a key for which none are named."""


@click.group()
def staff() -> None:
    """Staff accounts."""


@staff.command("create")
@click.option("--email", required=True, help="With which they sign in.")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(list(ROLES)))
@click.option("--group", "is_group", is_flag=True, help="The role holds for the whole group.")
@click.option("--mall", "malls", multiple=True, metavar="CODE", help="… for this mall.")
@click.option("--tenant", "tenants", multiple=True, metavar="CODE", help="… for this tenant.")
@click.option("--store", "stores", multiple=True, metavar="CODE", help="… for this store.")
@click.option("--language", type=click.Choice(["en", "zh-hans"]), default="en")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input. Without it they ask for a link by mail.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def create_staff(
    email: str,
    name: str,
    role: str,
    is_group: bool,
    malls: tuple[str, ...],
    tenants: tuple[str, ...],
    stores: tuple[str, ...],
    language: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make an account with a role."""
    user = services.create_staff(
        email=email,
        name=name,
        role=role,
        scope=scope_of_codes(is_group=is_group, malls=malls, tenants=tenants, stores=stores),
        password=sys.stdin.readline().rstrip("\r\n") if password_stdin else None,
        language=language,
        actor=system("mallard staff create"),
    )
    if as_json:
        click.echo(json.dumps({"id": str(user.id), "email": user.email, "role": role}))
    else:
        click.echo(f"{user.email} may sign in as {role}.")


@click.group("api-key")
def api_key() -> None:
    """Keys by which machines come in."""


@api_key.command("create")
@click.option("--name", required=True, help="By which people tell keys apart.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="group|mall:CODE|tenant:CODE|store:CODE",
    help="Where it may act; may be repeated.",
)
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    metavar="CODE",
    help="What it may do; may be repeated. Default: what a POS feed needs.",
)
@click.option("--days", type=click.IntRange(1, 3650), help="Days until it expires.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def create_api_key(
    name: str,
    scopes: tuple[str, ...],
    permissions: tuple[str, ...],
    days: int | None,
    as_json: bool,
) -> None:
    """Make a key. It is shown this once."""
    granted = permissions or tuple(code for code in POS_FEED if is_declared(code))
    made = services.create_api_key(
        name=name,
        scope=parse_scope(scopes),
        permissions=granted,
        expires_at=now() + dt.timedelta(days=days) if days else None,
        actor=system("mallard api-key create"),
    )
    if as_json:
        click.echo(
            json.dumps({"id": str(made.id), "name": name, "prefix": made.prefix, "key": made.plain})
        )
    else:
        click.echo(made.plain)
