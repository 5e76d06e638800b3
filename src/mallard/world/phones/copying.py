"""Changes of phone at the desk, for the copy of a member's data."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mallard.world.members.copies import Part, Row, Subject, register_part, theirs, worded
from mallard.world.phones.models import PhoneChange
from mallard.world.phones.queries import answer_context, phone_context

_CHANGES = {
    "asked_at": _("When"), "phone": _("New phone"), "proof": _("Proof"), "state": _("State"),
    "done_at": _("Changed"), "answer": _("Answer"),
}  # fmt: skip


def _changes(subject: Subject) -> Iterable[Row]:
    for row in theirs(PhoneChange, subject):
        yield {
            "asked_at": row.asked_at,
            "phone": subject.opened(row.member_id, row.phone_sealed, phone_context(row.pk)),
            "proof": worded(row, "proof"),
            "state": worded(row, "state"),
            "done_at": row.done_at,
            "answer": subject.opened(row.member_id, row.answer_sealed, answer_context(row.pk)),
        }


def register() -> None:
    register_part(
        Part("phones", _("Changes of phone"), ("phones.PhoneChange",), _CHANGES, _changes, 8)
    )
