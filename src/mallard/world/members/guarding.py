"""Who is a child here, and what a guardian said, opened: read by services and screens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson

from mallard.kernel.secrets.services import DataKey, open_keys
from mallard.world.members.models import Child, GuardianConsent, Member
from mallard.world.members.profile import Profile, open_profile
from mallard.world.members.queries import records_of


@dataclass(frozen=True, slots=True)
class Told:
    """What stands sealed in a guardian's consent."""

    guardian: str
    proof: str
    until: dt.date | None


NOTHING = Told("", "", None)


def told_context(consent_id: UUID) -> str:
    """What the sealed words of a guardian's consent are bound to."""
    return f"members.guardian_consent:{consent_id}"


def seal_told(told: Told, key: DataKey, consent_id: UUID) -> bytes:
    content = {
        "guardian": told.guardian,
        "proof": told.proof,
        "until": told.until.isoformat() if told.until else None,
    }
    return key.seal(orjson.dumps(content), told_context(consent_id))


def open_told(row: GuardianConsent, key: DataKey | None) -> Told:
    """The words of ``row``; empty when they or their key are gone."""
    if row.told_sealed is None or key is None:
        return NOTHING
    content = orjson.loads(key.open(bytes(row.told_sealed), told_context(row.pk)))
    until = dt.date.fromisoformat(content["until"]) if content["until"] else None
    return Told(content["guardian"], content["proof"], until)


def told_of(rows: Collection[GuardianConsent]) -> dict[UUID, Told]:
    """The words of several, by id; one statement for the keys."""
    keys = open_keys({row.member_id for row in rows})
    return {row.pk: open_told(row, keys.get(row.member_id)) for row in rows}


def birth_date_in(profile: Profile) -> dt.date | None:
    fact = profile.get("birth_date")
    return dt.date.fromisoformat(fact.value) if fact is not None else None


def is_child(member_id: UUID) -> bool:
    """Whether a record of this member was found to be a child's."""
    records = records_of([member_id]).get(member_id, (member_id,))
    return Child.objects.filter(member__in=records).exists()


def birth_date_of_child(member: Member, keys: Mapping[UUID, DataKey]) -> dt.date | None:
    """The member's own birth date; without one, the latest of the records merged into them."""
    own = birth_date_in(open_profile(member.profile_sealed, keys.get(member.pk)))
    if own is not None:
        return own
    found = (
        birth_date_in(open_profile(one.profile_sealed, keys.get(one.pk)))
        for one in Member.objects.filter(pk__in=list(keys))
    )
    return max((date for date in found if date is not None), default=None)
