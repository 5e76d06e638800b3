"""What came over from North Isle's former system, and who signed for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from django.db.models import Sum

from mallard.demo.calendar import FIRST_DAY, ZONE, shift_weeks
from mallard.demo.people import DemoPerson, demographics, people
from mallard.demo.people_load import load_members
from mallard.demo.receipts import Year
from mallard.demo.staff import actor_as
from mallard.demo.story import former
from mallard.demo.tests.worlds import load_world
from mallard.kernel import clock
from mallard.kernel.access.actor import system
from mallard.value.ledger.models import Lot
from mallard.value.ledger.verification import verify
from mallard.value.loyalty.models import TierOverride
from mallard.value.migration import services
from mallard.value.migration.errors import WrongMoment
from mallard.value.migration.models import Measure, Migration, MigrationRow, Status
from mallard.value.migration.queries import figures
from mallard.world.members.models import Member

ACTOR = system("tests")
KEY = Path(__file__).parents[4] / "docs" / "explanation" / "demo-answer-key.md"
LOADED_ON = dt.date(2026, 11, 26)
LOADED_AT = dt.datetime.combine(LOADED_ON, dt.time(9, 30), ZONE)
WEEKS = shift_weeks(LOADED_ON)


@pytest.fixture(scope="module")
def everybody(source: duckdb.DuckDBPyConnection, year: Year) -> list[DemoPerson]:
    return list(people(year.first_visits(), demographics(source), weeks=WEEKS))


@pytest.fixture(scope="module")
def loaded(standing: None, year: Year, everybody: list[DemoPerson]) -> None:
    """The places, the programme, whoever enrolled at the mall, and the migration, twice."""
    with clock.frozen(LOADED_AT):
        load_world(year, weeks=WEEKS, actor=ACTOR)
        theirs = [one for one in everybody if one.enrolled_store.startswith(former.MALL)]
        load_members(theirs, actor=ACTOR)
        former.plant(theirs, weeks=WEEKS)
        former.plant(theirs, weeks=WEEKS)


@pytest.fixture
def planted(loaded: None, db: None) -> Iterator[Migration]:
    with clock.frozen(LOADED_AT):
        yield Migration.objects.get()


def test_it_is_signed_by_two_people_in_the_first_month(planted: Migration) -> None:
    first_day = FIRST_DAY + dt.timedelta(weeks=WEEKS)
    assert planted.status == Status.SIGNED
    assert planted.is_generated
    signed = {planted.first_signed_by_label, planted.second_signed_by_label}
    assert signed == {actor_as(role).label for role in ("finance", "director")}
    for at in (planted.posted_at, planted.first_signed_at, planted.second_signed_at):
        assert at is not None
        assert 0 <= (at.astimezone(ZONE).date() - first_day).days < 31


def test_every_difference_is_told_by_its_reason_and_nothing_else_differs(
    planted: Migration,
) -> None:
    lines = {(line.measure, line.key): line for line in figures(planted)}
    gone, doubled = sum(former.GONE_POINTS), MigrationRow.objects.get(problem="twice")
    assert doubled.points is not None
    points = lines[Measure.POINTS, ""]
    assert points.expected is not None
    assert points.file == points.expected + doubled.points
    assert points.ledger == points.expected - gone
    assert points.ledger == Lot.objects.aggregate(sum=Sum("amount"))["sum"]
    assert lines[Measure.MEMBERS, ""].difference == -len(former.GONE_CARDS)
    told = {key for key, line in lines.items() if line.explanation}
    assert told == {key for key, line in lines.items() if line.differs}
    assert len(told) == 5  # members, points, one funder, two months (of that year)
    assert MigrationRow.objects.filter(problem="unknown").count() == len(former.GONE_CARDS)
    assert verify().is_sound


def test_lots_end_with_a_month_and_tiers_begin_the_day_after(planted: Migration) -> None:
    assert planted.posted_at is not None
    for lot in Lot.objects.all():
        assert lot.expires_at is not None
        last_day = (lot.expires_at - dt.timedelta(days=1)).astimezone(ZONE).date()
        assert (last_day + dt.timedelta(days=1)).day == 1
        assert lot.expires_at > planted.posted_at
    given = TierOverride.objects.select_related("tier")
    assert {one.tier.code for one in given} == {"silver", "gold"}
    assert all(one.first_day > planted.posted_at.astimezone(ZONE).date() for one in given)


def test_nobody_has_points_from_before_they_joined(
    planted: Migration, everybody: list[DemoPerson]
) -> None:
    joined = dict(Member.objects.values_list("pk", "joined_at"))
    for lot in Lot.objects.select_related("transfer"):
        assert lot.transfer.occurred_at.date() >= joined[lot.member_id].astimezone(ZONE).date()


def test_the_job_that_runs_again_after_the_signatures_finds_nothing_to_do(
    planted: Migration,
) -> None:
    before = list(Lot.objects.order_by("pk").values_list())
    services.post_rows(planted.pk)
    services.take_rows_back(planted.pk)
    assert list(Lot.objects.order_by("pk").values_list()) == before
    with pytest.raises(WrongMoment):
        services.start_posting(planted.pk, actor=actor_as("crm_manager"))


def test_the_answer_key_says_what_came_over(planted: Migration) -> None:
    key = KEY.read_text("utf-8")
    lines = {(line.measure, line.key): line for line in figures(planted)}
    assert former.NAME in key
    for measure in (Measure.MEMBERS, Measure.POINTS):
        for number in (lines[measure, ""].expected, lines[measure, ""].ledger):
            assert f"{number:,}" in key
    for tier in ("silver", "gold"):
        assert f"{lines[Measure.TIER, tier].ledger} {tier}" in key
