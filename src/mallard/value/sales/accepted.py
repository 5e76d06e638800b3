"""What checkout has decided to write: the tills' words plus what we made of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from mallard.value.sales.facts import ReceiptInput, ReturnInput, ReturnLineInput, StoredReceipt
from mallard.world.malls.facts import StoreFacts


@dataclass(slots=True)
class AcceptedReceipt:
    """A receipt that will be written: the till's words plus what we made of them.

    ``lines`` are (variant id, category ids, restricted kind) per line of ``given``.
    """

    id: UUID
    given: ReceiptInput
    store: StoreFacts
    member_id: UUID | None
    business_day: dt.date
    recorded_at: dt.datetime
    net_minor: int
    discount_minor: int
    eligible_minor: int
    fingerprint: bytes
    goods: list[tuple[UUID | None, tuple[UUID, ...], str | None]]
    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PaperContent:
    """What a desk typed of a receipt, before the till takes its place."""

    member_id: UUID | None
    business_day: dt.date
    net_minor: int
    discount_minor: int
    has_returns: bool


@dataclass(slots=True)
class AcceptedReturn:
    """A return that will be written: its sale, what comes back, and the day it counts on."""

    id: UUID
    given: ReturnInput
    receipt: StoredReceipt
    lines: list[ReturnLineInput]
    business_day: dt.date
    recorded_at: dt.datetime
    fingerprint: bytes

    @property
    def refund_minor(self) -> int:
        return sum(line.amount_minor or 0 for line in self.lines)
