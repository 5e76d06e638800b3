"""Writes of visits, receipts, returns and their rollups: the sales part of a checkout batch.

These functions run inside the transaction of ``checkout.services``, which has decided what is
accepted and holds the members' locks. Each is a fixed number of statements for a whole batch.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.bulk import copy_rows
from mallard.kernel.database.prepared import send
from mallard.value.sales.accepted import AcceptedReceipt, AcceptedReturn, PaperContent
from mallard.value.sales.facts import ReturnInput
from mallard.value.sales.models import PendingReturn, Source
from mallard.value.sales.visits import VisitKey, attach_visits


def write_receipts(
    accepted: Sequence[AcceptedReceipt],
    *,
    source: Source,
    actor: Actor,
    visits: Mapping[VisitKey, UUID] | None = None,
) -> None:
    """Write the receipts with their visits, lines, tenders and member rollups. ``visits``: those of
    members that were there already (`visits.visits_soon`), where that was asked under the
    members' locks."""
    new_visits = attach_visits(accepted, visits)
    copy_rows(
        "sales_receipt",
        (
            "id", "store_id", "number", "member_id", "visit_id", "occurred_at", "recorded_at",
            "business_day", "currency", "net_minor", "discount_minor", "eligible_minor",
            "fingerprint", "source", "actor_kind", "actor_id", "is_named_later",
        ),
        (
            (
                r.id, r.store.id, r.given.number, r.member_id, r.visit_id, r.given.occurred_at,
                r.recorded_at, r.business_day, r.given.currency, r.net_minor, r.discount_minor,
                r.eligible_minor, r.fingerprint, source.value, actor.kind.value, actor.id,
                source is Source.PAPER,
            )
            for r in accepted
        ),
    )  # fmt: skip
    _write_lines(accepted)
    _add_to_member_days_of_sales(accepted, new_visits)


def _write_lines(accepted: Sequence[AcceptedReceipt]) -> None:
    copy_rows(
        "sales_receiptline",
        (
            "receipt_id", "line_no", "variant_id", "sku", "name", "quantity_milli",
            "amount_minor", "discount_minor", "restricted",
        ),
        _line_rows(accepted),
    )  # fmt: skip
    tenders = [
        (r.id, position, tender.kind, tender.amount_minor)
        for r in accepted
        for position, tender in enumerate(r.given.tenders, start=1)
    ]
    if tenders:
        columns = ("receipt_id", "position", "kind", "amount_minor")
        copy_rows("sales_tender", columns, tenders)


def _line_rows(accepted: Sequence[AcceptedReceipt]) -> Iterable[tuple[Any, ...]]:
    for r in accepted:
        pairs = zip(r.given.lines, r.goods, strict=True)
        for line_no, (line, (variant_id, _categories, restricted)) in enumerate(pairs, start=1):
            # The catalogue knows the name and the code of a known variant.
            sku = None if variant_id else line.sku or line.barcode
            name = "" if variant_id else line.name
            yield (
                r.id, line_no, variant_id, sku, name, line.quantity_milli,
                line.amount_minor, line.discount_minor, restricted,
            )  # fmt: skip


