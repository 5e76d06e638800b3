"""Purchases that a member brought on paper, for the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mallard.value.counter.models import PaperReceipt
from mallard.value.counter.queries import answer_context
from mallard.world.members.copies import Part, Row, Subject, register_part, theirs, worded

_PAPERS = {
    "asked_at": _("When"), "store": _("Store"), "number": _("Receipt"),
    "amount_minor": _("Amount in minor units"), "currency": _("Currency"), "state": _("State"),
    "points": _("Points"), "answer": _("Answer"),
}  # fmt: skip


def _papers(subject: Subject) -> Iterable[Row]:
    for row in theirs(PaperReceipt, subject).select_related("store"):
        told = {code: getattr(row, code) for code in _PAPERS if code != "answer"}
        yield told | {
            "store": row.store.name,
            "state": worded(row, "state"),
            "answer": subject.opened(row.member_id, row.answer_sealed, answer_context(row.pk)),
        }


def register() -> None:
    register_part(
        Part("papers", _("Paper receipts"), ("counter.PaperReceipt",), _PAPERS, _papers, 41)
    )
