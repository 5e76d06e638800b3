"""Locks on sales rows, taken after the members' (the member row is the mutex)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from mallard.kernel.database.prepared import fetch_rows, send
from mallard.value.sales.declarations.rules import KnownDeclaration
from mallard.value.sales.models import Receipt, SalesDeclaration

STORES = 0x73746F72  # "stor": our part of PostgreSQL's advisory lock numbers


def take_turns_at(store_ids: Collection[UUID], *, alone: bool) -> None:
    """Until the transaction ends: sales of a store side by side, or (``alone``) nothing else there.

    For a return before its sale, which has no row yet that could be locked: without this the sale
    and its return could pass each other unseen. Taken before the members' locks, in the order of
    ids. It is rare that somebody is alone, so tills do not feel it.
    """
    if not store_ids:
        return
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    send(
        f"SELECT {function}(%s, key) FROM ("  # noqa: S608 one of two constants
        " SELECT DISTINCT hashtext(id::text) AS key FROM unnest(%s::uuid[]) AS t(id)"
        " ORDER BY key) AS ordered",
        [STORES, list(store_ids)],
    )


def lock_receipts(receipt_ids: Collection[UUID]) -> None:
    """Lock receipts in the order of their ids: an anonymous one has no member to stand for it.

    The rows are never changed; the lock makes two returns of one receipt take turns.
    """
    ordered = Receipt.objects.filter(id__in=receipt_ids).order_by("id")
    list(ordered.select_for_update(of=("self",), no_key=True).values_list("id", flat=True))


def lock_declarations(declaration_ids: Collection[UUID]) -> list[SalesDeclaration]:
    """Declarations with their stores, locked in the order of their ids."""
    rows = SalesDeclaration.objects.filter(id__in=declaration_ids).order_by("id")
    return list(rows.select_related("store").select_for_update(of=("self",)))


def lock_declared_days(
    wanted: Sequence[tuple[UUID, dt.date]],
) -> dict[tuple[UUID, dt.date], KnownDeclaration]:
    """What is declared of these store-days, locked in their order until the commit."""
    if not wanted:
        return {}
    found = fetch_rows(
        """
        SELECT d.store_id, d.business_day, d.id, d.amount_minor, d.receipts, d.origin, d.status,
               d.revision
        FROM sales_salesdeclaration d
        JOIN unnest(%s::uuid[], %s::date[]) AS asked(store_id, business_day)
            ON d.store_id = asked.store_id AND d.business_day = asked.business_day
        ORDER BY d.id FOR UPDATE OF d
        """,
        [[store_id for store_id, _day in wanted], [day for _store, day in wanted]],
    )
    return {(row[0], row[1]): KnownDeclaration(*row[2:]) for row in found}
