"""Where a member is signed in, for the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mallard.world.members.copies import (
    Part,
    Row,
    Subject,
    leave_out,
    register_part,
    theirs,
    worded,
)
from mallard.world.memberweb.models import CardCodeUse, MemberSession

_SESSIONS = {
    "device": _("Browser"), "way_in": _("Came in by"), "started_at": _("When"),
    "last_seen_at": _("Last used"), "ended_at": _("Until"),
}  # fmt: skip


def _sessions(subject: Subject) -> Iterable[Row]:
    for row in theirs(MemberSession, subject):
        told = {code: getattr(row, code) for code in _SESSIONS}
        yield told | {
            "way_in": worded(row, "way_in"),
            "ended_at": row.ended_at or row.expires_at,
        }


def _codes(subject: Subject) -> Iterable[Row]:
    for row in theirs(CardCodeUse, subject):
        yield {"shown_at": row.shown_at, "is_spent": row.spent_at is not None}


def register() -> None:
    register_part(
        Part(
            "sessions", _("Where you are signed in"), ("memberweb.MemberSession",), _SESSIONS,
            _sessions, 70,
        )
    )  # fmt: skip
    register_part(
        Part(
            "card_codes",
            _("Codes of your card that were scanned"),
            ("memberweb.CardCodeUse",),
            {"shown_at": _("When"), "is_spent": _("Paid with it")},
            _codes,
            71,
        )
    )
    leave_out(
        "memberweb.SignInCode",
        "memberweb.SignInLink",
        "memberweb.CardPhone",
        because="secrets that open the page, without a word about the member; gone within days",
    )
