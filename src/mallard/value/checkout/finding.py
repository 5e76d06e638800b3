"""Receipts in the search over everything, and among what somebody opened lately."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.money import Money
from mallard.kernel.ui import finding, formats, items
from mallard.kernel.ui.finding import Hit
from mallard.value.sales.models import Receipt
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.value.sales.queries import receipt_ids_by_number, visible_receipts

ICON = "receipt"


def _hits(rows: Iterable[Receipt]) -> dict[UUID, Hit]:
    found = {}
    for row in rows:
        paid = formats.money(Money(row.net_minor, row.currency))
        detail = " · ".join([row.store.name, formats.day(row.business_day), paid])
        found[row.pk] = Hit(row.number, reverse("checkout:receipt", args=[row.pk]), detail)
    return found


def find(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Receipts whose number begins with what was typed, by number."""
    ids = receipt_ids_by_number(actor, text, limit=limit)
    hits = find_by_ids(ids, actor)
    return [hits[id_] for id_ in ids if id_ in hits]


def find_by_ids(ids: Collection[UUID], actor: Actor) -> dict[UUID, Hit]:
    rows = visible_receipts(actor).filter(pk__in=ids).select_related("store")
    return _hits(rows)


def register() -> None:
    """Offer receipts wherever rows are looked for."""
    finding.register(
        finding.Finder(
            "receipts", _("Receipts"), ICON, VIEW_RECEIPT, find, order=20,
            list_url_name="checkout:receipts",
        )
    )  # fmt: skip
    items.register(
        items.ItemKind("receipt", ICON, VIEW_RECEIPT, "checkout:receipt", "receipt_id", find_by_ids)
    )
