"""The few people that the story adds: members who cheat, and the staff who help themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mallard.demo.calendar import FIRST_DAY, ZONE
from mallard.demo.people import card_number
from mallard.demo.people_load import CONSENT_SOURCE
from mallard.demo.staff import DOMAIN
from mallard.kernel.access.actor import Actor, Scope
from mallard.kernel.provenance import Origin
from mallard.world.malls.models import Store
from mallard.world.members.inputs import ConsentInput, Enrolment, IdentityInput
from mallard.world.members.queries import MemberRef
from mallard.world.members.services import enrol_members
from mallard.world.staff.models import Language, StaffUser
from mallard.world.staff.services import create_staff

# Households of the source are numbered up to 2,500; cards of the story begin far beyond.
FIRST_STORY_CARD = 9_900_000
JOINED_DAYS_BEFORE = 200


@dataclass(frozen=True, slots=True)
class StoryMember:
    """Somebody whom the story adds; ``number`` decides card and phone. ``allows`` are purposes
    with their channels, besides the programme."""

    number: int
    name: str
    gender: str
    birth_date: date
    language: str
    store: str
    allows: tuple[tuple[str, str], ...] = ()

    @property
    def card(self) -> str:
        return card_number(FIRST_STORY_CARD + self.number)

    @property
    def ref(self) -> MemberRef:
        return MemberRef("card", self.card)


@dataclass(frozen=True, slots=True)
class StoryStaff:
    """Somebody who works at a till and is not among the logins."""

    mailbox: str
    name: str
    role: str
    store: str
    language: str

    @property
    def email(self) -> str:
        return f"{self.mailbox}@{DOMAIN}"


CASHIER = StoryStaff("leo.marsh", "Leo Marsh", "cashier", "OQ-SUP", Language.ENGLISH)
CASHIERS_CARD = StoryMember(1, "Leo Marsh", "male", date(1993, 4, 18), "en", "OQ-SUP")
ASSISTANT = StoryStaff("qiu.yuhe", "邱语禾 Qiu Yuhe", "sales_assistant", "SB-BEA", Language.CHINESE)
ASSISTANTS_CARD = StoryMember(2, "邱语禾", "female", date(1997, 11, 2), "zh-hans", "SB-BEA")
RETURNER = StoryMember(3, "Vera Maddox", "female", date(1984, 7, 9), "en", "WD-BEA")
SPLITTER = StoryMember(4, "郝思源", "male", date(1990, 1, 27), "zh-hans", "ES-COF")

STAFF = (CASHIER, ASSISTANT)
MEMBERS = (CASHIERS_CARD, ASSISTANTS_CARD, RETURNER, SPLITTER)


def are_employed() -> bool:
    """Whether the story has begun here."""
    return StaffUser.objects.filter(email__in=[person.email for person in STAFF]).exists()


def employ(*, actor: Actor) -> None:
    """Make their accounts: without a password, so nobody signs in."""
    for person in STAFF:
        create_staff(
            email=person.email,
            name=person.name,
            role=person.role,
            scope=Scope(store_ids=frozenset({Store.objects.get(code=person.store).id})),
            language=person.language,
            origin=Origin.GENERATED,
            actor=actor,
        )


def enrol(
    members: Sequence[StoryMember],
    *,
    weeks: int,
    actor: Actor,
    joined_on_day: int = -JOINED_DAYS_BEFORE,
) -> None:
    """Enrol these people in one batch, on that day of the year: all of them or none."""
    joined_at = joined_on(joined_on_day, weeks=weeks)
    stores = {row.code: row for row in Store.objects.filter(code__in=[m.store for m in members])}
    enrol_members(
        [_enrolment(member, stores[member.store], joined_at) for member in members], actor=actor
    )


def joined_on(day: int, *, weeks: int) -> datetime:
    """When they join who join on that day of the year: at noon."""
    first = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 12, tzinfo=ZONE)
    return first + timedelta(weeks=weeks, days=day)


def _enrolment(member: StoryMember, store: Store, joined_at: datetime) -> Enrolment:
    return Enrolment(
        profile={
            "name": member.name,
            "gender": member.gender,
            "birth_date": member.birth_date.isoformat(),
        },
        identities=(
            IdentityInput("phone", f"+8615499{member.number:06d}"),
            IdentityInput("card", member.card),
        ),
        consents=tuple(
            ConsentInput(purpose, channel=channel, occurred_at=joined_at, source=CONSENT_SOURCE)
            for purpose, channel in (("programme", "any"), *member.allows)
        ),
        store_id=store.id,
        mall_id=store.mall_id,
        joined_at=joined_at,
        recorded_at=joined_at,
        language=member.language,
        origin=Origin.GENERATED,
    )
