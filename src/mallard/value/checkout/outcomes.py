"""The answer to each item of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mallard.kernel.errors import DomainError


class Status(StrEnum):
    """What became of an item. ``PENDING``: a return that waits for its sale."""

    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    PENDING = "pending"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ReceiptOutcome:
    """What became of a receipt. ``points`` is what it earns now; ``reason`` says why."""

    store_code: str
    number: str
    status: Status
    receipt_id: UUID | None = None
    points: int = 0
    reason: str | None = None
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class ReturnOutcome:
    """What became of a return. ``points_taken`` is what the receipt earns less than before."""

    store_code: str
    number: str
    status: Status
    return_id: UUID | None = None
    receipt_id: UUID | None = None
    refund_minor: int = 0
    points_taken: int = 0
    error: DomainError | None = None
