"""Reads of paper receipts: seen by who holds the store and may know of the member."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F, Q, QuerySet

from mallard.kernel.access.actor import Actor
from mallard.kernel.secrets.services import open_keys
from mallard.value.counter.errors import PaperUnknown
from mallard.value.counter.models import PaperReceipt
from mallard.value.sales.models import Receipt, Source
from mallard.world.malls.queries import stores_in
from mallard.world.members.queries import visible_members


def visible_paper(actor: Actor) -> QuerySet[PaperReceipt]:
    """The paper receipts of the actor's stores, of members that they may know of."""
    return PaperReceipt.objects.filter(
        store__in=stores_in(actor.scope).values("pk"),
        member__in=visible_members(actor).values("pk"),
    ).select_related("member", "store__mall")


def at_odds(rows: QuerySet[PaperReceipt]) -> QuerySet[PaperReceipt]:
    """Those of which the till told another amount or member; see `PaperReceipt.is_at_odds`."""
    differs = Q(names_another=True) | ~Q(told_minor=F("amount_minor"))
    return rows.filter(differs, met_at__isnull=False)


def visible_one(actor: Actor, paper_id: UUID) -> PaperReceipt:
    """Raises `PaperUnknown`."""
    row = visible_paper(actor).filter(pk=paper_id).first()
    if row is None:
        raise PaperUnknown()
    return row


def told_of_day(row: PaperReceipt) -> int:
    """How many receipts of the paper's store and business day the till told, whatever of this one.

    The moments only bound what is looked through.
    """
    around = dt.timedelta(days=2)
    return (
        Receipt.objects.filter(
            store_id=row.store_id,
            business_day=row.business_day,
            occurred_at__gte=row.occurred_at - around,
            occurred_at__lte=row.occurred_at + around,
        )
        .exclude(source=Source.PAPER)
        .count()
    )


def told_without(row: PaperReceipt) -> int:
    """The same where the till has not told this one; 0 where it has."""
    others = told_of_day(row)
    is_told = Receipt.objects.filter(store_id=row.store_id, number=row.number).exists()
    return 0 if is_told else others


def answer_context(paper_id: UUID) -> str:
    return f"counter.paper.answer:{paper_id}"


def answer_of(row: PaperReceipt) -> str:
    """Why it was declined; empty for an erased member."""
    key = open_keys([row.member_id]).get(row.member_id)
    if key is None or row.answer_sealed is None:
        return ""
    return key.open(bytes(row.answer_sealed), answer_context(row.id)).decode()
