"""What a member may ask of the mall about their data, and how it stands.

Requests are `world.privacy`'s; this says them in the member's words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.access.actor import Actor
from mallard.world.privacy import services
from mallard.world.privacy.models import RequestStatus
from mallard.world.privacy.queries import requests_of, words_of

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Right:
    """Something that a member may ask for."""

    code: str
    label: Any
    hint: Any
    needs_words: bool = False


RIGHTS = (
    Right("export", _("A copy of my data"), _("Everything that the mall knows of you.")),
    Right(
        "correction",
        _("Correct my data"),
        _("Say what is wrong and what is right."),
        needs_words=True,
    ),
    Right(
        "restriction",
        _("Use my data less"),
        _("Say what bothers you. Offers, profiling, surveys and sharing with stores stop."),
        needs_words=True,
    ),
    Right(
        "objection",
        _("No profiling of me"),
        _("Recommendations are no longer worked out from what you buy."),
    ),
    Right(
        "erasure",
        _("Erase me"),
        _("Your membership ends and your points are lost. We ask you once more before we do it."),
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the member follows it; ``answer`` is what the desk wrote."""

    label: Any
    at: dt.datetime
    due_at: dt.datetime
    status: str
    status_name: Any
    closed_at: dt.datetime | None
    answer: str


def ask(right: str, *, words: str, actor: Actor) -> bool:
    """The member asks for ``right``; whether it is new (the same one may be open already).

    Raises `TaskInvalid`, `PaymentCardRefused` with the fields at fault.
    """
    if actor.id is None:
        raise ValueError("a member asks for themselves")
    return services.ask(actor.id, right, words=words, actor=actor)[1]


_STATUS = {
    RequestStatus.OPEN: pgettext_lazy("privacy", "Open"),
    RequestStatus.DONE: _("Done"),
    RequestStatus.REFUSED: _("Refused"),
    RequestStatus.GONE: _("Closed"),
}


def asked_by(record_ids: Collection[UUID]) -> list[Asked]:
    """What the member asked for, newest first."""
    labels = {right.code: right.label for right in RIGHTS}
    rows = requests_of(record_ids, limit=SHOWN)
    words = words_of(rows)
    return [
        Asked(
            labels.get(row.kind, row.get_kind_display()),
            row.received_at,
            row.due_at,
            row.status,
            _STATUS[RequestStatus(row.status)],
            row.closed_at,
            words[row.pk].outcome,
        )
        for row in rows
    ]
