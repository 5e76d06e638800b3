"""Locks on sales rows, taken after the members' (the member row is the mutex)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mallard.value.sales.models import Receipt


def lock_receipts(receipt_ids: Collection[UUID]) -> None:
    """Lock receipts in the order of their ids: an anonymous one has no member to stand for it.

    The rows are never changed; the lock makes two returns of one receipt take turns.
    """
    ordered = Receipt.objects.filter(id__in=receipt_ids).order_by("id")
    list(ordered.select_for_update(of=("self",), no_key=True).values_list("id", flat=True))
