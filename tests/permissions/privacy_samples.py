"""How the URLs of privacy requests are called; see `samples.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.kernel.access.actor import system
from mallard.world.privacy.models import PrivacyRequest
from mallard.world.privacy.services import ask
from tests.permissions.places import STORE_ROWS, Side, World
from tests.permissions.rows import ANY, Sample, always, of_member


def of_request(_world: World, side: Side) -> Mapping[str, Any]:
    """What a member asked: whoever may know of the member sees it."""
    found = PrivacyRequest.objects.filter(member=side.member_id, status="open").first()
    if found is None:
        found, _new = ask(side.member_id, "correction", words="My name", actor=system("matrix"))
    return {"request_id": found.pk}


def of_copy(_world: World, side: Side) -> Mapping[str, Any]:
    """A copy that a member asked for."""
    found, _new = ask(side.member_id, "export", actor=system("matrix"))
    return {"request_id": found.pk}


_DONE = always(outcome="It is corrected")
PRIVACY = {
    "/privacy/": ANY,
    "/privacy/children": ANY,
    "/privacy/guardian/<uuid:member_id>": Sample(
        path=of_member,
        body=always(guardian="Wang", proof="Household register", given_on="2026-01-05"),
        seen=STORE_ROWS,
    ),
    "/privacy/guardian/<uuid:member_id>/withdraw": Sample(path=of_member, seen=STORE_ROWS),
    "/privacy/new/<uuid:member_id>": Sample(
        path=of_member, body=always(kind="objection", detail=""), seen=STORE_ROWS
    ),
    "/privacy/<uuid:request_id>/": Sample(path=of_request, seen=STORE_ROWS),
    "/privacy/<uuid:request_id>/answer": Sample(path=of_request, body=_DONE, seen=STORE_ROWS),
    "/privacy/<uuid:request_id>/copy": Sample(path=of_copy, seen=STORE_ROWS),
    "/privacy/<uuid:request_id>/refuse": Sample(path=of_request, body=_DONE, seen=STORE_ROWS),
}
