"""Children among the members: who is one, and what a guardian allows for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.services import open_keys
from mallard.world.members.errors import (
    BirthDateMissing,
    GuardianConsentInvalid,
    GuardianConsentStands,
    GuardianConsentTooEarly,
    NotAChild,
    PaymentCardRefused,
)
from mallard.world.members.guarding import Told, birth_date_of_child, is_child, seal_told, told_of
from mallard.world.members.locks import lock_members
from mallard.world.members.models import Child, Ending, GuardianConsent, Member
from mallard.world.members.queries import records_of
from mallard.world.members.rules import age_on, birthday_at, contains_payment_card
from mallard.world.members.services.subject import data_key_of, locked_member, locked_open_member
from mallard.world.members.settings import LEAST_AGE

MAX_WORDS = 200


@atomic_retrying
def note_children(birth_dates: Mapping[UUID, dt.date], *, at: dt.datetime, actor: Actor) -> int:
    """Say who of these members is too young on the day of ``at``, and who is no longer; a
    guardian's consent that was given until a birthday ends on it. Returns how many are.

    For members whose birth date is known; one who has none stays as found.
    """
    least = LEAST_AGE.value
    young = {id_ for id_, date in birth_dates.items() if age_on(date, at.date()) < least}
    known = set(Child.objects.filter(member__in=birth_dates).values_list("member_id", flat=True))
    grown = _merged_too(birth_dates.keys() - young)
    gone = set(Child.objects.filter(member__in=grown).values_list("member_id", flat=True))
    lapsed = _lapsed(at.date(), _merged_too(birth_dates.keys()))
    new = young - known
    lock_members(new | gone | {row.member_id for row in lapsed})
    Child.objects.filter(member__in=gone).delete()
    Child.objects.bulk_create(
        (Child(member_id=id_, found_at=at) for id_ in sorted(new)), ignore_conflicts=True
    )
    for row in lapsed:
        _end(row.pk, Ending.AGE, actor)
    if new:
        record(actor, "members.children_found", "member", None, ids=sorted(new))
    if gone:
        record(actor, "members.children_grown", "member", None, ids=sorted(gone))
    return len(young)


def _merged_too(member_ids: Collection[UUID]) -> set[UUID]:
    """These members who have something to do with children, and the records merged into them."""
    merged = Child.objects.exclude(member__merged_into=None).values_list("member_id", flat=True)
    consents = GuardianConsent.objects.exclude(member__merged_into=None)
    side = {*merged, *consents.values_list("member_id", flat=True)}
    wanted = set(member_ids)
    return wanted | {id_ for id_, all_ in records_of(side).items() if not wanted.isdisjoint(all_)}


def _lapsed(today: dt.date, member_ids: Collection[UUID]) -> list[GuardianConsent]:
    rows = list(GuardianConsent.objects.filter(member__in=member_ids, ended_at=None))
    told = told_of(rows)
    return [row for row in rows if (until := told[row.pk].until) is not None and until <= today]


@atomic_retrying
def record_guardian_consent(
    member_id: UUID, *, guardian: str, proof: str, given_on: dt.date, actor: Actor
) -> UUID:
    """A parent or guardian allows for a child what the child itself chose; returns the id.

    It holds until the birthday on which the child is old enough. Raises `NotAChild`,
    `BirthDateMissing`, `GuardianConsentStands`, and, naming the fields, `GuardianConsentInvalid`,
    `GuardianConsentTooEarly`, `PaymentCardRefused`.
    """
    member = locked_open_member(member_id)
    key = data_key_of(member)
    records = records_of([member.pk]).get(member.pk, (member.pk,))
    birth_date = birth_date_of_child(member, open_keys(records))
    least = LEAST_AGE.value
    today = now().date()
    if not is_child(member.pk) or (birth_date and age_on(birth_date, today) >= least):
        raise NotAChild()
    if birth_date is None:
        raise BirthDateMissing()
    if GuardianConsent.objects.filter(member__in=records, ended_at=None).exists():
        raise GuardianConsentStands()
    # Where the mall is, it may be tomorrow already.
    if not birth_date <= given_on <= today + dt.timedelta(days=1):
        raise GuardianConsentTooEarly(fields={"given_on": GuardianConsentTooEarly.message})
    id_ = uuid7()
    told = Told(
        _words("guardian", guardian), _words("proof", proof), birthday_at(birth_date, least)
    )
    GuardianConsent.objects.create(
        id=id_,
        member=member,
        told_sealed=seal_told(told, key, id_),
        given_on=given_on,
        recorded_by_id=_staff(actor),
    )
    after = {"member_id": member.pk, "given_on": given_on}
    record(actor, "members.guardian_consent_recorded", "guardian_consent", id_, after=after)
    return id_


def _words(field: str, text: str) -> str:
    words = " ".join(text.split())
    if not 1 <= len(words) <= MAX_WORDS:
        raise GuardianConsentInvalid(fields={field: GuardianConsentInvalid.message})
    if contains_payment_card(words):
        raise PaymentCardRefused(fields={field: PaymentCardRefused.message})
    return words


def _staff(actor: Actor) -> UUID | None:
    return actor.id if actor.kind is ActorKind.STAFF else None


@atomic_retrying
def withdraw_guardian_consent(member_id: UUID, *, actor: Actor) -> None:
    """What a guardian allowed for this member stops now. Again changes nothing."""
    member: Member = locked_member(member_id)
    records = records_of([member.pk]).get(member.pk, (member.pk,))
    standing = GuardianConsent.objects.filter(member__in=records, ended_at=None)
    for id_ in list(standing.order_by("pk").values_list("pk", flat=True)):
        _end(id_, Ending.WITHDRAWN, actor)


def _end(consent_id: UUID, ending: Ending, actor: Actor) -> None:
    """End what still stands; who ended it first keeps it."""
    ended = GuardianConsent.objects.filter(pk=consent_id, ended_at=None).update(
        ended_at=now(), ending=ending, ended_by_id=_staff(actor)
    )
    if ended:
        after = {"ending": ending.value}
        record(actor, "members.guardian_consent_ended", "guardian_consent", consent_id, after=after)
