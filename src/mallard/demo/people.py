"""The members of the demo: one per household of the source.

The source knows a household's number, and for 801 of the 2,469 its demographics; those are
source facts. Everything that makes it a person (name, phone, birthday, join date, consents …)
is generated from the household's number, half Chinese and half English, and must be stored and
shown as generated. Telephone numbers and mail domains are ones that reach nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import duckdb

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY, from_source, shifted, wall_time
from mallard.demo.draws import SEED, Draws
from mallard.demo.names import (
    CHINESE_GIVEN,
    CHINESE_SURNAMES,
    ENGLISH_GIVEN,
    ENGLISH_SURNAMES,
    OCCUPATIONS,
    RETIRED,
    STUDENT,
    Gender,
)
from mallard.demo.receipts import FirstVisit

Language = Literal["zh-hans", "en"]

# 1,982 households are first seen in January: they were customers before the year begins. Who
# first appears later than this many days after its start is read as a new member.
OLD_MEMBER_DAYS = 28
LONGEST_MEMBERSHIP_DAYS = 5 * 365
AGE_BANDS = {
    "19-24": (19, 24),
    "25-34": (25, 34),
    "35-44": (35, 44),
    "45-54": (45, 54),
    "55-64": (55, 64),
    "65+": (65, 84),
}
# Households without demographics get the ages of those with, so that the two look alike.
AGE_WEIGHTS = (("19-24", 46), ("25-34", 142), ("35-44", 194), ("45-54", 288), ("55-64", 59),
               ("65+", 72))  # fmt: skip
# +86 154 is assigned to no operator. 555-0100 to 555-0199 are kept for fiction in every area of
# the North American plan.
CHINESE_PREFIX = "+86154"
AREA_CODES = (
    "202", "206", "212", "303", "305", "312", "404", "415", "503", "512", "602", "612", "617",
    "619", "702", "713", "718", "808", "901", "919",
)  # fmt: skip
MAIL_DOMAINS = ("example.com", "example.net", "example.org")


@dataclass(frozen=True, slots=True)
class Demographics:
    """What the source knows of a household, in its own words; None where it does not."""

    age_band: str
    income_band: str
    home_ownership: str | None
    marital_status: str | None
    household_size: str
    household_composition: str
    kids_count: str


@dataclass(frozen=True, slots=True)
class DemoConsent:
    """A consent given or refused on joining; codes as in `members`."""

    purpose: str
    channel: str
    is_granted: bool


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A member. `household` and `demographics` are the source's, all else is generated."""

    household: int
    card: str
    name: str
    gender: Gender
    birth_date: date
    occupation: str
    language: Language
    phone: str
    email: str | None
    joined_at: datetime
    enrolled_store: str
    consents: tuple[DemoConsent, ...]
    demographics: Demographics | None


def demographics(connection: duckdb.DuckDBPyConnection) -> dict[int, Demographics]:
    """The source's facts by household."""
    rows = connection.execute(
        """
        select household_id, age, income, home_ownership, marital_status, household_size,
               household_comp, kids_count
        from demographics order by household_id
        """
    ).fetchall()
    return {household: Demographics(*facts) for household, *facts in rows}


