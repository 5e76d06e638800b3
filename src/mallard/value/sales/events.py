"""What sales announces. Events carry ids and figures, never anything personal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mallard.kernel.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRecorded(Event):
    """A sale became known. ``subject_id`` is the receipt. ``is_paper``: a desk typed it."""

    name: ClassVar[str] = "sales.receipt_recorded"
    store_id: str
    member_id: str | None
    business_day: str
    net_minor: int
    is_paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptNamed(Event):
    """A sale of nobody got its member. ``subject_id`` is the receipt."""

    name: ClassVar[str] = "sales.receipt_named"
    store_id: str
    member_id: str
    business_day: str
    net_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptMet(Event):
    """The till told a sale that a desk had typed from paper. ``subject_id`` is the receipt.

    ``was_minor`` is what the paper said; ``is_replaced`` False where goods had come back already,
    so that the paper's words stay; ``names_another``: the till says that somebody else bought.
    """

    name: ClassVar[str] = "sales.receipt_met"
    store_id: str
    member_id: str | None
    business_day: str
    net_minor: int
    was_minor: int
    is_replaced: bool
    names_another: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRecorded(Event):
    """Goods came back. ``subject_id`` is the return."""

    name: ClassVar[str] = "sales.return_recorded"
    receipt_id: str
    store_id: str
    member_id: str | None
    business_day: str
    refund_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationReviewed(Event):
    """A tenant's declared sales were confirmed, disputed or opened again. ``subject_id`` is the
    declaration."""

    name: ClassVar[str] = "sales.declaration_reviewed"
    store_id: str
    business_day: str
    status: str
