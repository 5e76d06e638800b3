"""Who stands behind an actor's id, for work that goes on when nobody is waiting.

The kernel knows no staff: the app that owns people registers how to find them. A job asks anew
each time, so whoever lost a role since has lost it in the job, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from mallard.kernel.access.actor import Actor, ActorKind, Scope


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


FindRoles = Callable[[Actor], Sequence[tuple[str, Scope]]]
NameRoles = Callable[[], Mapping[str, str]]
_roles: list[tuple[FindRoles, NameRoles]] = []


def register_roles(find: FindRoles, name: NameRoles) -> None:
    """Say which roles a member of staff holds and what roles are called, in the active language;
    the last one registered is asked. Rows that belong to a role (tags, lists) ask by these."""
    _roles.append((find, name))


def roles_of(actor: Actor) -> frozenset[str]:
    """The codes of the roles in which somebody of the staff acts; nobody else has one."""
    if not _roles or actor.kind is not ActorKind.STAFF or actor.id is None:
        return frozenset()
    return frozenset(code for code, _scope in _roles[-1][0](actor))


def role_names() -> dict[str, str]:
    """What the roles that can be held are called, by code."""
    return dict(_roles[-1][1]()) if _roles else {}
