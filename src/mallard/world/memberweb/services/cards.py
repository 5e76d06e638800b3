"""Phones that make codes, and codes that somebody took: once shown, once spent."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, retry_when_raced
from mallard.kernel.http import limits
from mallard.kernel.http.idempotency import caller_of
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.services import open_keys
from mallard.world.members.queries import records_of, survivors_of, visible_member
from mallard.world.memberweb import card_codes
from mallard.world.memberweb.cards import (
    NEAR_STEPS,
    SIGNING_KEY,
    is_live,
    our_key,
    phones_by_number,
    secret_context,
    step_shown,
)
from mallard.world.memberweb.errors import (
    CardCodeNeeded,
    CardCodeOfAnother,
    CardCodeOld,
    CardCodeUnknown,
    CardCodeUsed,
    PhoneClockWrong,
    PhoneKeyInvalid,
    SessionNotFound,
)
from mallard.world.memberweb.locks import lock_code_use, lock_member, lock_session
from mallard.world.memberweb.models import CardCodeUse, CardPhone, MemberSession
from mallard.world.memberweb.settings import CARD_OFFLINE_DAYS, CARD_SHOWN_MINUTES

retry_when_raced("memberweb_cardphone_number_key", "memberweb_code_once")

TRIES_OF_PHONE = limits.Limit(per_minute=6, capacity=30)
TRIES_OF_CALLER = limits.Limit(per_minute=120, capacity=120)
PHONES_OF_SESSION = limits.Limit(per_minute=6, capacity=20)


# --- phones


@dataclass(frozen=True, slots=True)
class Provision:
    """What a phone gets. ``secret`` is there only the first time that it shows its key."""

    number: str
    certificate: bytes
    secret: bytes | None


def provide_phone(session: MemberSession, public_key: bytes, *, actor: Actor) -> Provision:
    """Let the session's phone make codes; with the key that is known, renew its certificate.

    One phone makes codes for a session: a new key ends the old one's. Raises `PhoneKeyInvalid`.
    """
    try:
        key = card_codes.compressed(public_key)
    except ValueError:
        raise PhoneKeyInvalid() from None
    limits.take(f"card phone:{session.pk}", PHONES_OF_SESSION)
    return _provided(session.pk, key, actor=actor)


@atomic_retrying
def _provided(session_id: UUID, key: bytes, *, actor: Actor) -> Provision:
    session = lock_session(session_id)
    at = now()
    if session is None or session.ended_at is not None:
        raise SessionNotFound()
    until = at + dt.timedelta(days=CARD_OFFLINE_DAYS.value)
    phone = CardPhone.objects.filter(session=session, withdrawn_at=None).first()
    secret = None
    if phone is None or bytes(phone.public_key) != key:
        if phone is not None:
            phone.withdrawn_at = at
            phone.save(update_fields=["withdrawn_at"])
        secret = secrets.token_bytes(card_codes.SECRET_BYTES)
        phone = _new_phone(session, key, secret, at=at, until=until, actor=actor)
    CardPhone.objects.filter(pk=phone.pk).update(certified_until=until)
    certified = card_codes.certificate(
        card_codes.signing_key(our_key()),
        key=SIGNING_KEY,
        number=phone.number,
        until=until,
        phone_key=key,
    )
    return Provision(phone.number, certified, secret)


def _new_phone(
    session: MemberSession,
    key: bytes,
    secret: bytes,
    *,
    at: dt.datetime,
    until: dt.datetime,
    actor: Actor,
) -> CardPhone:
    id_ = uuid7()
    data_key = open_keys([session.member_id]).get(session.member_id)
    if data_key is None:
        raise CardCodeUnknown()
    phone = CardPhone.objects.create(
        id=id_,
        session=session,
        member_id=session.member_id,
        number=f"{secrets.randbelow(10**card_codes.NUMBER_DIGITS):0{card_codes.NUMBER_DIGITS}d}",
        secret_sealed=data_key.seal(secret, secret_context(id_)),
        public_key=key,
        made_at=at,
        certified_until=until,
    )
    record(
        actor,
        "memberweb.card_phone_made",
        "member",
        session.member_id,
        after={"session_id": session.pk, "number": phone.number},
    )
    return phone


# --- codes


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code that the caller took: whose it is, and until when they may spend with it."""

    use_id: UUID
    member_id: UUID
    step: int
    until: dt.datetime


