"""Every write of changes of phone: asked for, proved by a code or a second person, done."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext, override

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, retry_when_raced
from mallard.kernel.errors import DomainError
from mallard.kernel.ids import uuid7
from mallard.kernel.mail.errors import AddressInvalid, RecipientErased
from mallard.kernel.mail.services import Content, queue_mail
from mallard.kernel.outbox.services import announce
from mallard.kernel.secrets.services import blind_index, open_keys
from mallard.world.members import services as members
from mallard.world.members.blind import BlindIndexes, open_identity
from mallard.world.members.errors import (
    IdentityInvalid,
    IdentityTaken,
    MemberMerged,
    MemberNotOpen,
    PaymentCardRefused,
)
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import Identity, Member
from mallard.world.members.queries import records_of, visible_member
from mallard.world.members.rules import mask_identity
from mallard.world.members.services.identities import checked_value, kind_name
from mallard.world.memberweb.rules import new_code, typed_code
from mallard.world.memberweb.services import end_every_way_in
from mallard.world.phones import asking
from mallard.world.phones.errors import (
    ChangeDecided,
    ChangeWaits,
    CodeNotRight,
    CodeOver,
    DocumentNeeded,
    KeyReused,
    NoVerifiedEmail,
    OwnChange,
    SamePhone,
    WhichPhone,
    WhyNeeded,
)
from mallard.world.phones.events import PhoneChanged
from mallard.world.phones.locks import lock_change, lock_member
from mallard.world.phones.models import MAX_FAILURES, Document, PhoneChange, Proof, State
from mallard.world.phones.permissions import APPROVE_CHANGE, CHANGE_PHONE
from mallard.world.phones.queries import (
    PHONE,
    answer_context,
    phone_context,
    verified_email,
    visible_change,
)

CODE_MINUTES = 10
LEAST_WORDS, MOST_WORDS = 5, 200

retry_when_raced("phones_one_open_change", "phones_phonechange_key_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeInput:
    """Another phone for a member. ``replaces`` is the id of the phone that goes; None where the
    member has one at most. ``key`` makes asking twice one act."""

    key: str
    member_id: UUID
    phone: str
    proof: Proof
    document: str = ""
    replaces: UUID | None = None


@atomic_retrying
def request_change(change: ChangeInput, *, actor: Actor) -> PhoneChange:
    """Begin to change a phone: send a code to the verified e-mail, or ask a second person.

    Nothing is changed yet. A change that waited for its code gives way to the new one. Raises
    `IdentityInvalid`, `IdentityTaken` (whose it is is not said), `SamePhone`, `WhichPhone`,
    `NoVerifiedEmail`, `DocumentNeeded`, `ChangeWaits`, `MemberNotOpen`, `MemberMerged`.
    """
    actor.require(CHANGE_PHONE)
    visible_member(actor, change.member_id)
    member = lock_member(change.member_id)
    known = PhoneChange.objects.filter(key=change.key).first()
    if known is not None:
        if known.member_id != member.pk:
            raise KeyReused()
        return known
    _require_open(member)
    phone = _checked_phone(change.phone)
    old = _replaced(member, change.replaces)
    _refuse_taken(member, phone)
    _make_room(member, actor)
    id_ = uuid7()
    row = PhoneChange(
        id=id_,
        key=change.key,
        member=member,
        old_identity=old,
        phone_sealed=open_keys([member.pk])[member.pk].seal(phone.encode(), phone_context(id_)),
        proof=change.proof,
        state=State.WAITING,
        asked_at=now(),
        asked_by_id=actor.id,
        asked_by_label=actor.label[:200],
    )
    if change.proof == Proof.DOCUMENT:
        if change.document not in Document.values:
            raise DocumentNeeded(fields={"document": DocumentNeeded.message})
        row.document = change.document
        row.save(force_insert=True)
        asking.ask(row, actor=actor)
    else:
        _send_code(row, member, actor)
        row.save(force_insert=True)
    _audit(row, "asked", actor)
    return row


def prove_by_code(change_id: UUID, *, typed: str, actor: Actor) -> PhoneChange:
    """Do the change with the code that the member read from their e-mail.

    A try is counted before it is looked at, and for good, whatever comes of it. Raises
    `CodeNotRight`, `CodeOver`, `ChangeDecided`, and what speaks against the phone by now.
    """
    actor.require(CHANGE_PHONE)
    actor.require_change()
    visible_change(actor, change_id)
    live = PhoneChange.objects.filter(
        pk=change_id, state=State.PROVING, code_until__gt=now(), failures__lt=MAX_FAILURES
    )
    with transaction.atomic():
        counted = live.update(failures=F("failures") + 1)
    if not counted:
        raise _over(change_id)
    row = _do_by_code(change_id, typed_code(typed), actor=actor)
    if row is None:
        left = MAX_FAILURES - PhoneChange.objects.get(pk=change_id).failures
        if left <= 0:
            raise CodeOver()
        raise CodeNotRight(left=left, fields={"code": CodeNotRight.message % {"left": left}})
    return row


@atomic_retrying
def _do_by_code(change_id: UUID, digits: str | None, *, actor: Actor) -> PhoneChange | None:
    member_id = PhoneChange.objects.values_list("member_id", flat=True).get(pk=change_id)
    member = lock_member(member_id)
    row = lock_change(change_id)
    if row.state != State.PROVING:
        raise ChangeDecided()
    given = _hash(row.id, digits or "")
    if digits is None or not hmac.compare_digest(given, bytes(row.code_hash or b"")):
        return None
    _do(row, member, actor)
    return row


@atomic_retrying
def decide_change(
    change_id: UUID, *, is_approved: bool, reason: str = "", actor: Actor
) -> PhoneChange:
    """A second person saw the document too, and the phone is changed; or declines, and says why.

    Raises `OwnChange`, `ChangeDecided`, `WhyNeeded`, and what speaks against the phone by now.
    """
    actor.require(APPROVE_CHANGE)
    seen = visible_change(actor, change_id)
    member = lock_member(seen.member_id)
    row = lock_change(change_id)
    if row.state != State.WAITING:
        raise ChangeDecided()
    if actor.id is not None and actor.id == row.asked_by_id:
        raise OwnChange()
    row.decided_at, row.decided_by_id, row.decided_by_label = now(), actor.id, actor.label[:200]
    if is_approved:
        _do(row, member, actor)
    else:
        row.answer_sealed = _sealed_answer(row, reason)
        row.state = State.DECLINED
        row.save()
        _audit(row, "declined", actor)
    asking.settle(row, actor=actor)
    return row


def _do(row: PhoneChange, member: Member, actor: Actor) -> None:
    """Change the phone, end every way in, and tell the member. Locks are held."""
    _require_open(member)
    phone = _open_phone(row)
    _refuse_taken(member, phone)
    old = row.old_identity
    if old is not None and old.closed_at is None:
        members.remove_identity(old.pk, member_id=member.pk, actor=actor)
    row.new_identity_id = members.add_identity(member.pk, IdentityInput(PHONE, phone), actor=actor)
    row.state, row.done_at = State.DONE, now()
    row.code_hash = None
    row.save()
    end_every_way_in(records_of([member.pk])[member.pk])
    _tell_member(row, member, phone, actor)
    announce([PhoneChanged(subject_id=row.pk, member_id=member.pk, proof=row.proof)], actor=actor)
    _audit(row, "done", actor)


def _require_open(member: Member) -> None:
    if not member.is_open:
        raise MemberNotOpen(number=member.number)
    if member.merged_into_id is not None:
        raise MemberMerged(number=member.number)


def _checked_phone(typed: str) -> str:
    try:
        return checked_value(PHONE, typed)
    except (IdentityInvalid, PaymentCardRefused) as error:
        raise _at_phone(error) from None


def _at_phone(error: DomainError) -> DomainError:
    """The same refusal at the field of this form."""
    error.fields = {"phone": error.sentence}
    return error


def _replaced(member: Member, wanted: UUID | None) -> Identity | None:
    """The phone that goes. Raises `WhichPhone` where there are several."""
    phones = list(Identity.objects.filter(member=member, kind=PHONE, closed_at=None))
    if wanted is not None:
        found = next((one for one in phones if one.pk == wanted), None)
        if found is None:
            raise WhichPhone(fields={"replaces": WhichPhone.message})
        return found
    if len(phones) > 1:
        raise WhichPhone(fields={"replaces": WhichPhone.message})
    return phones[0] if phones else None


def _refuse_taken(member: Member, phone: str) -> None:
    """Raise `SamePhone`, or `IdentityTaken` without saying whose it is."""
    index = BlindIndexes().full(PHONE, phone)
    taken = Identity.objects.filter(kind=PHONE, blind_full=index, closed_at=None).first()
    if taken is None:
        return
    if taken.member_id == member.pk:
        raise SamePhone(fields={"phone": SamePhone.message})
    raise _at_phone(IdentityTaken(kind=kind_name(PHONE)))


def _make_room(member: Member, actor: Actor) -> None:
    """One change at a time: one that waits for its code ends. Raises `ChangeWaits`."""
    present = PhoneChange.objects.filter(
        member=member, state__in=[State.PROVING, State.WAITING]
    ).first()
    if present is None:
        return
    if present.state == State.WAITING:
        raise ChangeWaits()
    present.state, present.code_hash = State.ENDED, None
    present.save(update_fields=["state", "code_hash"])
    _audit(present, "ended", actor)


def _send_code(row: PhoneChange, member: Member, actor: Actor) -> None:
    email = verified_email(member.pk)
    if email is None:
        raise NoVerifiedEmail(fields={"proof": NoVerifiedEmail.message})
    digits = new_code()
    row.state = State.PROVING
    row.code_hash = _hash(row.id, digits)
    row.code_until = now() + dt.timedelta(minutes=CODE_MINUTES)
    with override(member.language):
        subject = gettext("Your code for the service desk")
        text = gettext(
            "Your code is %(code)s\n\nRead it to the colleague at the desk who changes your phone "
            "number. It is good for %(minutes)s minutes, once.\n\nIf you are not at our desk now, "
            "tell nobody, and let us know: somebody is trying to change your phone number."
        ) % {"code": digits, "minutes": CODE_MINUTES}
    address = open_identity(email, open_keys([member.pk])[member.pk])
    queue_mail(
        kind="phones.code",
        content=Content(to=address, subject=subject, text=text),
        actor=actor,
        personal_of=member.pk,
    )


def _tell_member(row: PhoneChange, member: Member, phone: str, actor: Actor) -> None:
    """Tell the member where they can be reached besides the phones: by e-mail, if there is one."""
    email = verified_email(member.pk)
    if email is None:
        return
    with override(member.language):
        subject = gettext("Your phone number was changed")
        text = gettext(
            "Your membership is known by %(phone)s from now on. You are signed out everywhere, and "
            "for some time no points can be spent.\n\nIf you did not ask for this at our service "
            "desk, let us know at once."
        ) % {"phone": mask_identity(PHONE, phone)}
    address = open_identity(email, open_keys([member.pk])[member.pk])
    try:
        queue_mail(
            kind="phones.changed",
            content=Content(to=address, subject=subject, text=text),
            actor=actor,
            personal_of=member.pk,
        )
    except (AddressInvalid, RecipientErased):
        return


def _over(change_id: UUID) -> DomainError:
    state = PhoneChange.objects.values_list("state", flat=True).get(pk=change_id)
    return CodeOver() if state == State.PROVING else ChangeDecided()


def _open_phone(row: PhoneChange) -> str:
    key = open_keys([row.member_id])[row.member_id]
    return key.open(bytes(row.phone_sealed), phone_context(row.id)).decode()


def _sealed_answer(row: PhoneChange, reason: str) -> bytes | None:
    text = " ".join(reason.split())
    if not LEAST_WORDS <= len(text) <= MOST_WORDS:
        raise WhyNeeded(fields={"reason": WhyNeeded.message})
    key = open_keys([row.member_id]).get(row.member_id)
    return key.seal(text.encode(), answer_context(row.id)) if key else None


def _hash(change_id: UUID, digits: str) -> bytes:
    """Keyed: six digits alone could be tried out on a copy of the table."""
    return blind_index("phones.code", f"{change_id}:{digits}")


def _audit(row: PhoneChange, verb: str, actor: Actor) -> None:
    after = {"state": row.state, "proof": row.proof, "member_id": row.member_id}
    if row.document:
        after["document"] = row.document
    record(actor, f"phones.change_{verb}", "phone_change", row.pk, after=after)
