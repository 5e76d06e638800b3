"""Reads of receipts, returns and their rollups."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum

from mallard.kernel.access.actor import Actor, ActorKind, Scope
from mallard.kernel.bilingual import localised
from mallard.kernel.database.prepared import ask, fetch_rows
from mallard.value.sales.facts import ReturnInput, ReturnLineInput, StoredLine, StoredReceipt
from mallard.value.sales.figures import PlaceDay, Trade
from mallard.value.sales.models import PendingReturn, Receipt, ReceiptLine, Return, StoreDay
from mallard.world.malls.models import Store
from mallard.world.malls.queries import store_ids_in
from mallard.world.members.queries import records_of

StoreNumber = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """What a (store, number) already stands for. ``receipt_id`` is None for a pending return;
    ``amount_minor`` is what was paid, or refunded. ``is_paper``: a desk typed it, and the till has
    not said the same yet; ``is_named_later``: a desk named its member."""

    id: UUID | None
    fingerprint: bytes
    member_id: UUID | None
    receipt_id: UUID | None
    amount_minor: int = 0
    is_paper: bool = False
    is_named_later: bool = False
    business_day: dt.date | None = None


def visible_receipts(actor: Actor) -> QuerySet[Receipt]:
    """The receipts of the stores in the actor's scope; a member's own, merged records with them."""
    if actor.kind is ActorKind.MEMBER:
        return Receipt.objects.filter(member_id__in=_own_records(actor))
    store_ids = store_ids_in(actor.scope)
    receipts = Receipt.objects.all()
    return receipts if store_ids is None else receipts.filter(store_id__in=store_ids)


def visible_returns(actor: Actor) -> QuerySet[Return]:
    """The returns of the stores in the actor's scope; those of a member's own receipts."""
    if actor.kind is ActorKind.MEMBER:
        return Return.objects.filter(receipt__member_id__in=_own_records(actor))
    store_ids = store_ids_in(actor.scope)
    returns = Return.objects.all()
    return returns if store_ids is None else returns.filter(store_id__in=store_ids)


def _own_records(actor: Actor) -> tuple[UUID, ...]:
    return records_of([actor.id]).get(actor.id, ()) if actor.id else ()


def visible_pending_returns(actor: Actor) -> QuerySet[PendingReturn]:
    """Returns that still wait for their sale, of the stores in the actor's scope."""
    store_ids = store_ids_in(actor.scope)
    pending = PendingReturn.objects.all()
    return pending if store_ids is None else pending.filter(store_id__in=store_ids)


Known = dict[StoreNumber, KnownNumber]


def known_receipts(numbers: Collection[StoreNumber]) -> Known:
    """Which of these receipt numbers exist already."""
    return known_receipts_soon(numbers)()


def known_receipts_soon(numbers: Collection[StoreNumber]) -> Callable[[], Known]:
    """The same, asked together with other things (`prepared.together`); the result gives it."""
    return _known(
        """
        SELECT r.store_id, r.number, r.id, r.fingerprint, r.member_id, r.id, r.net_minor,
               r.source = 'paper', r.is_named_later, r.business_day
        FROM unnest(%s::uuid[], %s::text[]) AS asked(store_id, number)
        JOIN sales_receipt r ON r.store_id = asked.store_id AND r.number = asked.number
        """,
        numbers,
    )


def known_returns(numbers: Collection[StoreNumber]) -> Known:
    """Which of these return numbers exist already, applied or pending."""
    return _known(
        """
        WITH asked AS (SELECT * FROM unnest(%s::uuid[], %s::text[]) AS a(store_id, number))
        SELECT r.store_id, r.number, r.id, r.fingerprint, NULL::uuid, r.receipt_id, r.refund_minor
        FROM asked JOIN sales_return r ON r.store_id = asked.store_id AND r.number = asked.number
        UNION ALL
        SELECT p.store_id, p.number, p.id, p.fingerprint, NULL::uuid, NULL::uuid, 0
        FROM asked
        JOIN sales_pendingreturn p ON p.store_id = asked.store_id AND p.number = asked.number
        """,
        numbers,
    )()


def _known(sql: str, numbers: Collection[StoreNumber]) -> Callable[[], Known]:
    if not numbers:
        return dict
    answer = ask(sql, [[n[0] for n in numbers], [n[1] for n in numbers]])
    return lambda: {
        (store_id, number): KnownNumber(id_, bytes(fingerprint), *rest)
        for store_id, number, id_, fingerprint, *rest in answer.rows()
    }


def pending_returns_soon(numbers: Collection[StoreNumber]) -> Callable[[], list[UUID]]:
    """Ids of the returns that wait for these sales, asked together with other things."""
    if not numbers:
        return list
    answer = ask(
        """
        SELECT p.id FROM unnest(%s::uuid[], %s::text[]) AS asked(store_id, number)
        JOIN sales_pendingreturn p
            ON p.store_id = asked.store_id AND p.receipt_number = asked.number
        """,
        [[n[0] for n in numbers], [n[1] for n in numbers]],
    )
    return lambda: [row[0] for row in answer.rows()]