def show_code(text: str, *, actor: Actor) -> ShownCode:
    """The member at the till or desk shows their code: find them, and note that the caller saw it.

    Whoever takes a code first has it: the same caller may take it again, nobody else. Raises
    `MemberNotFound` when they may not know of the member, `CardCodeUnknown`, `CardCodeOld`,
    `PhoneClockWrong`, `CardCodeUsed`, `TooManyRequests`.
    """
    code = card_codes.read_code(text)
    if code is None:
        raise CardCodeUnknown(fields={"card_code": CardCodeUnknown.message})
    # Counted outside of the transaction, so that a refusal is counted, too.
    limits.take(f"card codes:{caller_of(actor)}", TRIES_OF_CALLER)
    limits.take(f"card codes of:{code.number}", TRIES_OF_PHONE)
    return _shown(code, actor=actor)


@atomic_retrying
def _shown(code: card_codes.ReadCode, *, actor: Actor) -> ShownCode:
    at, caller = now(), caller_of(actor)
    phone = phones_by_number([code.number]).get(code.number)
    if phone is None or not is_live(phone, at):
        raise CardCodeUnknown()
    survivor = survivors_of([phone.member_id]).get(phone.member_id)
    if survivor is None:
        raise CardCodeUnknown()
    visible_member(actor, survivor)
    good_for = dt.timedelta(minutes=CARD_SHOWN_MINUTES.value)
    step = _step_of(code, phone, at=at, good_for=good_for, caller=caller)
    # The member is the mutex: two tills that scan one code take it one after the other.
    lock_member(survivor)
    use, _is_new = CardCodeUse.objects.get_or_create(
        phone=phone,
        step=step,
        defaults={"member_id": survivor, "caller": caller, "shown_at": at},
    )
    if use.caller != caller:
        raise CardCodeUsed()
    return ShownCode(use.id, survivor, step, use.shown_at + good_for)


def _step_of(
    code: card_codes.ReadCode,
    phone: CardPhone,
    *,
    at: dt.datetime,
    good_for: dt.timedelta,
    caller: str,
) -> int:
    """The step of a code of now, or of one that this caller has taken a moment ago."""
    key = open_keys([phone.member_id]).get(phone.member_id)
    today = card_codes.step_at(at)
    step = step_shown(code, phone, key, today - NEAR_STEPS, today + NEAR_STEPS)
    if step is None:
        raise CardCodeUnknown()
    if abs(step - today) <= card_codes.WINDOW:
        return step
    taken = CardCodeUse.objects.filter(
        phone=phone, step=step, caller=caller, shown_at__gt=at - good_for
    )
    if taken.exists():
        return step
    # An old code may be a picture of one; one of the future can only come from a wrong clock.
    if step > today:
        minutes = (step - today) * card_codes.STEP_SECONDS // 60
        raise PhoneClockWrong(minutes=max(1, minutes))
    raise CardCodeOld()


@atomic_retrying
def spend_code(member_id: UUID, *, act: str, text: str = "", actor: Actor) -> None:
    """Let ``act`` (its name for ever) spend of the member with a code that the caller took: the
    one in ``text``, else the one that they scanned within the last minutes.

    A code pays for one act; the same act again changes nothing. Call it in the transaction of the
    act. Raises `CardCodeNeeded`, `CardCodeUsed`, `CardCodeOfAnother` and what `show_code` raises.
    """
    at, caller = now(), caller_of(actor)
    records = set(records_of([member_id]).get(member_id, (member_id,)))
    if text:
        code = card_codes.read_code(text)
        if code is None:
            raise CardCodeUnknown(fields={"card_code": CardCodeUnknown.message})
        shown = _shown(code, actor=actor)
        if shown.member_id not in records:
            raise CardCodeOfAnother()
        use_id: UUID | None = shown.use_id
    else:
        use_id = last_taken(records, caller, at)
    use = lock_code_use(use_id) if use_id else None
    if use is None:
        raise CardCodeNeeded(fields={"card_code": CardCodeNeeded.message})
    if use.spent_on == act:
        return
    if use.spent_on:
        raise CardCodeUsed()
    use.spent_on, use.spent_at = act[:240], at
    use.save(update_fields=["spent_on", "spent_at"])


def last_taken(records: Collection[UUID], caller: str, at: dt.datetime) -> UUID | None:
    """The latest code of these records that the caller took and has not spent, still good."""
    since = at - dt.timedelta(minutes=CARD_SHOWN_MINUTES.value)
    rows = CardCodeUse.objects.filter(
        member_id__in=records, caller=caller, shown_at__gt=since, spent_at=None
    )
    return rows.order_by("-shown_at").values_list("pk", flat=True).first()


def is_shown_to(member_id: UUID, *, actor: Actor) -> bool:
    """Whether the caller has a code of the member that they may still spend with."""
    records = records_of([member_id]).get(member_id, (member_id,))
    return last_taken(records, caller_of(actor), now()) is not None
