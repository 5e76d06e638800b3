"""How the URLs of wallets are called by the permission matrix: who sees the member sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.value.ledger.models import Lot
from mallard.value.wallets.family import grant_family
from mallard.value.wallets.models import PointsRequest, RequestKind
from mallard.value.wallets.services import ChangeInput, request_change
from tests.permissions.places import MAKER, STORE_ROWS, Side, World
from tests.permissions.rows import ANY, Sample, always, of_member


def of_request(_world: World, side: Side) -> Mapping[str, Any]:
    """A change that waits for a second person."""
    key = f"matrix:{side.name.value}"
    found = PointsRequest.objects.filter(key=key).first()
    if found is None:
        change = ChangeInput(
            key=key, kind=RequestKind.ADJUST, member_id=side.member_id, points=5_000,
            reason="The till was down", funder_kind="mall", funder_id=side.mall.id,
        )  # fmt: skip
        found = request_change(change, actor=MAKER)
    return {"request_id": found.pk}


def of_lot(_world: World, side: Side) -> Mapping[str, Any]:
    lot = Lot.objects.filter(member_id=side.member_id).earliest("transfer_id")
    return {"member_id": side.member_id, "lot_id": lot.pk}


def of_right(world: World, side: Side) -> Mapping[str, Any]:
    """The member of this side lets one of another side spend."""
    other = next(one for one in world.sides.values() if one.name is not side.name)
    right = grant_family(side.member_id, other.member_id, actor=MAKER)
    return {"member_id": side.member_id, "right_id": right.pk}


WALLETS = {
    "/wallets/requests/": ANY,
    "/wallets/requests/<uuid:request_id>/": Sample(path=of_request, seen=STORE_ROWS),
    "/wallets/requests/<uuid:request_id>/decide": Sample(
        path=of_request, seen=STORE_ROWS, body=always(decision="refuse")
    ),
    **{
        f"/wallets/<uuid:member_id>/{name}": Sample(path=of_member, seen=STORE_ROWS)
        for name in ("", "adjust", "freeze", "release", "lift-cool-down", "give", "family")
    },
    "/wallets/<uuid:member_id>/family/<uuid:right_id>/end": Sample(path=of_right, seen=STORE_ROWS),
    **{
        f"/wallets/<uuid:member_id>/lots/<uuid:lot_id>/{name}": Sample(path=of_lot, seen=STORE_ROWS)
        for name in ("extend", "revive")
    },
}
