"""Members for tests, made through the services that everybody uses."""

from __future__ import annotations

import itertools
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, ActorKind, Scope, system
from mallard.kernel.ids import uuid7
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.models import Member
from mallard.world.members.services import enrol_member

SYSTEM = system("tests")
# None looks like a stand-in (138 0000 0000): data quality would call it not valid.
_phones = itertools.count(13_846_029_113, 7)


def a_phone() -> str:
    """A Chinese mobile number that nobody has yet."""
    return str(next(_phones))


def a_member(
    *,
    name: str = "王小明",
    phone: str | None = None,
    profile: dict[str, str] | None = None,
    identities: tuple[IdentityInput, ...] = (),
    **more: Any,
) -> Member:
    """An open member with a name and a phone number."""
    enrolled = enrol_member(
        Enrolment(
            profile={"name": name, **(profile or {})},
            identities=(IdentityInput("phone", phone or a_phone()), *identities),
            **more,
        ),
        actor=SYSTEM,
    )
    return Member.objects.get(pk=enrolled.id)


def two_records(mall_id: UUID, **known: str) -> tuple[Member, Member]:
    """One person twice, not merged yet; the second record says more, and what is ``known``."""
    first = a_member(
        name="Lin Mei", phone="13800000001", profile={"occupation": "Teacher"}, mall_id=mall_id
    )
    second = a_member(
        name="Lin May", phone="13900000002",
        profile={"occupation": "Painter", "birth_date": "1990-05-21", **known},
        identities=(IdentityInput("email", "may@example.com"),), mall_id=mall_id,
    )  # fmt: skip
    return first, second


def an_actor(*permissions: str, scope: Scope = WHOLE_GROUP) -> Actor:
    """Somebody of the staff who may do just this, there."""
    return Actor(ActorKind.STAFF, uuid7(), "tester", frozenset(permissions), scope)
