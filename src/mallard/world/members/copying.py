"""What the members' own tables say of a person, for the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.audit.models import Entry
from mallard.world.members.blind import open_identity
from mallard.world.members.copies import (
    Part,
    Row,
    Subject,
    Worded,
    leave_out,
    plain,
    register_part,
    theirs,
    worded,
)
from mallard.world.members.fields import opened_value, shown
from mallard.world.members.guarding import open_told
from mallard.world.members.models import (
    Consent,
    FieldValue,
    GuardianConsent,
    Identity,
    Member,
    MemberPresence,
    MembershipChange,
    MemberTag,
    Note,
    ReferralCode,
    Relation,
    TagChange,
)
from mallard.world.members.profile import PROFILE_FIELDS, open_profile
from mallard.world.members.services.consents import proof_context
from mallard.world.members.services.remarks import note_context
from mallard.world.members.showing import fact_in_words, source_in_words

_AT, _FROM = _("When"), _("From")
_RECORDS = {"number": _("Member number"), "status": _("State"), "joined_at": _("Joined")}
_CHANGES = {"kind": _("What"), "changed_at": _AT}
_FACTS = {"what": _("What"), "value": _("Value"), "origin": _FROM, "at": _AT}
_IDENTITIES = {
    "kind": _("Kind"), "value": _("Value"), "verified_at": _("Verified"), "origin": _FROM,
    "created_at": _AT, "closed_at": _("Until"),
}  # fmt: skip
_CONSENTS = {
    "purpose": _("Purpose"), "channel": _("Channel"), "is_granted": _("Allowed"),
    "occurred_at": _AT, "source": _FROM, "proof": _("Proof"),
}  # fmt: skip
_GUARDIANS = {
    "guardian": _("Parent or guardian"), "proof": _("Proof"), "given_on": _("Given on"),
    "until": _("Until"), "ended_at": pgettext_lazy("guardian", "Ended"),
    "ending": _("Why it ended"),
}  # fmt: skip
_TAGS = {"tag": _("Tag"), "tagged_at": _AT, "origin": _FROM}
_TAG_CHANGES = {"tag": _("Tag"), "is_on": _("Put on"), "changed_at": _AT}
_RELATIONS = {
    "kind": _("Kind"), "is_from_you": _("From your side"), "since": _("Since"),
    "ended_at": _("Until"), "source": _FROM,
}  # fmt: skip
_CODES = {"code": _("Code for friends"), "made_at": _AT}
_PRESENCES = {
    "store": _("Store"), "first_at": _("First time"), "last_at": _("Last time"),
    "receipts": _("Receipts"),
}  # fmt: skip


def _records(subject: Subject) -> Iterable[Row]:
    found = Member.objects.filter(pk__in=subject.record_ids).order_by("joined_at")
    return plain(found, _RECORDS)


def _facts(subject: Subject) -> Iterable[Row]:
    for member in Member.objects.filter(pk__in=subject.record_ids):
        facts = open_profile(member.profile_sealed, subject.keys.get(member.pk))
        for code, fact in facts.items():
            label = str(PROFILE_FIELDS[code].label) if code in PROFILE_FIELDS else code
            value = fact_in_words(code, fact.value)
            yield {
                "what": Worded(code, label),
                "value": Worded(fact.value, value) if value != fact.value else fact.value,
                "origin": Worded(fact.origin.value, fact.origin.label),
                "at": fact.at,
            }
    for row in theirs(FieldValue, subject).select_related("field"):
        values = opened_value(row, subject.keys.get(row.member_id))
        code, words = ", ".join(values), shown(row.field, values)
        told = {
            "what": Worded(row.field.code, row.field.name),
            "value": Worded(code, words) if words != code else code,
        }
        yield told | {"origin": worded(row, "origin"), "at": row.changed_at}


def _identities(subject: Subject) -> Iterable[Row]:
    for row in theirs(Identity, subject):
        value = open_identity(row, subject.keys.get(row.member_id))
        told = {code: getattr(row, code) for code in _IDENTITIES if code != "value"}
        yield told | {
            "kind": worded(row, "kind"),
            "value": value,
            "origin": worded(row, "origin"),
        }


def _consents(subject: Subject) -> Iterable[Row]:
    for row in theirs(Consent, subject):
        proof = subject.opened(row.member_id, row.proof_sealed, proof_context(row.pk))
        told = {code: getattr(row, code) for code in _CONSENTS if code != "proof"}
        yield told | {
            "purpose": worded(row, "purpose"),
            "channel": worded(row, "channel"),
            "source": Worded(row.source, source_in_words(row) or row.get_origin_display()),
            "proof": proof,
        }


def _guardians(subject: Subject) -> Iterable[Row]:
    for row in theirs(GuardianConsent, subject):
        told = open_told(row, subject.keys.get(row.member_id))
        yield {
            "guardian": told.guardian,
            "proof": told.proof,
            "given_on": row.given_on,
            "until": told.until,
            "ended_at": row.ended_at,
            "ending": worded(row, "ending"),
        }


def _tags(subject: Subject) -> Iterable[Row]:
    for row in theirs(MemberTag, subject).select_related("tag"):
        yield {
            "tag": Worded(row.tag.code, row.tag.name),
            "tagged_at": row.tagged_at,
            "origin": worded(row, "origin"),
        }


def _tag_changes(subject: Subject) -> Iterable[Row]:
    for row in theirs(TagChange, subject).select_related("tag"):
        tag = Worded(row.tag.code, row.tag.name)
        yield {"tag": tag, "is_on": row.is_on, "changed_at": row.changed_at}


def _relations(subject: Subject) -> Iterable[Row]:
    """Relations from both sides; the other member is not named."""
    for side in ("from_member", "to_member"):
        for row in theirs(Relation, subject, field=side):
            yield {
                "kind": worded(row, "kind"),
                "is_from_you": side == "from_member",
                "since": row.since,
                "ended_at": row.ended_at,
                "source": worded(row, "source"),
            }


def _notes(subject: Subject) -> Iterable[Row]:
    for row in theirs(Note, subject):
        text = subject.opened(row.member_id, row.body_sealed, note_context(row.pk))
        yield {"text": text, "written_at": row.written_at}


def _presences(subject: Subject) -> Iterable[Row]:
    for row in theirs(MemberPresence, subject).select_related("store"):
        told = {code: getattr(row, code) for code in _PRESENCES if code != "store"}
        yield told | {"store": row.store.name}


def _reveals(subject: Subject) -> Iterable[Row]:
    """When somebody looked at what is masked otherwise; not who."""
    found = Entry.objects.filter(
        personal_of__in=subject.record_ids, action="members.identity_revealed"
    )
    return plain(found.order_by("recorded_at"), ("recorded_at",))


def register() -> None:
    """The first parts of every copy."""
    for part in (
        Part("records", _("Membership"), ("members.Member",), _RECORDS, _records, 1),
        Part(
            "membership_changes", _("What became of your membership"),
            ("members.MembershipChange",), _CHANGES,
            lambda subject: plain(theirs(MembershipChange, subject), _CHANGES), 1,
        ),
        Part("facts", _("Profile"), ("members.FieldValue",), _FACTS, _facts, 2),
        Part("identities", _("Known by"), ("members.Identity",), _IDENTITIES, _identities, 3),
        Part("consents", _("Consents"), ("members.Consent",), _CONSENTS, _consents, 4),
        Part(
            "guardian_consents", _("Consent of your parent or guardian"),
            ("members.GuardianConsent",), _GUARDIANS, _guardians, 4,
        ),
        Part(
            "tags", _("Tags"), ("members.MemberTag",), _TAGS, _tags, 5
        ),
        Part(
            "tag_changes", _("Tags put on and taken off"), ("members.TagChange",), _TAG_CHANGES,
            _tag_changes, 5,
        ),
        Part(
            "relations", _("Relations to other members"), ("members.Relation",), _RELATIONS,
            _relations, 6,
        ),
        Part(
            "referral_code", _("Your code for friends"), ("members.ReferralCode",), _CODES,
            lambda subject: plain(theirs(ReferralCode, subject), _CODES), 6,
        ),
        Part(
            "notes", _("Notes"), ("members.Note",), {"text": _("Note"), "written_at": _AT},
            _notes, 6,
        ),
        Part(
            "presences", _("Where you enrolled or bought"), ("members.MemberPresence",),
            _PRESENCES, _presences, 7,
        ),
        Part(
            "reveals", _("When colleagues looked at a masked number"), (), {"recorded_at": _AT},
            _reveals, 90,
        ),
    ):  # fmt: skip
        register_part(part)
    leave_out("members.Child", because="that somebody is too young follows from the birth date")
    leave_out("members.MemberSearch", because="search terms made of the profile, which is there")
