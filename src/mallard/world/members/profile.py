"""What is known of a person: the fields, what they accept, and how they are sealed with origin."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.datakey import DataKey
from mallard.world.members.errors import MemberTooYoung, PaymentCardRefused, ProfileInvalid
from mallard.world.members.rules import age_on, contains_payment_card
from mallard.world.members.settings import LEAST_AGE

MAX_TEXT = 80
EARLIEST_BIRTH_YEAR = 1900

GENDERS: dict[str, Promise] = {
    "female": _("Female"),
    "male": _("Male"),
    "other": _("Other"),
}


class FieldKind(Enum):
    TEXT = "text"
    DATE = "date"
    GENDER = "gender"


@dataclass(frozen=True, slots=True)
class ProfileField:
    """A fact that may be recorded of a member."""

    code: str
    label: Promise
    kind: FieldKind = FieldKind.TEXT


PROFILE_FIELDS: dict[str, ProfileField] = {
    field.code: field
    for field in (
        ProfileField("name", _("Full name")),
        ProfileField("gender", _("Gender"), FieldKind.GENDER),
        ProfileField("birth_date", _("Date of birth"), FieldKind.DATE),
        ProfileField("occupation", _("Occupation")),
        ProfileField("interests", _("Interests")),
        ProfileField("age_band", _("Age band")),
        ProfileField("income_band", _("Income band")),
        ProfileField("marital_status", _("Marital status")),
        ProfileField("home_ownership", _("Home ownership")),
        ProfileField("household_size", _("Household size")),
        ProfileField("household_kind", _("Household")),
        ProfileField("kids_count", _("Number of children")),
    )
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a profile: its value, who stated it, and when."""

    value: str
    origin: Origin
    at: dt.datetime


Profile = dict[str, Fact]


def clean_value(code: str, value: str, *, today: dt.date) -> str:
    """``value`` as it may be stored under field ``code``; an empty string means not known.

    Raises `ProfileInvalid` and `PaymentCardRefused`, naming the field.
    """
    field = PROFILE_FIELDS.get(code)
    if field is None:
        raise ProfileInvalid(fields={code: _("There is no such profile field.")})
    text = " ".join(unicodedata.normalize("NFC", value).split())
    if not text:
        return ""
    if len(text) > MAX_TEXT or not text.isprintable():
        raise ProfileInvalid(fields={code: _("Use at most 80 characters.")})
    if field.kind is FieldKind.DATE:
        _check_birth_date(code, text, today)
    elif field.kind is FieldKind.GENDER and text not in GENDERS:
        raise ProfileInvalid(fields={code: _("Choose one from the list.")})
    elif contains_payment_card(text):
        raise PaymentCardRefused(fields={code: PaymentCardRefused.message})
    return text


def _check_birth_date(code: str, text: str, today: dt.date) -> None:
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise ProfileInvalid(
            fields={code: _("Write the date as year-month-day, such as 1990-05-21.")}
        ) from None
    if not date.year >= EARLIEST_BIRTH_YEAR or date > today:
        raise ProfileInvalid(fields={code: _("This date cannot be a date of birth.")})


def refuse_child(code: str, value: str, *, today: dt.date) -> None:
    """Take no date of birth of somebody who is too young to be a member (`members.least_age`).

    ``today`` may be the day before where the mall is: nobody is let in too early. Raises
    `MemberTooYoung`, naming the field.
    """
    field = PROFILE_FIELDS.get(code)
    if not value or field is None or field.kind is not FieldKind.DATE:
        return
    least = LEAST_AGE.value
    if least and age_on(dt.date.fromisoformat(value), today) < least:
        raise MemberTooYoung(age=least, fields={code: MemberTooYoung.message % {"age": least}})


def clean_profile(
    values: Mapping[str, str],
    *,
    origin: Origin,
    at: dt.datetime,
    origins: Mapping[str, Origin] | None = None,
) -> Profile:
    """``values`` as facts; ``origins`` says otherwise than ``origin`` for single fields."""
    stated = origins or {}
    facts: Profile = {}
    for code, value in values.items():
        clean = clean_value(code, value, today=at.date())
        refuse_child(code, clean, today=at.date())
        if clean:
            facts[code] = Fact(clean, stated.get(code, origin), at)
    return facts


def changed_profile(
    known: Profile,
    changes: Mapping[str, str],
    *,
    origin: Origin,
    at: dt.datetime,
    is_child: bool = False,
) -> Profile:
    """``known`` with ``changes``: an empty value forgets a fact, an equal one keeps its origin.

    Of a member who is known to be a child (``is_child``) a child's date of birth is taken: it
    corrects what is known, and lets nobody in.
    """
    result = dict(known)
    for code, value in changes.items():
        clean = clean_value(code, value, today=at.date())
        present = known.get(code)
        if not clean:
            result.pop(code, None)
        elif present is None or present.value != clean:
            if not is_child:
                refuse_child(code, clean, today=at.date())
            result[code] = Fact(clean, origin, at)
    return result


def seal_profile(facts: Profile, key: DataKey) -> bytes:
    """``facts`` under the member's data key."""
    content = {
        code: {"v": fact.value, "origin": fact.origin.value, "at": fact.at.isoformat()}
        for code, fact in facts.items()
    }
    return key.seal(orjson.dumps(content), profile_context(key.subject_id))


def open_profile(sealed: bytes | memoryview | None, key: DataKey | None) -> Profile:
    """The facts of a profile; none when it or its key is gone."""
    if sealed is None or key is None:
        return {}
    content = orjson.loads(key.open(bytes(sealed), profile_context(key.subject_id)))
    return {
        code: Fact(entry["v"], Origin(entry["origin"]), dt.datetime.fromisoformat(entry["at"]))
        for code, entry in content.items()
    }


def profile_context(member_id: UUID) -> str:
    return f"members.profile:{member_id}"


def known_codes(codes: Iterable[str]) -> list[str]:
    """The given field codes that exist, in the order in which screens show them."""
    wanted = set(codes)
    return [code for code in PROFILE_FIELDS if code in wanted]
