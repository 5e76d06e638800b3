"""What moved a member's points, told to the member: one line for what happened at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.ui import formats
from mallard.value.ledger import queries
from mallard.value.ledger.models import Transfer, TransferKind
from mallard.value.ledger.showing import amount_for_member, reason_text
from mallard.value.loyalty.services import SOURCE_KIND
from mallard.value.sales.models import Receipt
from mallard.value.sales.queries import visible_receipts

TRANSFERS_ON_A_PAGE = 60
DAYS_TOLD = 60

_WORDS: dict[str, Any] = {
    TransferKind.ACCRUE: _("Points earned"),
    TransferKind.ADJUST: _("Corrected by the mall"),
    TransferKind.REDEEM: _("Points spent"),
    TransferKind.RESTORE: _("Spent points given back"),
    TransferKind.EXPIRE: _("Expired"),
    TransferKind.REVIVE: _("Expiry undone"),
    TransferKind.REVERSE: _("Taken back after a return"),
    TransferKind.RECOVER: _("Taken back after a return, from your other points"),
    TransferKind.OWE: _("Still to be taken back, from your next points"),
    TransferKind.SETTLE: _("Used for points that were still to be taken back"),
    TransferKind.UNMERGE: _("Given back after memberships were separated"),
}
# Only what a person typed or an app named says more than the words above.
_SILENT = {"purchase", "return", "reassessed", "expired", "unmerged", ""}


@dataclass(frozen=True, slots=True)
class Line:
    """One movement: ``amount`` is signed; what is owed has not moved yet (``is_owed``)."""

    at: dt.datetime
    title: Any
    detail: str
    amount: int
    url: str
    is_owed: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """Some lines, newest first; ``before`` goes on to older ones."""

    lines: tuple[Line, ...]
    before: UUID | None


def statement_of(member_id: UUID, *, actor: Actor, before: UUID | None = None) -> Statement:
    """The member's points, newest first. Five statements, whatever their number."""
    transfers = queries.transfers_of(member_id, actor=actor)
    if before is not None:
        transfers = transfers.filter(id__lt=before)
    found = list(transfers[: TRANSFERS_ON_A_PAGE + 1])
    groups = [list(rows) for _key, rows in groupby(found, key=_at_once)]
    has_more = len(found) > TRANSFERS_ON_A_PAGE
    if has_more and len(groups) > 1:
        # The last one may go on beyond what was read: it is told whole on the next page.
        groups.pop()
    sources = {t.source_id for group in groups for t in group if t.source_kind == SOURCE_KIND}
    receipts = {
        receipt.pk: receipt
        for receipt in visible_receipts(actor).filter(pk__in=sources).select_related("store__mall")
    }
    lines = tuple(_line(group, receipts) for group in groups)
    return Statement(lines, groups[-1][-1].id if has_more else None)


def _at_once(transfer: Transfer) -> tuple[Any, str]:
    """What belongs into one line: a posting, whoever funds it; what expires on one day."""
    if transfer.kind == TransferKind.EXPIRE:
        return formats.local(transfer.occurred_at).date(), transfer.kind
    return transfer.group_id, transfer.kind


def _line(group: list[Transfer], receipts: dict[UUID, Receipt]) -> Line:
    first = group[0]
    receipt = receipts.get(first.source_id) if first.source_kind == SOURCE_KIND else None
    said = "" if first.reason in _SILENT else str(reason_text(first.reason))
    detail = receipt.store.name if receipt else said
    return Line(
        at=first.occurred_at,
        title=_WORDS.get(first.kind, gettext("Points moved")),
        detail=detail,
        amount=sum(amount_for_member(transfer) for transfer in group),
        url=reverse("portal:receipt", args=[receipt.pk]) if receipt else "",
        is_owed=first.kind == TransferKind.OWE,
    )


@dataclass(frozen=True, slots=True)
class Expiry:
    """Points that end on one day; later than `DAYS_TOLD` from now within one month."""

    when: str
    points: int


def expiries_of(member_id: UUID, *, actor: Actor) -> list[Expiry]:
    """The member's points by the day or month in which they end, the soonest first."""
    days_end = formats.local(now()).date() + dt.timedelta(days=DAYS_TOLD)
    told: dict[str, int] = {}
    for lot in queries.lots_of(member_id, actor=actor):
        if lot.expires_at is None:
            when = gettext("Never")
        else:
            day = formats.local(lot.expires_at).date()
            when = formats.day(day) if day < days_end else formats.month(day)
        told[when] = told.get(when, 0) + lot.remaining
    return [Expiry(when, points) for when, points in told.items()]
