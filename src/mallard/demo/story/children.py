"""Children who joined while the group let everybody in, and what their guardians said since.

The administrator takes the least age away in the year's first days and sets it weeks later; the
next night finds who is too young. One child's guardian allows what the child chose, one's did and
took it back, one's has said nothing. Their birth dates move with the year, so that they are as old
whenever the load happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY, ZONE
from mallard.demo.people import years_before
from mallard.demo.staff import actor_as
from mallard.demo.story.people import StoryMember, enrol, joined_on
from mallard.kernel import clock
from mallard.kernel.access.actor import Actor, system
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.settings.services import change_setting
from mallard.world.members.queries import MemberRef, find_by_identities
from mallard.world.members.services import (
    note_children,
    record_guardian_consent,
    withdraw_guardian_consent,
)
from mallard.world.members.settings import LEAST_AGE


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day on that day of the year."""

    day: int
    at: time

    def of(self, weeks: int) -> datetime:
        return datetime.combine(FIRST_DAY + timedelta(weeks=weeks, days=self.day), self.at, ZONE)


@dataclass(frozen=True, slots=True)
class Guardian:
    """A parent who signed at the desk; ``withdrawn`` where they took it back."""

    name: str
    proof: str
    signed: Moment
    withdrawn: Moment | None = None


@dataclass(frozen=True, slots=True)
class PlantedChild:
    """A child who joined on ``joined_on_day`` of the year; on its last day they are ``age`` years
    old and so many days. All joined at East Shore, whose desk keeps what guardians say."""

    number: int
    name: str
    gender: str
    language: str
    store: str
    joined_on_day: int
    age: int
    days: int
    guardian: Guardian | None = None

    def birth_date(self, *, weeks: int) -> date:
        last = LAST_FULL_DAY + timedelta(weeks=weeks)
        return years_before(last - timedelta(days=self.days), self.age)

    def member(self, *, weeks: int) -> StoryMember:
        return StoryMember(
            self.number, self.name, self.gender, self.birth_date(weeks=weeks), self.language,
            self.store, ALLOWED,
        )  # fmt: skip

    @property
    def ref(self) -> MemberRef:
        return self.member(weeks=0).ref


LIMIT_GONE, LIMIT_SET = Moment(3, time(10, 5)), Moment(45, time(9, 30))
NIGHT = time(18, 43, tzinfo=UTC)
"""When data quality is measured: at night in China."""
NO_LIMIT, LIMIT = 0, 14
ALLOWED = (("marketing", "sms"), ("marketing", "wechat"), ("profiling", "any"))
CHILDREN = (
    PlantedChild(
        16, "田一诺", "female", "zh-hans", "ES-SUP", joined_on_day=9, age=12, days=100,
        guardian=Guardian("田立群", "户口簿原件 Household register", Moment(50, time(11, 20))),
    ),
    PlantedChild(
        17, "Poppy Ellison", "female", "en", "ES-SUP", joined_on_day=20, age=11, days=220,
        guardian=Guardian(
            "Ruth Ellison", "Birth certificate and passport", Moment(47, time(15, 5)),
            withdrawn=Moment(130, time(10, 40)),
        ),
    ),
    PlantedChild(18, "罗子墨", "male", "zh-hans", "ES-COF", joined_on_day=33, age=9, days=40),
)  # fmt: skip
"""In the order in which they joined."""


@atomic_retrying
def plant(*, weeks: int, actor: Actor) -> None:
    """Enrol and find them, and record what guardians said, once: again changes nothing."""
    if find_by_identities([CHILDREN[0].ref]):
        return
    _limit(NO_LIMIT, LIMIT_GONE.of(weeks))
    for child in CHILDREN:
        with clock.frozen(joined_on(child.joined_on_day, weeks=weeks)):
            enrol(
                [child.member(weeks=weeks)], weeks=weeks, joined_on_day=child.joined_on_day,
                actor=actor,
            )  # fmt: skip
    _limit(LIMIT, LIMIT_SET.of(weeks))
    members = _members()
    _find(members, weeks=weeks)
    for child in CHILDREN:
        if child.guardian is not None:
            _hear(child.guardian, members[child.ref], weeks=weeks)


def found_at(*, weeks: int) -> datetime:
    """The first measurement after the limit was set."""
    return datetime.combine(LIMIT_SET.of(weeks).date(), NIGHT)


def _limit(years: int, at: datetime) -> None:
    with clock.frozen(at):
        change_setting(LEAST_AGE.code, value=years, actor=actor_as("administrator"))


def _members() -> Mapping[MemberRef, UUID]:
    found = find_by_identities([child.ref for child in CHILDREN])
    return {ref: one.member_id for ref, one in found.items()}


def _find(members: Mapping[MemberRef, UUID], *, weeks: int) -> None:
    """What that night's measurement says of them; its figures of everybody else are the load's."""
    dates = {members[one.ref]: one.birth_date(weeks=weeks) for one in CHILDREN}
    at = found_at(weeks=weeks)
    with clock.frozen(at):
        note_children(dates, at=at, actor=system("data quality"))


def _hear(guardian: Guardian, member_id: UUID, *, weeks: int) -> None:
    agent = actor_as("service_agent")
    signed_at = guardian.signed.of(weeks)
    with clock.frozen(signed_at):
        record_guardian_consent(
            member_id,
            guardian=guardian.name,
            proof=guardian.proof,
            given_on=signed_at.date(),
            actor=agent,
        )
    if guardian.withdrawn is not None:
        with clock.frozen(guardian.withdrawn.of(weeks)):
            withdraw_guardian_consent(member_id, actor=agent)
