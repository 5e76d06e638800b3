"""How the URLs of rewards are called by the permission matrix.

Rewards are the group's; a desk, its stock and what is redeemed there are its whole mall's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.kernel.ids import uuid7
from tests.permissions.places import GROUP_STAFF, STORE_ROWS, WHOLE_MALL_ROWS, Side, World
from tests.permissions.rows import ANY, Sample, always, of_member


def of_reward(world: World, _side: Side) -> Mapping[str, Any]:
    return {"reward_id": world.reward.id}


def of_desk(_world: World, side: Side) -> Mapping[str, Any]:
    return {"desk_id": side.desk.id}


def of_redemption(_world: World, side: Side) -> Mapping[str, Any]:
    return {"redemption_id": side.redemption_id}


def received(_world: World, side: Side) -> Mapping[str, Any]:
    key = f"matrix:{uuid7()}"
    return {"act": "receive", "desk": side.desk.id, "quantity": 1, "key": key}


def wanted(world: World, side: Side) -> Mapping[str, Any]:
    return {"member_id": str(side.member_id), "reward": world.reward.code, "desk": side.desk.code}


REWARDS = {
    "/rewards/": ANY,
    "/rewards/new": Sample(seen=GROUP_STAFF),
    "/rewards/movements": ANY,
    "/rewards/liability": ANY,
    "/rewards/counter/": ANY,
    "/rewards/counter/<uuid:member_id>/": Sample(path=of_member, seen=STORE_ROWS),
    "/rewards/<uuid:reward_id>/": Sample(path=of_reward),
    **{
        f"/rewards/<uuid:reward_id>/{name}": Sample(path=of_reward, seen=GROUP_STAFF)
        for name in ("edit", "close", "reopen")
    },
    "GET /rewards/<uuid:reward_id>/stock": Sample(path=of_reward),
    "POST /rewards/<uuid:reward_id>/stock": Sample(
        path=of_reward, body=received, seen=WHOLE_MALL_ROWS, names_rows_in_body=True
    ),
    "/rewards/desks/": ANY,
    "/rewards/desks/new": ANY,
    **{
        f"/rewards/desks/<uuid:desk_id>/{name}": Sample(path=of_desk, seen=WHOLE_MALL_ROWS)
        for name in ("edit", "close", "reopen")
    },
    "/rewards/members/<uuid:member_id>/redeem": Sample(path=of_member, seen=STORE_ROWS),
    "/rewards/redemptions/": ANY,
    "/rewards/redemptions/find": ANY,
    **{
        f"/rewards/redemptions/<uuid:redemption_id>/{name}": Sample(
            path=of_redemption, seen=WHOLE_MALL_ROWS, body=always(reason="Changed their mind")
        )
        for name in ("", "confirm", "collect", "cancel", "slip", "qr.svg")
    },
    "/api/v1/rewards": ANY,
    "GET /api/v1/rewards/redemptions": ANY,
    "POST /api/v1/rewards/redemptions": Sample(
        body=wanted, seen=WHOLE_MALL_ROWS, names_rows_in_body=True
    ),
    "/api/v1/rewards/redemptions/<redemption_id>": Sample(path=of_redemption, seen=WHOLE_MALL_ROWS),
    **{
        f"/api/v1/rewards/redemptions/<redemption_id>/{name}": Sample(
            path=of_redemption, seen=WHOLE_MALL_ROWS, body=body
        )
        for name, body in {
            "confirm": always(),
            "collect": always(),
            "cancel": always(reason="Changed their mind"),
        }.items()
    },
}
