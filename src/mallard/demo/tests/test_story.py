"""What is planted can be found where the answer key says, and only there."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from mallard.demo.calendar import FIRST_DAY, ZONE
from mallard.demo.draws import SEED, Draws
from mallard.demo.story import (
    children,
    declarations,
    footfall,
    frauds,
    friends,
    targets,
    tasks,
    twice,
)
from mallard.demo.story.events import CLOSED_STORE
from mallard.demo.story.people import MEMBERS

KEY = Path(__file__).parents[4] / "docs" / "explanation" / "demo-answer-key.md"


@pytest.fixture(scope="module")
def key() -> str:
    return KEY.read_text(encoding="utf-8")


def test_the_answer_key_names_every_place_and_day_that_is_planted(key: str) -> None:
    for stretch in frauds.STRETCHES:
        assert f"`{stretch.code}-…`" in key
        assert f"`{stretch.store}`" in key
        assert f"day {stretch.week * 7}" in key
        assert stretch.member.name in key
    for days in (declarations.UNDER_DECLARED, declarations.SILENT, declarations.DISPUTED):
        assert f"`{days.store}`" in key
        assert f"day {days.first}" in key
    assert f"day {footfall.MUTE.first}" in key
    assert f"`{CLOSED_STORE}`" in key
    assert f"`{frauds.CASHIERS_CARD.card}`" in key


def test_the_storys_people_reach_nobody_and_are_nobody_else() -> None:
    newcomers = (one.member for one in friends.NEWCOMERS)
    young = (one.member(weeks=0) for one in children.CHILDREN)
    planted = (*MEMBERS, *twice.TWICE, *twice.TWINS, *newcomers, *young)
    households = {(h * 73_939_133 + 20_170_101) % 100_000_000 for h in range(1, 2_501)}
    assert not households & {99_000_000 + member.number for member in planted}
    assert len({member.card for member in planted}) == len(planted)


def test_people_are_split_over_the_entrances_whole_and_by_their_shares() -> None:
    for people in range(200):
        parts = footfall._split(people)
        assert sum(parts.values()) == people
        assert all(abs(parts[c] * 100 - people * s) < 100 for c, s in footfall.SHARES.items())


def test_footfall_follows_the_visits_and_one_counter_falls_silent() -> None:
    days = range(footfall.MUTE.first - 2, footfall.MUTE.first + 2)
    visits = Counter(
        {(FIRST_DAY + timedelta(days=day), 48 + q): 3 for day in range(365) for q in range(8)}
    )
    counts = list(footfall.counts_of("NI", visits, FIRST_DAY, days))

    assert counts == list(footfall.counts_of("NI", visits, FIRST_DAY, days))
    by_day = Counter[tuple[int, str]]()
    for count in counts:
        offset = (count.quarter_at.date() - FIRST_DAY).days
        by_day[offset, count.entrance_code] += count.entries
    per_visit = footfall.NOW_PER_VISIT + footfall.USUAL_PER_VISIT
    loud = sum(by_day[days[0], code] for code in footfall.SHARES)
    assert abs(loud - 24 * per_visit) < 24 * per_visit // 5
    assert by_day[days[0], "EAST"] > 0
    assert by_day[days[2], "EAST"] == 0
    assert by_day[days[2], "MAIN"] > 0


def test_a_tenant_declares_more_than_the_panel_save_where_planted() -> None:
    first = declarations.UNDER_DECLARED.first
    sold = {FIRST_DAY + timedelta(days=day): (100_000, 10) for day in range(first - 60, first + 9)}
    told = list(declarations.declarations_of(declarations.UNDER_DECLARED.store, sold, FIRST_DAY))

    honest = [one for one in told if (one.business_day - FIRST_DAY).days < first]
    assert 50 < len(honest) <= 60
    assert all(one.amount_minor > 150_000 for one in honest)
    assert {one.amount_minor for one in told if one not in honest} == {71_000}

    silent = declarations.SILENT
    quiet = {FIRST_DAY + timedelta(days=silent.first + n): (5_000, 2) for n in range(silent.days)}
    assert list(declarations.declarations_of(silent.store, quiet, FIRST_DAY)) == []


def test_targets_go_by_what_was_sold_and_one_is_out_of_reach(key: str) -> None:
    last = date(2026, 11, 22)
    october, november = date(2026, 10, 1), date(2026, 11, 1)
    sold = {october: (3_100_000, 31), november: (2_200_000, 22)}
    for month, basis in ((october, 3_100_000), (november, 3_000_000)):
        amount = targets.target_of("ES-BAK", month, sold, last, is_late=False)
        assert basis * 92 // 100 - 10_000 <= amount <= basis * 110 // 100
        assert amount % targets.ROUNDED_TO_MINOR == 0
    # The month after the year goes by the days of the last.
    december = targets.target_of("ES-BAK", date(2026, 12, 1), sold, last, is_late=False)
    assert 2_700_000 < december <= 3_300_000
    far = targets.target_of(targets.OVERREACHING, october, sold, last, is_late=True)
    assert far == 3_100_000 * targets.OVERREACHING_PERCENT // 100 // 10_000 * 10_000
    assert targets.target_of("ES-BAK", october, {}, last, is_late=False) == 0
    assert f"`{targets.OVERREACHING}`" in key
    assert f"{targets.OVERREACHING_PERCENT} %" in key


def test_most_follow_ups_are_done_in_time_and_the_last_ones_may_be_open() -> None:
    opened_at = datetime(2026, 5, 4, 10, tzinfo=ZONE)
    done = [tasks._done_at(opened_at, Draws(SEED, "test", n), is_last=False) for n in range(1_000)]
    in_time = sum(at is not None and at - opened_at <= timedelta(hours=48) for at in done)
    assert None not in done
    assert 800 <= in_time <= 880
    last = [tasks._done_at(opened_at, Draws(SEED, "test", n), is_last=True) for n in range(1_000)]
    assert 300 <= last.count(None) <= 500
