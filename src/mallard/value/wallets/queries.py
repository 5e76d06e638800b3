"""Reads of freezes, requests and gifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.secrets.services import open_keys
from mallard.kernel.ui import formats
from mallard.value.wallets.errors import (
    CoolingDown,
    RequestUnknown,
    SpendingCoolingDown,
    WalletFrozen,
)
from mallard.value.wallets.models import FamilyRight, Freeze, MemberGift, PointsRequest
from mallard.value.wallets.settings import COOL_DOWN_HOURS, SPEND_COOL_DOWN_HOURS
from mallard.world.members.queries import visible_members


def refuse_frozen(member_ids: Collection[UUID]) -> None:
    """The ledger's question before it takes points. Raises `WalletFrozen`."""
    if Freeze.objects.filter(member_id__in=list(member_ids), released_at=None).exists():
        raise WalletFrozen()


def freeze_of(member_ids: Collection[UUID]) -> Freeze | None:
    """The freeze that holds for any of a person's records."""
    return Freeze.objects.filter(member_id__in=list(member_ids), released_at=None).first()


def family_rights(member_ids: Collection[UUID]) -> QuerySet[FamilyRight]:
    """The rights that hold now and that these records gave or have."""
    ids = list(member_ids)
    return (
        FamilyRight.objects.filter(Q(owner_id__in=ids) | Q(spender_id__in=ids), ended_at=None)
        .select_related("owner", "spender")
        .order_by("granted_at")
    )


def may_spend_of(spender_ids: Collection[UUID], owner_ids: Collection[UUID]) -> bool:
    """Whether one of a person's records may spend the points of one of another's."""
    rights = FamilyRight.objects.filter(
        spender_id__in=list(spender_ids), owner_id__in=list(owner_ids), ended_at=None
    )
    return rights.exists()


def visible_requests(actor: Actor) -> QuerySet[PointsRequest]:
    """The requests about members that the actor may know of."""
    members = visible_members(actor).values("pk")
    return PointsRequest.objects.filter(member_id__in=members).select_related("member", "lot")


def visible_request(actor: Actor, request_id: UUID) -> PointsRequest:
    """Raises `RequestUnknown`."""
    row = visible_requests(actor).filter(pk=request_id).first()
    if row is None:
        raise RequestUnknown()
    return row


def given_since(member_ids: Collection[UUID], since: dt.datetime) -> int:
    """Points that these records gave away after ``since``."""
    rows = MemberGift.objects.filter(giver_id__in=list(member_ids), given_at__gt=since)
    return int(rows.aggregate(total=Coalesce(Sum("points"), 0))["total"])


# Of each person the newest phone, where it took the place of an earlier one and nobody has lifted
# the time after it. A merged record is the person that it was merged into.
_CHANGED_PHONES = """
WITH person AS (
    SELECT id, coalesce(merged_into_id, id) AS who FROM members_member WHERE id = ANY(%s::uuid[])
), phones AS (
    SELECT p.who, max(i.created_at) FILTER (WHERE i.closed_at IS NULL) AS latest
    FROM person p JOIN members_identity i ON i.member_id = p.id AND i.kind = 'phone'
    GROUP BY p.who HAVING bool_or(i.closed_at IS NOT NULL)
)
SELECT max(latest) FROM phones WHERE NOT EXISTS (
    SELECT FROM wallets_cooldownlift l JOIN person p ON p.id = l.member_id
    WHERE p.who = phones.who AND l.lifted_at >= phones.latest
)
"""


def phone_changed_at(member_ids: Collection[UUID]) -> dt.datetime | None:
    """When a phone of one of these persons last took the place of another; None where there is
    nothing to wait for."""
    [(latest,)] = fetch_rows(_CHANGED_PHONES, [list(member_ids)])
    return latest


def refuse_cooling_down(records: Collection[UUID], *, at: dt.datetime) -> None:
    """Raise `CoolingDown` for so long after another phone took the place of an earlier one."""
    changed = phone_changed_at(records)
    if changed is None:
        return
    until = changed + dt.timedelta(hours=COOL_DOWN_HOURS.value)
    if at < until:
        raise CoolingDown(moment=formats.moment(until))


def cooling_until(member_ids: Collection[UUID]) -> dt.datetime | None:
    """Until when these persons can spend nothing, because a phone was changed; None if they can."""
    changed = phone_changed_at(member_ids)
    if changed is None:
        return None
    until = changed + dt.timedelta(hours=SPEND_COOL_DOWN_HOURS.value)
    return until if now() < until else None


def refuse_spending_early(member_ids: Collection[UUID]) -> None:
    """The ledger's question before it takes points. Raises `SpendingCoolingDown`."""
    until = cooling_until(member_ids)
    if until is not None:
        raise SpendingCoolingDown(moment=formats.moment(until))


def request_context(request_id: UUID) -> str:
    """What the sealed reason of a request is bound to."""
    return f"wallets.request.reason:{request_id}"


def freeze_context(freeze_id: UUID) -> str:
    """What the sealed reason of a freeze is bound to."""
    return f"wallets.freeze.reason:{freeze_id}"


def release_context(freeze_id: UUID) -> str:
    """What the sealed reason of a release is bound to."""
    return f"wallets.freeze.release:{freeze_id}"


def lift_context(lift_id: UUID) -> str:
    """What the sealed reason of lifting a cool-down is bound to."""
    return f"wallets.lift.reason:{lift_id}"


def reason_of(row: PointsRequest) -> str:
    """Why somebody asked; empty for an erased member."""
    key = open_keys([row.member_id]).get(row.member_id)
    return key.open(bytes(row.reason_sealed), request_context(row.id)).decode() if key else ""


def reason_of_freeze(row: Freeze) -> str:
    """Why it was frozen; empty for an erased member."""
    key = open_keys([row.member_id]).get(row.member_id)
    return key.open(bytes(row.reason_sealed), freeze_context(row.id)).decode() if key else ""