def name_receipt(r: AcceptedReceipt, refunds: Mapping[dt.date, int]) -> None:
    """Give a sale of nobody its member (``r.member_id``), with visit and rollups.

    ``refunds``: what came back of it, by the business day of the refund.
    """
    new_visits = attach_visits([r])
    send(
        "UPDATE sales_receipt SET member_id = %s, visit_id = %s, is_named_later = true"
        " WHERE id = %s",
        [r.member_id, r.visit_id, r.id],
    )
    _add_to_member_days_of_sales([r], new_visits)
    if r.member_id is None:
        return
    totals: dict[MemberDayKey, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for day, refund_minor in refunds.items():
        totals[r.member_id, day, r.store.mall_id][3] += refund_minor
    _add_to_member_days(totals)


def replace_paper(
    r: AcceptedReceipt, *, receipt_id: UUID, was: PaperContent, source: Source
) -> None:
    """Let what the till says (``r``) take the place of what a desk typed of receipt ``receipt_id``.

    Its member, time and business day stay as the desk wrote them. Where goods have come back, lines
    stay too: the till is only noted, so that it may repeat itself.
    """
    if was.has_returns:
        send(
            "UPDATE sales_receipt SET source = %s, fingerprint = %s WHERE id = %s",
            [source.value, r.fingerprint, receipt_id],
        )
        return
    # The lines go while the receipt is still of paper: the database lets no others go.
    send("DELETE FROM sales_receiptline WHERE receipt_id = %s", [receipt_id])
    send("DELETE FROM sales_tender WHERE receipt_id = %s", [receipt_id])
    send(
        "UPDATE sales_receipt SET source = %s, fingerprint = %s, net_minor = %s,"
        " discount_minor = %s, eligible_minor = %s WHERE id = %s",
        [source.value, r.fingerprint, r.net_minor, r.discount_minor, r.eligible_minor, receipt_id],
    )
    _write_lines([replace(r, id=receipt_id)])
    if was.member_id is not None and was.net_minor != r.net_minor:
        key = (was.member_id, was.business_day, r.store.mall_id)
        _add_to_member_days({key: [0, 0, r.net_minor - was.net_minor, 0]})


MemberDayKey = tuple[UUID, dt.date, UUID]
StoreDayKey = tuple[UUID, dt.date]


def _add_to_member_days_of_sales(
    accepted: Sequence[AcceptedReceipt], new_visits: dict[UUID, int]
) -> None:
    totals: dict[MemberDayKey, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for r in accepted:
        if r.member_id:
            row = totals[r.member_id, r.business_day, r.store.mall_id]
            row[0] += new_visits.get(r.id, 0)
            row[1] += 1
            row[2] += r.net_minor
    _add_to_member_days(totals)


def _add_to_member_days(totals: dict[MemberDayKey, list[int]]) -> None:
    if not totals:
        return
    keys = sorted(totals)
    send(
        """
        INSERT INTO sales_memberday AS d
            (member_id, business_day, mall_id, visits, receipts, net_minor, refund_minor)
        SELECT * FROM unnest(
            %s::uuid[], %s::date[], %s::uuid[],
            %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]
        )
        ON CONFLICT (member_id, business_day, mall_id) DO UPDATE SET
            visits = d.visits + excluded.visits,
            receipts = d.receipts + excluded.receipts,
            net_minor = d.net_minor + excluded.net_minor,
            refund_minor = d.refund_minor + excluded.refund_minor
        """,
        [
            [key[0] for key in keys],
            [key[1] for key in keys],
            [key[2] for key in keys],
            *([totals[key][figure] for key in keys] for figure in range(4)),
        ],
    )


def write_returns(accepted: Sequence[AcceptedReturn], *, source: Source, actor: Actor) -> None:
    """Write the returns with their lines and member rollups."""
    copy_rows(
        "sales_return",
        (
            "id", "receipt_id", "store_id", "number", "occurred_at", "recorded_at",
            "business_day", "refund_minor", "fingerprint", "source", "actor_kind", "actor_id",
        ),
        (
            (
                r.id, r.receipt.id, r.receipt.store_id, r.given.number, r.given.occurred_at,
                r.recorded_at, r.business_day, r.refund_minor, r.fingerprint, source.value,
                actor.kind.value, actor.id,
            )
            for r in accepted
        ),
    )  # fmt: skip
    copy_rows(
        "sales_returnline",
        ("goods_return_id", "line_no", "quantity_milli", "amount_minor"),
        (
            (r.id, line.line_no, line.quantity_milli, line.amount_minor)
            for r in accepted
            for line in r.lines
        ),
    )
    totals: dict[MemberDayKey, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for r in accepted:
        if r.receipt.member_id:
            key = (r.receipt.member_id, r.business_day, r.receipt.mall_id)
            totals[key][3] += r.refund_minor
    _add_to_member_days(totals)


def keep_pending_returns(
    returns: Sequence[tuple[UUID, ReturnInput, bytes]],
    *,
    source: Source,
    recorded_at: dt.datetime,
) -> None:
    """Keep returns that came before their sale: (store id, return, fingerprint) each."""
    PendingReturn.objects.bulk_create(
        [
            PendingReturn(
                store_id=store_id,
                number=given.number,
                receipt_number=given.receipt_number,
                occurred_at=given.occurred_at,
                recorded_at=given.recorded_at or recorded_at,
                lines=_lines_as_json(given),
                fingerprint=fingerprint,
                source=source,
            )
            for store_id, given, fingerprint in returns
        ],
        ignore_conflicts=True,
    )


def _lines_as_json(given: ReturnInput) -> list[list[int | None]] | None:
    if given.lines is None:
        return None
    return [[x.line_no, x.quantity_milli, x.amount_minor] for x in given.lines]


def drop_pending_returns(pending_ids: Sequence[UUID]) -> None:
    """Forget pending returns that have been applied: they live on as returns."""
    PendingReturn.objects.filter(id__in=pending_ids).delete()


def mark_pending_return(pending_id: UUID, *, problem: str) -> None:
    """Say why a pending return does not fit the sale that has now arrived."""
    PendingReturn.objects.filter(id=pending_id).update(problem=problem)


def add_to_store_days(
    receipts: Sequence[AcceptedReceipt], returns: Sequence[AcceptedReturn]
) -> None:
    """Add to the stores' daily figures.

    Called last in the transaction: every till of a store adds to one row, so the row's lock must
    be short. The order of keys keeps two batches from waiting for each other in a circle.
    """
    totals: dict[StoreDayKey, list[int]] = defaultdict(lambda: [0] * 8)
    for r in receipts:
        row = totals[r.store.id, r.business_day]
        row[0] += 1
        row[2] += r.net_minor
        row[4] += r.discount_minor
        if r.member_id:
            row[1] += 1
            row[3] += r.net_minor
    for back in returns:
        row = totals[back.receipt.store_id, back.business_day]
        row[5] += 1
        row[6] += back.refund_minor
        if back.receipt.member_id:
            row[7] += back.refund_minor
    _add_to_store_days(totals)


def shift_store_days(changes: Mapping[StoreDayKey, Sequence[int]]) -> None:
    """Change the stores' daily figures of sales that are counted already. Called last, too.

    The figures in the order of `StoreDay`: receipts, those of members, net, net of members,
    discounts, returns, refunds, refunds to members.
    """
    _add_to_store_days(changes)


def _add_to_store_days(totals: Mapping[StoreDayKey, Sequence[int]]) -> None:
    keys = sorted(totals)
    if not keys:
        return
    send(
        """
        INSERT INTO sales_storeday AS d (
            store_id, business_day, receipts, member_receipts, net_minor, member_net_minor,
            discount_minor, returns, refund_minor, member_refund_minor
        )
        SELECT * FROM unnest(
            %s::uuid[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
            %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]
        )
        ON CONFLICT (store_id, business_day) DO UPDATE SET
            receipts = d.receipts + excluded.receipts,
            member_receipts = d.member_receipts + excluded.member_receipts,
            net_minor = d.net_minor + excluded.net_minor,
            member_net_minor = d.member_net_minor + excluded.member_net_minor,
            discount_minor = d.discount_minor + excluded.discount_minor,
            returns = d.returns + excluded.returns,
            refund_minor = d.refund_minor + excluded.refund_minor,
            member_refund_minor = d.member_refund_minor + excluded.member_refund_minor
        """,
        [
            [key[0] for key in keys],
            [key[1] for key in keys],
            *([totals[key][figure] for key in keys] for figure in range(8)),
        ],
    )
