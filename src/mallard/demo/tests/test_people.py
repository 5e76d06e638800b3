"""Generated people: believable, unreachable, and the same every time."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from mallard.demo.calendar import LAST_FULL_DAY, shifted
from mallard.demo.people import AGE_BANDS, DemoPerson, card_number, demographics, people

WEEKS = 460


@pytest.fixture(scope="module")
def members(source, year) -> list[DemoPerson]:
    return list(people(year.first_visits(), demographics(source), weeks=WEEKS))


def _age_on(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def test_one_member_for_each_household_half_of_them_chinese(members):
    assert len(members) == 2_469
    languages = Counter(person.language for person in members)
    assert abs(languages["en"] - languages["zh-hans"]) <= 1
    for person in members:
        is_chinese = person.language == "zh-hans"
        assert bool(re.search("[\u4e00-\u9fff]", person.name)) == is_chinese
        assert person.phone.startswith("+86154" if is_chinese else "+1")


def test_the_same_people_every_time(source, year, members):
    again = list(people(year.first_visits(), demographics(source), weeks=WEEKS))
    assert again == members


def test_a_person_does_not_depend_on_who_else_is_there(source, year, members):
    first = year.first_visits()
    chinese = next(person for person in members if person.language == "zh-hans")
    (alone,) = people(
        {chinese.household: first[chinese.household]}, demographics(source), weeks=WEEKS
    )
    assert alone == chinese


def test_another_seed_gives_other_people(source, year, members):
    others = list(people(year.first_visits(), demographics(source), weeks=WEEKS, seed="other"))
    same = sum(a.name == b.name for a, b in zip(members, others, strict=True))
    assert same < len(members) // 20


def test_identities_are_unique_and_reach_nobody(members):
    assert len({person.phone for person in members}) == len(members)
    assert len({person.card for person in members}) == len(members)
    mails = [person.email for person in members if person.email]
    assert len(set(mails)) == len(mails) > 1_000
    fictional = re.compile(r"\+86154\d{8}|\+1[2-9]\d\d55501\d\d")
    assert all(fictional.fullmatch(person.phone) for person in members)
    assert all(re.fullmatch(r"[a-z.]+\d+@example\.(com|net|org)", mail) for mail in mails)


def test_card_numbers_carry_a_luhn_check_digit(members):
    for number in [card_number(1), *(person.card for person in members[:50])]:
        total = 0
        for place, digit in enumerate(reversed(number)):
            value = int(digit) * (2 if place % 2 else 1)
            total += value - 9 if value > 9 else value
        assert total % 10 == 0, number


def test_demographics_are_the_sources_and_ages_fit_them(members):
    known = [person for person in members if person.demographics]
    assert len(known) == 801
    last_day = LAST_FULL_DAY + timedelta(weeks=WEEKS)
    for person in known:
        low, high = AGE_BANDS[person.demographics.age_band]
        assert low <= _age_on(person.birth_date, last_day) <= high
    assert all(19 <= _age_on(person.birth_date, last_day) <= 84 for person in members)


def test_everybody_joined_before_their_first_visit(year, members):
    first = year.first_visits()
    for person in members:
        assert person.joined_at < shifted(first[person.household].at, weeks=WEEKS)
        assert person.enrolled_store == first[person.household].store


def test_who_appears_late_in_the_year_joined_in_it(year, members):
    first = year.first_visits()
    late = [p for p in members if first[p.household].at.month >= 6]
    gaps = [shifted(first[p.household].at, weeks=WEEKS) - p.joined_at for p in late]
    assert len(late) > 50
    assert max(gaps) < timedelta(days=92)
    assert sum(gap <= timedelta(days=30) for gap in gaps) > len(gaps) * 0.8


def test_everybody_consented_to_the_programme_and_not_all_to_everything(members):
    for person in members:
        granted = {(c.purpose, c.channel): c.is_granted for c in person.consents}
        assert granted[("programme", "any")]
        assert (("marketing", "email") in granted) == (person.email is not None)
    share = Counter(c.is_granted for p in members for c in p.consents if c.purpose == "marketing")
    assert min(share[True], share[False]) > 1_000