def lock_pending_returns(ids: Collection[UUID]) -> list[tuple[PendingReturn, ReturnInput]]:
    """Returns that wait for their sale, locked, by the time of the return."""
    if not ids:
        return []
    rows = PendingReturn.objects.filter(id__in=ids).order_by("occurred_at", "id")
    return [
        (row, _as_input(row))
        for row in rows.select_related("store").select_for_update(of=("self",))
    ]


def _as_input(row: PendingReturn) -> ReturnInput:
    lines = row.lines
    return ReturnInput(
        store_code=row.store.code,
        number=row.number,
        receipt_number=row.receipt_number,
        occurred_at=row.occurred_at,
        lines=None if lines is None else tuple(ReturnLineInput(*line) for line in lines),
        recorded_at=row.recorded_at,
    )


def stored_receipts(receipt_ids: Collection[UUID]) -> dict[UUID, StoredReceipt]:
    """Receipts with their lines and what has come back of each."""
    if not receipt_ids:
        return {}
    ids = list(receipt_ids)
    lines: dict[UUID, list[StoredLine]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.receipt_id, l.line_no, l.quantity_milli, l.amount_minor, l.restricted,
                   coalesce(back.quantity_milli, 0)::bigint,
                   coalesce(back.amount_minor, 0)::bigint, l.discount_minor
            FROM sales_receiptline l
            LEFT JOIN (
                SELECT r.receipt_id, x.line_no,
                       sum(x.quantity_milli) AS quantity_milli, sum(x.amount_minor) AS amount_minor
                FROM sales_return r JOIN sales_returnline x ON x.goods_return_id = r.id
                WHERE r.receipt_id = ANY(%s::uuid[])
                GROUP BY r.receipt_id, x.line_no
            ) back ON back.receipt_id = l.receipt_id AND back.line_no = l.line_no
            WHERE l.receipt_id = ANY(%s::uuid[])
            ORDER BY l.receipt_id, l.line_no
            """,
            [ids, ids],
        )
        for receipt_id, *rest in cursor.fetchall():
            lines[receipt_id].append(StoredLine(*rest))
        cursor.execute(
            """
            SELECT r.id, r.store_id, r.number, r.member_id, s.mall_id, s.tenant_id,
                   r.occurred_at, r.business_day, r.currency,
                   EXISTS (SELECT FROM sales_tender t
                           WHERE t.receipt_id = r.id AND t.kind = 'points')
            FROM sales_receipt r JOIN malls_store s ON s.id = r.store_id
            WHERE r.id = ANY(%s::uuid[])
            """,
            [ids],
        )
        return {
            row[0]: StoredReceipt(*(*row[:9], tuple(lines[row[0]]), row[9]))
            for row in cursor.fetchall()
        }


def members_of_receipts(receipt_ids: Collection[UUID]) -> set[UUID]:
    """The members of these receipts, anonymous ones left out."""
    named = Receipt.objects.filter(id__in=receipt_ids, member__isnull=False)
    return {member_id for member_id in named.values_list("member_id", flat=True) if member_id}


def receipts_to_return(numbers: Collection[StoreNumber]) -> dict[StoreNumber, UUID]:
    """The receipts that these (store, receipt number) pairs name."""
    known = known_receipts(numbers)
    return {number: found.receipt_id for number, found in known.items() if found.receipt_id}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A receipt line as people read it: with the goods' name and code."""

    line_no: int
    sku: str | None
    name_en: str
    name_zh: str
    quantity_milli: int
    amount_minor: int
    discount_minor: int
    restricted: str | None
    returned_quantity_milli: int
    returned_amount_minor: int

    @property
    def name(self) -> str:
        """The goods' name in the reader's language; what the till said for unknown goods."""
        return localised(self.name_en, self.name_zh)

    @property
    def remaining_milli(self) -> int:
        return self.quantity_milli - self.returned_quantity_milli


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """A receipt's lines, with what has come back of each."""

    store_code: str
    lines: tuple[SheetLine, ...]

    @property
    def refunded_minor(self) -> int:
        return sum(line.returned_amount_minor for line in self.lines)


def receipt_sheets(receipt_ids: Collection[UUID]) -> dict[UUID, ReceiptSheet]:
    """The lines of receipts as people read them; one statement for any number of receipts."""
    if not receipt_ids:
        return {}
    codes: dict[UUID, str] = {}
    lines: dict[UUID, list[SheetLine]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.id, s.code, l.line_no, coalesce(v.sku, l.sku),
                   coalesce(nullif(v.name_en, ''), p.name_en, l.name),
                   coalesce(nullif(v.name_zh, ''), p.name_zh, l.name),
                   l.quantity_milli, l.amount_minor, l.discount_minor, l.restricted,
                   coalesce(back.quantity_milli, 0)::bigint, coalesce(back.amount_minor, 0)::bigint
            FROM sales_receipt r
            JOIN malls_store s ON s.id = r.store_id
            JOIN sales_receiptline l ON l.receipt_id = r.id
            LEFT JOIN catalog_variant v ON v.id = l.variant_id
            LEFT JOIN catalog_product p ON p.id = v.product_id
            LEFT JOIN LATERAL (
                SELECT sum(x.quantity_milli) AS quantity_milli, sum(x.amount_minor) AS amount_minor
                FROM sales_return b JOIN sales_returnline x ON x.goods_return_id = b.id
                WHERE b.receipt_id = r.id AND x.line_no = l.line_no
            ) back ON true
            WHERE r.id = ANY(%s::uuid[])
            ORDER BY r.id, l.line_no
            """,
            [list(receipt_ids)],
        )
        for receipt_id, code, *line in cursor.fetchall():
            codes[receipt_id] = code
            lines[receipt_id].append(SheetLine(*line))
    return {
        receipt_id: ReceiptSheet(code, tuple(lines[receipt_id]))
        for receipt_id, code in codes.items()
    }


def receipts_matching(receipts: QuerySet[Receipt], text: str) -> QuerySet[Receipt]:
    """Receipts whose number begins with what was typed."""
    return receipts.filter(number__startswith=text.strip())


def receipts_with_product(receipts: QuerySet[Receipt], product_id: UUID) -> QuerySet[Receipt]:
    """Receipts with at least one line of a product."""
    lines = ReceiptLine.objects.filter(receipt=OuterRef("pk"), variant__product=product_id)
    return receipts.filter(Exists(lines))


def receipts_with_category(receipts: QuerySet[Receipt], category_id: UUID) -> QuerySet[Receipt]:
    """Receipts with at least one line of goods that stand directly in a category."""
    lines = ReceiptLine.objects.filter(
        receipt=OuterRef("pk"), variant__product__category=category_id
    )
    return receipts.filter(Exists(lines))


def receipt_ids_by_number(actor: Actor, text: str, *, limit: int) -> list[UUID]:
    """Receipts in the actor's scope whose number begins with ``text``, by number. Two statements.

    The index of numbers begins with the store: each store is asked for its own few, so that a
    beginning that every receipt shares costs no more than a rare one.
    """
    store_ids = store_ids_in(actor.scope)
    if store_ids is None:
        store_ids = frozenset(Store.objects.values_list("id", flat=True))
    wanted = text.strip()
    bounds = [wanted, wanted + chr(0x10FFFF)]
    rows = fetch_rows(_BY_NUMBER, [sorted(store_ids), *bounds, limit, limit])
    return [id_ for (id_,) in rows]


_BY_NUMBER = """
    SELECT r.id
    FROM unnest(%s::uuid[]) AS s (id)
    CROSS JOIN LATERAL (
        SELECT id, number FROM sales_receipt
        WHERE store_id = s.id AND number >= %s AND number < %s
        ORDER BY number LIMIT %s
    ) r
    ORDER BY r.number, r.id LIMIT %s
"""


def returns_matching(returns: QuerySet[Return], text: str) -> QuerySet[Return]:
    """Returns whose own number or whose receipt's number begins with what was typed."""
    wanted = text.strip()
    return returns.filter(Q(number__startswith=wanted) | Q(receipt__number__startswith=wanted))


def store_days_in(scope: Scope) -> QuerySet[StoreDay]:
    """The daily figures of the stores in ``scope``."""
    store_ids = store_ids_in(scope)
    days = StoreDay.objects.all()
    return days if store_ids is None else days.filter(store_id__in=store_ids)


def latest_trading_day(days: QuerySet[StoreDay]) -> dt.date | None:
    """The latest business day with receipts or returns among ``days``."""
    latest: dt.date | None = days.aggregate(latest=Max("business_day"))["latest"]
    return latest


def trade_by_place(
    days: QuerySet[StoreDay], first: dt.date, last: dt.date, *, by_store: bool
) -> list[PlaceDay]:
    """The trade of each mall (or store) on each business day from ``first`` to ``last``."""
    place = "store_id" if by_store else "store__mall_id"
    rows = (
        days.filter(business_day__range=(first, last))
        .values_list(place, "business_day")
        .annotate(
            receipts_sum=Sum("receipts"),
            member_receipts_sum=Sum("member_receipts"),
            net_sum=Sum(F("net_minor") - F("refund_minor")),
            member_net_sum=Sum(F("member_net_minor") - F("member_refund_minor")),
        )
    )
    return [PlaceDay(row[0], row[1], Trade(*(int(figure) for figure in row[2:]))) for row in rows]
