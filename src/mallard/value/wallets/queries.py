"""Reads of freezes, requests and gifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from mallard.kernel.access.actor import Actor
from mallard.value.wallets.errors import RequestUnknown, WalletFrozen
from mallard.value.wallets.models import Freeze, MemberGift, PointsRequest
from mallard.world.members.queries import visible_members


def refuse_frozen(member_ids: Collection[UUID]) -> None:
    """The ledger's question before it takes points. Raises `WalletFrozen`."""
    if Freeze.objects.filter(member_id__in=list(member_ids), released_at=None).exists():
        raise WalletFrozen()


def freeze_of(member_ids: Collection[UUID]) -> Freeze | None:
    """The freeze that holds for any of a person's records."""
    return Freeze.objects.filter(member_id__in=list(member_ids), released_at=None).first()


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
