"""`mallard card …`: check a member's code as a till without a connection does."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import click

from mallard.kernel import clock
from mallard.world.memberweb import cards
from mallard.world.memberweb.card_codes import (
    CodeFault,
    check_signed,
    fingerprint_of,
    public_key_of,
    read_code,
    step_at,
)

REASONS = {
    "not_a_code": "This is no code of a member's phone.",
    "digits_only": "These digits can only be checked with a connection: POST /api/v1/card-codes.",
    "unknown_key": "It is certified with a key that is not among these.",
    "forged": "A signature is wrong.",
    "expired": "The certificate is over: the phone was without a connection for too long.",
    "revoked": "This phone was signed out.",
    "not_now": "It is not of this moment.",
}


@click.group()
def card() -> None:
    """The code that changes on a member's phone."""


@card.command()
@click.option("--json", "as_json", is_flag=True, help="Print what the API gives to tills.")
def keys(as_json: bool) -> None:
    """The public keys that tills check codes with, and the phones that were signed out."""
    found = cards.material()
    if as_json:
        shown = [{"key": key, "public_key": public.hex()} for key, public in found.keys.items()]
        told = {
            "keys": shown, "revoked": list(found.revoked), "made_at": found.made_at.isoformat(),
        }  # fmt: skip
        click.echo(json.dumps(told))
        return
    for key, public in found.keys.items():
        click.echo(f"{key:>3}  {public.hex()}  {fingerprint_of(public)}")
    click.echo(f"{len(found.revoked)} phones signed out before their certificates end")


@card.command()
@click.argument("code")
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The answer of GET /api/v1/card-codes/keys. Default: the keys of this installation.",
)
@click.option(
    "--at", "at_text", help="The time of the scan, ISO 8601 with an offset. Default: now."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(code: str, keys_file: Path | None, at_text: str | None, as_json: bool) -> None:
    """Check the text of a QR with nothing but public keys and the clock. Exits 1 when it is not
    good. What it does is the reference for tills; see docs/how-to/take-member-codes.md."""
    public, revoked = _material(keys_file)
    told = _verdict(code, public, revoked, _moment(at_text))
    if as_json:
        click.echo(json.dumps(told))
    elif told["is_good"]:
        click.echo(f"good: phone {told['number']}, step {told['step']}, until {told['until']}")
    else:
        click.echo(f"not good: {REASONS[str(told['reason'])]}")
    sys.exit(0 if told["is_good"] else 1)


def _material(file: Path | None) -> tuple[dict[int, bytes], frozenset[str]]:
    if file is None:
        found = cards.material()
        return dict(found.keys), frozenset(found.revoked)
    try:
        told = json.loads(file.read_text("utf-8"))
        public = {int(one["key"]): public_key_of(one["public_key"]) for one in told["keys"]}
        return public, frozenset(told.get("revoked", ()))
    except (ValueError, KeyError, TypeError):
        raise click.BadParameter("not an answer of /api/v1/card-codes/keys") from None


def _moment(text: str | None) -> dt.datetime:
    if text is None:
        return clock.now()
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time in ISO 8601") from None
    if moment.tzinfo is None:
        raise click.BadParameter("a time needs its offset from UTC, such as +08:00 or Z")
    return moment


def _verdict(
    text: str, public: dict[int, bytes], revoked: frozenset[str], at: dt.datetime
) -> dict[str, object]:
    code = read_code(text)
    if code is None:
        return {"is_good": False, "reason": "not_a_code"}
    if code.signed is None:
        return {"is_good": False, "reason": "digits_only", "number": code.number}
    try:
        checked = check_signed(code.signed, public, at, revoked=revoked)
    except CodeFault as fault:
        off = None if code.step is None else code.step - step_at(at)
        return {
            "is_good": False, "reason": fault.reason, "number": code.number, "steps_off": off,
        }  # fmt: skip
    return {
        "is_good": True,
        "number": checked.number,
        "step": checked.step,
        "until": checked.until.isoformat(),
    }
