"""Which members a part of the staff reaches, as conditions on members: where they have been, and
whom they let know."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from mallard.kernel.access.actor import Scope
from mallard.world.malls.queries import stores_in
from mallard.world.members.models import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Member,
    MemberPresence,
)
from mallard.world.members.rules import MAX_MERGE_DEPTH


def was_at(scope: Scope, *, min_receipts: int = 0) -> Q:
    """Members with a presence in ``scope``, their own or that of one merged into them."""
    here = MemberPresence.objects.filter(
        store__in=stores_in(scope).values("pk"), receipts__gte=min_receipts
    )
    condition = Q(Exists(here.filter(member=OuterRef("pk"))))
    path = "member"
    for _depth in range(MAX_MERGE_DEPTH):
        path += "__merged_into"
        condition |= Q(Exists(here.filter(**{path: OuterRef("pk")})))
    return condition


def holding(rows: QuerySet[Any]) -> Q:
    """Members who have one of ``rows`` (each of a ``member``), on their own record or on one that
    was merged into theirs."""
    condition, path = Q(pk__in=rows.values("member_id")), "member"
    for _depth in range(MAX_MERGE_DEPTH):
        path += "__merged_into"
        condition |= Q(pk__in=rows.filter(**{f"{path}__isnull": False}).values(path))
    return condition


def shares_with_tenants() -> Q:
    """Who allows it by their own latest word, with no later refusal on a record that was merged
    into theirs: in doubt the answer is no."""
    latest = Consent.objects.filter(
        member=OuterRef("pk"),
        purpose=ConsentPurpose.SHARE_WITH_TENANT,
        channel=ConsentChannel.ANY,
    ).order_by("-occurred_at", "-id")
    shared = Member.objects.annotate(
        _shares=Subquery(latest.values("is_granted")[:1]),
        _said_at=Subquery(latest.values("occurred_at")[:1]),
    ).filter(_shares=True)
    path = "member"
    for _depth in range(MAX_MERGE_DEPTH):
        path += "__merged_into"
        refused_since = Consent.objects.filter(
            **{path: OuterRef("pk")},
            purpose=ConsentPurpose.SHARE_WITH_TENANT,
            channel=ConsentChannel.ANY,
            is_granted=False,
            occurred_at__gt=OuterRef("_said_at"),
        )
        shared = shared.exclude(Exists(refused_since))
    return Q(pk__in=shared.values("pk"))
