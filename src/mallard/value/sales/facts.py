"""What a till says, as plain types. Amounts are minor units, quantities thousandths."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from mallard.world.members.queries import MemberRef


@dataclass(frozen=True, slots=True)
class LineInput:
    """One line of a receipt.

    ``amount_minor`` is what was paid for the line: tax included, after discounts.
    ``discount_minor`` is what was taken off before. A line names its goods by ``sku`` or
    ``barcode`` where the catalogue knows them, by ``name`` otherwise; ``restricted`` is then what
    a person read from the paper.
    """

    sku: str | None
    name: str
    quantity_milli: int
    amount_minor: int
    discount_minor: int = 0
    barcode: str | None = None
    restricted: str | None = None


@dataclass(frozen=True, slots=True)
class TenderInput:
    """How (a part of) a receipt was paid: cash, card, wechat, alipay, voucher, other."""

    kind: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ReceiptInput:
    """A completed sale in a store. ``(store_code, number)`` identifies it for ever."""

    store_code: str
    number: str
    occurred_at: dt.datetime
    currency: str
    member: MemberRef | None
    lines: tuple[LineInput, ...]
    tenders: tuple[TenderInput, ...] = ()
    visit_reference: str | None = None
    recorded_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnLineInput:
    """Goods of one line that came back. Without an amount the share by quantity is refunded."""

    line_no: int
    quantity_milli: int
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class ReturnInput:
    """Goods brought back. ``lines=None`` returns everything that remains of the receipt."""

    store_code: str
    number: str
    receipt_number: str
    occurred_at: dt.datetime
    lines: tuple[ReturnLineInput, ...] | None = None
    recorded_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line as it stands in the database, with what has come back of it so far."""

    line_no: int
    quantity_milli: int
    amount_minor: int
    restricted: str | None
    returned_quantity_milli: int = 0
    returned_amount_minor: int = 0
    discount_minor: int = 0

    @property
    def remaining_minor(self) -> int:
        return self.amount_minor - self.returned_amount_minor


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A receipt as it stands, with its lines: what returns and reassessments work on."""

    id: UUID
    store_id: UUID
    number: str
    member_id: UUID | None
    mall_id: UUID
    tenant_id: UUID
    occurred_at: dt.datetime
    business_day: dt.date
    currency: str
    lines: tuple[StoredLine, ...]
    is_paid_in_points: bool = False
    """Points paid for some of it."""
