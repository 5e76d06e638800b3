"""Reads of freezes, requests and gifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from mallard.kernel.access.actor import Actor
from mallard.kernel.secrets.services import open_keys
from mallard.kernel.ui import formats
from mallard.value.wallets.errors import CoolingDown, RequestUnknown, WalletFrozen
from mallard.value.wallets.models import FamilyRight, Freeze, MemberGift, PointsRequest
from mallard.value.wallets.settings import COOL_DOWN_HOURS
from mallard.world.members.models import Identity, IdentityKind
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


def refuse_cooling_down(records: tuple[UUID, ...], *, at: dt.datetime) -> None:
    """Raise `CoolingDown` for so long after another phone took the place of an earlier one."""
    phones = Identity.objects.filter(member_id__in=records, kind=IdentityKind.PHONE)
    latest = phones.filter(closed_at=None).order_by("-created_at").first()
    if latest is None or not phones.filter(closed_at__isnull=False).exists():
        return
    until = latest.created_at + dt.timedelta(hours=COOL_DOWN_HOURS.value)
    if at < until:
        raise CoolingDown(moment=formats.moment(until))


def reason_of(row: PointsRequest) -> str:
    """Why somebody asked; empty for an erased member."""
    key = open_keys([row.member_id]).get(row.member_id)
    context = f"wallets.request.reason:{row.id}"
    return key.open(bytes(row.reason_sealed), context).decode() if key else ""


def reason_of_freeze(row: Freeze) -> str:
    """Why it was frozen; empty for an erased member."""
    key = open_keys([row.member_id]).get(row.member_id)
    context = f"wallets.freeze.reason:{row.id}"
    return key.open(bytes(row.reason_sealed), context).decode() if key else ""