def people(
    first_visits: Mapping[int, FirstVisit],
    known: Mapping[int, Demographics],
    *,
    weeks: int,
    seed: str = SEED,
) -> Iterator[DemoPerson]:
    """A member for each household in `first_visits`, in the order of household numbers.

    Dates are moved by `weeks` like everything else, so that ages fit the shifted year.
    """
    english = 0
    for household in sorted(first_visits):
        draws = Draws(seed, "person", household)
        # Alternating by rank gives half and half exactly; ranks do not follow behaviour.
        is_chinese = Draws(seed, "language", household // 2).chance(50) == (household % 2 == 0)
        if not is_chinese:
            english += 1
        yield _person(
            household,
            first_visits[household],
            known.get(household),
            draws,
            phone=_chinese_phone(household) if is_chinese else _english_phone(english),
            is_chinese=is_chinese,
            weeks=weeks,
        )


def _person(
    household: int,
    first: FirstVisit,
    facts: Demographics | None,
    draws: Draws,
    *,
    phone: str,
    is_chinese: bool,
    weeks: int,
) -> DemoPerson:
    gender: Gender = "female" if draws.chance(62) else "male"
    name, mail_name = _name(draws, gender, is_chinese=is_chinese)
    age = draws.between(*AGE_BANDS[facts.age_band if facts else draws.weighted(AGE_WEIGHTS)])
    mail = f"{mail_name}{household}@{draws.pick(MAIL_DOMAINS)}"
    has_mail = draws.chance(55 if is_chinese else 80)
    return DemoPerson(
        household=household,
        card=card_number(household),
        name=name,
        gender=gender,
        birth_date=_birth_date(draws, age, LAST_FULL_DAY + timedelta(weeks=weeks)),
        occupation=_occupation(draws, age)[1 if is_chinese else 0],
        language="zh-hans" if is_chinese else "en",
        phone=phone,
        email=mail if has_mail else None,
        joined_at=shifted(_joined_at(draws, first.at), weeks=weeks),
        enrolled_store=first.store,
        consents=_consents(draws, is_chinese=is_chinese, has_mail=has_mail),
        demographics=facts,
    )


def card_number(household: int) -> str:
    """The membership card of a household: 12 digits, the last a Luhn check digit (ISO 7812-1)."""
    body = f"6688{household:07d}"
    total = 0
    for position, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{body}{-total % 10}"


def drawn_name(draws: Draws, *, is_chinese: bool) -> tuple[str, str]:
    """Somebody's name as written, and as the first part of a mail address."""
    return _name(draws, "female" if draws.chance(50) else "male", is_chinese=is_chinese)


def _name(draws: Draws, gender: Gender, *, is_chinese: bool) -> tuple[str, str]:
    """As `drawn_name`, for a gender."""
    if is_chinese:
        surname, surname_latin = draws.weighted(CHINESE_SURNAMES)
        given, given_latin = draws.pick(CHINESE_GIVEN[gender])
        return surname + given, f"{surname_latin}.{given_latin}"
    given, surname = draws.pick(ENGLISH_GIVEN[gender]), draws.pick(ENGLISH_SURNAMES)
    return f"{given} {surname}", f"{given}.{surname}".lower()


def _chinese_phone(household: int) -> str:
    # Multiplying by a number without a factor of 10 permutes the eight digits: unique, but mixed.
    return f"{CHINESE_PREFIX}{(household * 73_939_133 + 20_170_101) % 100_000_000:08d}"


def _english_phone(rank: int) -> str:
    """The `rank`-th fictional number: a hundred in each area."""
    area, line = divmod(rank - 1, 100)
    return f"+1{AREA_CODES[area]}55501{line:02d}"


def _birth_date(draws: Draws, age: int, on: date) -> date:
    """A birthday on which somebody of `age` years on the day `on` may have been born."""
    newest = years_before(on, age)
    oldest = years_before(on, age + 1) + timedelta(days=1)
    return oldest + timedelta(days=draws.below((newest - oldest).days + 1))


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; of 29 February the day before."""
    if (day.month, day.day) == (2, 29):
        day -= timedelta(days=1)
    return day.replace(year=day.year - years)


def _occupation(draws: Draws, age: int) -> tuple[str, str]:
    if age < 23 and draws.chance(60):
        return STUDENT
    if age >= 75 or (age >= 62 and draws.chance(80)):
        return RETIRED
    return draws.weighted(OCCUPATIONS)


def _joined_at(draws: Draws, first_at: datetime) -> datetime:
    """When somebody joined who was first seen at `first_at`, both in the source's time.

    Old customers joined in the five years before, later ones mostly at the till on their first
    visit, some in the weeks before it.
    """
    seen_after = (wall_time(first_at).date() - FIRST_DAY).days
    if seen_after < OLD_MEMBER_DAYS:
        days = seen_after + draws.between(1, LONGEST_MEMBERSHIP_DAYS)
        return _at_opening_time(draws, wall_time(first_at).date() - timedelta(days=days))
    if draws.chance(60):
        return first_at - timedelta(minutes=draws.between(3, 20))
    days = draws.between(1, 21) if draws.chance(75) else draws.between(22, 90)
    return _at_opening_time(draws, wall_time(first_at).date() - timedelta(days=days))


def _at_opening_time(draws: Draws, day: date) -> datetime:
    """Some minute between 10 in the morning and 9 in the evening of a local day."""
    midnight = from_source(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here
    local = midnight + timedelta(minutes=draws.between(10 * 60, 21 * 60 - 1))
    # `local` is local wall time written as if it were UTC; the source's offset makes it an instant.
    offset = wall_time(local).utcoffset()
    assert offset is not None  # noqa: S101 - wall_time answers aware times
    return local - offset


def _consents(draws: Draws, *, is_chinese: bool, has_mail: bool) -> tuple[DemoConsent, ...]:
    """What people tick when they join: the programme always, the rest by habit."""
    wechat, mail = (78, 35) if is_chinese else (12, 66)
    wishes = [
        DemoConsent("programme", "any", True),
        DemoConsent("marketing", "sms", draws.chance(58)),
        DemoConsent("marketing", "phone", draws.chance(14)),
        DemoConsent("marketing", "wechat", draws.chance(wechat)),
        DemoConsent("profiling", "any", draws.chance(71)),
        DemoConsent("share_with_tenant", "any", draws.chance(64)),
        DemoConsent("research", "any", draws.chance(33)),
    ]
    if has_mail:
        wishes.append(DemoConsent("marketing", "email", draws.chance(mail)))
    return tuple(wishes)
