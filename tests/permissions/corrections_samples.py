"""How the URLs of corrections are called; see `samples.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.world.corrections.models import Correction
from mallard.world.corrections.services import propose_correction
from mallard.world.staff.queries import actor_for_user
from tests.permissions.places import STORE_ROWS, Side, World
from tests.permissions.rows import Sample, always

# Its task is the owner's, and of those who steer the tasks of the place.
OWNERS = frozenset({"administrator", "leasing"})
READERS = OWNERS | {"director", "crm_manager", "tenant_manager", "auditor"}


def of_correction(_world: World, side: Side) -> Mapping[str, Any]:
    found = Correction.objects.filter(subject_id=side.store.id).first()
    if found is None:
        found = propose_correction(
            "store",
            side.store.id,
            field="name_en",
            value=f"Proposed for {side.receipt_number}",
            reason="It says so above the door",
            actor=actor_for_user(side.colleague),
        )
    return {"correction_id": found.id}


def of_a_phones_correction(_world: World, side: Side) -> Mapping[str, Any]:
    found = Correction.objects.filter(member=side.member_id).first()
    if found is None:
        found = propose_correction(
            "member",
            side.member_id,
            field="identity.phone",
            value="13655550123",
            reason="They say so",
            actor=actor_for_user(side.colleague),
        )
    return {"correction_id": found.id, "part": "new"}


CORRECTIONS = {
    "/corrections/new/<slug:kind>/<uuid:subject_id>": Sample(
        path=lambda _world, side: {"kind": "store", "subject_id": side.store.id},
        body=always(field="name_en", value="Another", reason="It says so above the door"),
        seen=STORE_ROWS,
    ),
    "/corrections/<uuid:correction_id>/": Sample(
        path=of_correction, seen=STORE_ROWS, roles=READERS
    ),
    "/corrections/<uuid:correction_id>/accept": Sample(
        path=of_correction, seen=STORE_ROWS, roles=OWNERS
    ),
    "/corrections/<uuid:correction_id>/decline": Sample(
        path=of_correction, body=always(reason="It is right"), seen=STORE_ROWS, roles=OWNERS
    ),
    "/corrections/<uuid:correction_id>/reveal/<slug:part>": Sample(
        path=of_a_phones_correction,
        body=always(reason="They are waiting at the desk"),
        seen=STORE_ROWS,
        roles=frozenset({"administrator", "crm_manager"}),
    ),
}
