"""How the URLs of changes of phone are called by the permission matrix: who sees the member."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.world.phones.models import PhoneChange, Proof
from mallard.world.phones.services import ChangeInput, request_change
from tests.permissions.places import MAKER, STORE_ROWS, Side, World
from tests.permissions.rows import ANY, Sample, always, of_member


def of_change(_world: World, side: Side) -> Mapping[str, Any]:
    """A change that waits for a second person."""
    key = f"matrix:{side.name.value}"
    found = PhoneChange.objects.filter(key=key).first()
    if found is None:
        place = list(type(side.name)).index(side.name)
        wanted = ChangeInput(
            key=key, member_id=side.member_id, phone=f"1370000000{place}",
            proof=Proof.DOCUMENT, document="passport",
        )  # fmt: skip
        found = request_change(wanted, actor=MAKER)
    return {"change_id": found.pk}


PHONES = {
    "/phones/changes/": ANY,
    "/phones/changes/<uuid:change_id>/": Sample(path=of_change, seen=STORE_ROWS),
    "/phones/changes/<uuid:change_id>/code": Sample(
        path=of_change, seen=STORE_ROWS, body=always(code="123456")
    ),
    "/phones/changes/<uuid:change_id>/approve": Sample(path=of_change, seen=STORE_ROWS),
    "/phones/changes/<uuid:change_id>/decline": Sample(
        path=of_change, seen=STORE_ROWS, body=always(reason="The photo is another's")
    ),
    "/phones/members/<uuid:member_id>/change": Sample(path=of_member, seen=STORE_ROWS),
}
