"""What somebody holds and hands over when they leave.

Staff knows of sessions, keys, roles and views. An app above that gives people something to do
states it here: it registers a `Holdings`, and the leaver's screen shows it and hands it over in
the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise

from mallard.kernel.access.actor import Actor

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that somebody holds, as the reader may see it."""

    label: str
    note: str = ""
    url: str = ""


class Holdings(Protocol):
    """A kind of thing that people hold and others take over.

    ``without_heir`` says what becomes of it when nobody is named.
    """

    code: str

    @property
    def name(self) -> str | Promise: ...

    @property
    def without_heir(self) -> str | Promise: ...

    def count(self, user_id: UUID) -> int:
        """How many there are."""

    def some(self, user_id: UUID, *, actor: Actor) -> Sequence[Held]:
        """The first `SHOWN` of them that ``actor`` may see."""

    def hand_over(self, user_id: UUID, *, heir_id: UUID | None, actor: Actor) -> int:
        """Give them to the heir, or where they belong without one; how many. Called inside the
        transaction in which somebody leaves."""


_holdings: dict[str, Holdings] = {}


def register_holdings(holdings: Holdings) -> None:
    """Make a kind known; registering the same code again replaces it."""
    _holdings[holdings.code] = holdings


def every_holdings() -> list[Holdings]:
    return list(_holdings.values())
