"""Who stands behind an actor's id, for work that goes on when nobody is waiting.

The kernel knows no staff: the app that owns people registers how to find them. A job asks anew
each time, so whoever lost a role since has lost it in the job, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from mallard.kernel.access.actor import Actor


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here now: what they may do, and how they read."""

    actor: Actor
    language: str
    zone: ZoneInfo | None


FindPerson = Callable[[UUID], Person | None]
_finders: list[FindPerson] = []


def register_people(find: FindPerson) -> None:
    """Say how people are found; the last one registered is asked."""
    _finders.append(find)


def person_behind(actor_id: UUID) -> Person | None:
    """The person with this id as they are now; None when they are gone or nobody knows them."""
    return _finders[-1](actor_id) if _finders else None
