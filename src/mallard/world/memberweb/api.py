"""Codes that change, for tills: show one, and what a till without a connection checks them with."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.http.bodies import Body
from mallard.kernel.http.examples import examples
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.queries import visible_member
from mallard.world.memberweb import services
from mallard.world.memberweb.card_codes import MOST_CHARACTERS, STEP_SECONDS, WINDOW
from mallard.world.memberweb.cards import material

router = Router(tags=["card codes"])


class CodeIn(Body):
    """What was scanned or typed."""

    code: Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS + 40)]


class CodeOut(Schema):
    """Whose code it is. ``spend_until``: how long this key may spend with it, once."""

    member_id: UUID
    number: str = Field(description="The member's number.", examples=["M00000422"])
    spend_until: dt.datetime


class KeyOut(Schema):
    """A public key: a P-256 point, compressed (SEC 1), in hexadecimal."""

    key: int = Field(description="Its number, the second byte of a code's payload.")
    public_key: str


class MaterialOut(Schema):
    """Renew it daily. A till can check codes with it, and make none."""

    keys: list[KeyOut]
    revoked: list[str] = Field(
        description="Numbers of phones whose codes are no longer good, before their certificates"
        " end by themselves."
    )
    step_seconds: int
    window: int = Field(description="Steps before and after the present one that are good, too.")
    made_at: dt.datetime


@router.post(
    "/card-codes",
    response=CodeOut,
    summary="Show a member's code",
    openapi_extra=examples(
        en={"code": "77 4821 0937 5530 8261"}, zh={"code": "774821093755308261"}
    ),
)
@requires(VIEW_MEMBER)
def show_code(request: HttpRequest, body: CodeIn) -> CodeOut:
    """Find the member by the code that their phone shows now, and take it: this key may redeem
    with it once within the next minutes, nobody else may. 404: wrong, or the phone was signed out.
    409: not of now, or taken by somebody else.
    """
    actor = actor_of(request)
    shown = services.show_code(body.code, actor=actor)
    member = visible_member(actor, shown.member_id)
    return CodeOut(member_id=member.pk, number=member.number, spend_until=shown.until)


@router.get("/card-codes/keys", response=MaterialOut, summary="What checks codes without us")
@requires(VIEW_MEMBER)
def list_keys(request: HttpRequest) -> MaterialOut:
    """Public keys and phones that were signed out, for tills that lose their connection."""
    found = material()
    return MaterialOut(
        keys=[KeyOut(key=key, public_key=public.hex()) for key, public in found.keys.items()],
        revoked=list(found.revoked),
        step_seconds=STEP_SECONDS,
        window=WINDOW,
        made_at=found.made_at,
    )
