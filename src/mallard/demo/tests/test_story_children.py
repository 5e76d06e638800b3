"""Children who joined before the group had a least age, and what their guardians said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY, ZONE, shift_weeks
from mallard.demo.place_load import load_place
from mallard.demo.receipts import Year
from mallard.demo.staff import actor_as, create_logins
from mallard.demo.story import children
from mallard.kernel import clock
from mallard.kernel.access.actor import system
from mallard.kernel.audit.models import Entry
from mallard.kernel.provenance import Origin
from mallard.kernel.settings.models import SettingValue
from mallard.world.malls.queries import forget_store_facts
from mallard.world.members.errors import MemberTooYoung
from mallard.world.members.guarding import told_of
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.models import Child, GuardianConsent, Identity, Member
from mallard.world.members.queries import find_by_identities, has_consent, refused_profiling
from mallard.world.members.rules import age_on
from mallard.world.members.services import enrol_members
from mallard.world.members.settings import LEAST_AGE
from mallard.world.privacy.children import visible_children
from mallard.world.quality.services import measure

ACTOR = system("tests")
KEY = Path(__file__).parents[4] / "docs" / "explanation" / "demo-answer-key.md"
LOADED_ON = dt.date(2026, 11, 26)
WEEKS = shift_weeks(LOADED_ON)
LOADED_AT = dt.datetime.combine(LOADED_ON, dt.time(9, 30), ZONE)
STANDS, WITHDRAWN, WAITS = children.CHILDREN
MARKETING = [channel for purpose, channel in children.ALLOWED if purpose == "marketing"]


@pytest.fixture(scope="module")
def loaded(standing: None, year: Year) -> None:
    """The places, the logins and the children, twice: again changes nothing. No household is
    there, as in the smallest part of the year."""
    with clock.frozen(LOADED_AT):
        forget_store_facts()
        load_place(year.stores(), weeks=WEEKS, actor=ACTOR)
        create_logins("not used by any of these", actor=ACTOR)
        children.plant(weeks=WEEKS, actor=ACTOR)
        before = everything()
        children.plant(weeks=WEEKS, actor=ACTOR)
        assert everything() == before


@pytest.fixture
def planted(loaded: None, db: None) -> Iterator[dict[str, UUID]]:
    with clock.frozen(LOADED_AT):
        refs = {one.ref: one.name for one in children.CHILDREN}
        yield {refs[ref]: one.member_id for ref, one in find_by_identities(list(refs)).items()}


def everything() -> list[list[tuple[object, ...]]]:
    models = (Member, Child, GuardianConsent, Identity, Entry)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def may_be_written_to(member_id: UUID) -> bool:
    answers = {has_consent(member_id, "marketing", channel) for channel in MARKETING}
    assert len(answers) == 1
    return answers.pop()


def test_only_whose_guardian_allows_it_is_written_to(planted: dict[str, UUID]) -> None:
    assert {name: may_be_written_to(id_) for name, id_ in planted.items()} == {
        STANDS.name: True,
        WITHDRAWN.name: False,
        WAITS.name: False,
    }
    unguarded = {planted[WITHDRAWN.name], planted[WAITS.name]}
    assert refused_profiling(list(planted.values())) == unguarded
    # They said so themselves, and are members like any other.
    for id_ in planted.values():
        member = Member.objects.get(pk=id_)
        assert has_consent(id_, "programme", "any")
        assert member.origin == Origin.GENERATED
        assert set(member.consents.values_list("origin", flat=True)) == {Origin.GENERATED}
        assert {one.recorded_at for one in member.consents.all()} == {member.joined_at}


def test_the_night_after_the_limit_was_set_found_them(planted: dict[str, UUID]) -> None:
    found_at = children.found_at(weeks=WEEKS)
    limit_set = children.LIMIT_SET.of(WEEKS)
    assert limit_set < found_at < limit_set + dt.timedelta(days=1)
    assert set(Child.objects.values_list("pk", "found_at")) == {
        (id_, found_at) for id_ in planted.values()
    }
    joined = list(Member.objects.order_by("joined_at").values_list("joined_at", flat=True))
    assert children.LIMIT_GONE.of(WEEKS) < joined[0] < joined[-1] < limit_set
    [entry] = Entry.objects.filter(action="members.children_found")
    assert (entry.actor_label, entry.recorded_at) == ("data quality", found_at)


def test_the_load_finds_the_same_again(planted: dict[str, UUID]) -> None:
    assert measure(actor=ACTOR) == len(planted)
    assert set(Child.objects.values_list("pk", flat=True)) == set(planted.values())
    assert Entry.objects.filter(action="members.children_found").count() == 1
    assert GuardianConsent.objects.filter(ended_at=None).count() == 1


def test_the_administrator_took_the_limit_away_and_set_it(planted: dict[str, UUID]) -> None:
    by = actor_as("administrator").id
    entries = Entry.objects.filter(action="settings.setting_changed").order_by("recorded_at")
    told = [
        (one.actor_id, one.before["value"], one.after["value"], one.recorded_at) for one in entries
    ]
    assert told == [
        (by, children.LIMIT, children.NO_LIMIT, children.LIMIT_GONE.of(WEEKS)),
        (by, children.NO_LIMIT, children.LIMIT, children.LIMIT_SET.of(WEEKS)),
    ]
    assert LEAST_AGE.value == children.LIMIT
    assert not SettingValue.objects.exists()
    born = WAITS.birth_date(weeks=WEEKS).isoformat()
    late = Enrolment(
        profile={"birth_date": born}, identities=(IdentityInput("phone", "+8613700000000"),)
    )
    with pytest.raises(MemberTooYoung):
        enrol_members([late], actor=ACTOR)


def test_the_desk_heard_two_guardians_and_sees_who_waits(planted: dict[str, UUID]) -> None:
    agent = actor_as("service_agent")
    rows = {row.member_id: row for row in GuardianConsent.objects.all()}
    assert rows.keys() == {planted[STANDS.name], planted[WITHDRAWN.name]}
    told = told_of(rows.values())
    for child in (STANDS, WITHDRAWN):
        row, guardian = rows[planted[child.name]], child.guardian
        assert guardian is not None
        assert (told[row.pk].guardian, told[row.pk].proof) == (guardian.name, guardian.proof)
        assert row.recorded_at == guardian.signed.of(WEEKS) > children.found_at(weeks=WEEKS)
        assert row.given_on == guardian.signed.of(WEEKS).date()
        assert row.recorded_by_id == agent.id
    ended = rows[planted[WITHDRAWN.name]]
    assert WITHDRAWN.guardian is not None
    assert WITHDRAWN.guardian.withdrawn is not None
    assert (ended.ending, ended.ended_by_id) == ("withdrawn", agent.id)
    assert ended.ended_at == WITHDRAWN.guardian.withdrawn.of(WEEKS)
    assert rows[planted[STANDS.name]].stands
    seen = {row.pk: row.has_guardian for row in visible_children(agent)}  # type: ignore[attr-defined]
    assert seen == {id_: name == STANDS.name for name, id_ in planted.items()}


def test_they_are_nine_to_thirteen_whenever_the_load_happens() -> None:
    day, end = dt.date(2024, 1, 1), dt.date(2035, 1, 1)
    while day < end:
        weeks = shift_weeks(day)
        for child in children.CHILDREN:
            born = child.birth_date(weeks=weeks)
            assert age_on(born, LAST_FULL_DAY + dt.timedelta(weeks=weeks)) == child.age
            # The load may be a week after the year's last day, and the demo is looked at after it.
            assert all(
                9 <= age_on(born, day + dt.timedelta(days=later)) <= 13 for later in (0, 7, 365)
            )
            joined = FIRST_DAY + dt.timedelta(weeks=weeks, days=child.joined_on_day)
            assert 8 <= age_on(born, joined) < children.LIMIT
        day += dt.timedelta(days=1)


def test_the_answer_key_names_them() -> None:
    key = KEY.read_text(encoding="utf-8")
    for child in children.CHILDREN:
        assert child.name in key
        assert f"`{child.ref.value}`" in key
        assert f"day {child.joined_on_day}" in key
        guardian = child.guardian
        if guardian is None:
            continue
        assert guardian.name in key
        assert f"day {guardian.signed.day}" in key
        if guardian.withdrawn is not None:
            assert f"day {guardian.withdrawn.day}" in key
    for moment in (children.LIMIT_GONE, children.LIMIT_SET):
        assert f"day {moment.day}" in key
