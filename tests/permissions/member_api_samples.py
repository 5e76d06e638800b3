"""How the routes about one member are called; see `samples.py`."""

from __future__ import annotations

from tests.permissions.places import STORE_ROWS
from tests.permissions.rows import Sample, always, of_identity, of_member

ONE_MEMBER_API = {
    "GET /api/v1/members/<member_id>": Sample(path=of_member, seen=STORE_ROWS),
    "PATCH /api/v1/members/<member_id>": Sample(
        path=of_member, seen=STORE_ROWS, body=always(profile={"occupation": "Teacher"})
    ),
    "/api/v1/members/<member_id>/close": Sample(path=of_member, seen=STORE_ROWS),
    "/api/v1/members/<member_id>/reopen": Sample(path=of_member, seen=STORE_ROWS),
    "/api/v1/members/<member_id>/erase": Sample(
        path=of_member, seen=STORE_ROWS, body=always(number="M00000000")
    ),
    "/api/v1/members/<member_id>/merge": Sample(
        path=of_member,
        seen=STORE_ROWS,
        body=lambda _world, side: {"merged_id": str(side.member_id)},
    ),
    "/api/v1/members/<member_id>/unmerge": Sample(path=of_member, seen=STORE_ROWS),
    "/api/v1/members/<member_id>/timeline": Sample(path=of_member, seen=STORE_ROWS),
    "/api/v1/members/<member_id>/referrals": Sample(path=of_member, seen=STORE_ROWS),
    "/api/v1/members/<member_id>/referrer": Sample(
        path=of_member, seen=STORE_ROWS, body=always(referrer="NOBODY22")
    ),
    "GET /api/v1/members/<member_id>/identities": Sample(path=of_member, seen=STORE_ROWS),
    "POST /api/v1/members/<member_id>/identities": Sample(
        path=of_member, seen=STORE_ROWS, body=always(kind="plate", value="沪A12345")
    ),
    "/api/v1/members/<member_id>/identities/<identity_id>": Sample(
        path=of_identity, seen=STORE_ROWS
    ),
    "GET /api/v1/members/<member_id>/consents": Sample(path=of_member, seen=STORE_ROWS),
    "POST /api/v1/members/<member_id>/consents": Sample(
        path=of_member, seen=STORE_ROWS, body=always(purpose="marketing", is_granted=False)
    ),
}
