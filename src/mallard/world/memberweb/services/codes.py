"""One-time codes: asked for by anybody, sent to members only, telling nobody which of them."""

from __future__ import annotations

import datetime as dt
import hmac
from uuid import UUID

from django.db import transaction
from django.db.models import F

from mallard.kernel.access.actor import system
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.http import limits
from mallard.kernel.secrets.services import blind_index
from mallard.world.members.models import Member
from mallard.world.members.services import verify_identity
from mallard.world.memberweb.actors import member_actor
from mallard.world.memberweb.channels import MailedCodes, address_for_codes, channels
from mallard.world.memberweb.errors import CodeGone, CodeWrong, NothingTyped
from mallard.world.memberweb.jobs import send_code as send_code_job
from mallard.world.memberweb.locks import lock_code
from mallard.world.memberweb.models import MAX_FAILURES, SignInCode, WayIn
from mallard.world.memberweb.queries import member_known_by
from mallard.world.memberweb.rules import digest, new_code, new_token, possible_refs, typed_code
from mallard.world.memberweb.services.sessions import NewSession, begin_session

CODE_MINUTES = 10
CODES_AN_HOUR = 5
PER_ADDRESS = limits.Limit(per_minute=6, capacity=20)
PER_IDENTITY = limits.Limit(per_minute=1, capacity=5)
TRIES_PER_ADDRESS = limits.Limit(per_minute=20, capacity=40)


def request_code(*, typed: str, address: str = "") -> str:
    """Somebody wants to come in as whom ``typed`` names (phone, e-mail, card or member number).

    Returns the token that this browser shows with the code; the same whoever they are. Raises
    `NothingTyped`, and `TooManyRequests` for the address or what was typed, known or not.
    """
    refs = possible_refs(typed)
    if not typed.strip():
        raise NothingTyped(fields={"who": NothingTyped.message})
    who = refs[0].value if refs else typed.strip()
    _take("from", address, PER_ADDRESS)
    _take("for", who, PER_IDENTITY)
    return _asked(member_known_by(refs))


@atomic_retrying
def _asked(member_id: UUID | None) -> str:
    token, at = new_token(), now()
    row = SignInCode.objects.create(
        member_id=member_id,
        token_hash=digest(token),
        requested_at=at,
        expires_at=at + dt.timedelta(minutes=CODE_MINUTES),
    )
    send_code_job.defer(code_id=str(row.id))
    return token


@atomic_retrying
def send_code(code_id: UUID) -> bool:
    """Make the code and queue it on the first channel that reaches the member; whether it was.

    Nothing is sent twice, to nobody, too late, or more than five times an hour to one member.
    """
    row = lock_code(code_id)
    if row is None or row.sent_at is not None or row.member_id is None or row.expires_at <= now():
        return False
    member = Member.objects.get(pk=row.member_id)
    lately = SignInCode.objects.filter(
        member=member, sent_at__gt=now() - dt.timedelta(hours=1)
    ).count()
    if not member.is_open or lately >= CODES_AN_HOUR:
        return False
    digits, actor = new_code(), system("member page codes")
    for channel in channels():
        if channel.send(member, digits, minutes=CODE_MINUTES, actor=actor):
            row.code_hash, row.sent_at, row.channel = _hash(row.id, digits), now(), channel.code
            row.save(update_fields=["code_hash", "sent_at", "channel"])
            return True
    return False


def enter_code(*, token: str, typed: str, device: str = "", address: str = "") -> NewSession:
    """Come in with the code that was sent. A try is counted before it is looked at, so that many
    at once are counted, too.

    Raises `CodeWrong`, `CodeGone` (too late, too often, used, from another browser) and
    `TooManyRequests`.
    """
    _take("tries", address, TRIES_PER_ADDRESS)
    live = SignInCode.objects.filter(
        token_hash=digest(token), used_at=None, expires_at__gt=now(), failures__lt=MAX_FAILURES
    )
    with transaction.atomic():
        counted = live.update(failures=F("failures") + 1)
    if not counted:
        raise CodeGone()
    session = _come_in(token, typed_code(typed), device)
    if session is None:
        left = MAX_FAILURES - SignInCode.objects.get(token_hash=digest(token)).failures
        if left <= 0:
            raise CodeGone()
        raise CodeWrong(fields={"code": CodeWrong.message % {"left": left}}, left=left)
    return session


@atomic_retrying
def _come_in(token: str, digits: str | None, device: str) -> NewSession | None:
    found = SignInCode.objects.filter(token_hash=digest(token)).values_list("pk", flat=True)
    row = lock_code(found[0])
    if row is None or row.used_at is not None:
        return None
    # Equally long for who is nobody: a digest is made and compared in any case.
    given = _hash(row.id, digits or "")
    is_right = hmac.compare_digest(given, bytes(row.code_hash or b"\0" * len(given)))
    if digits is None or not is_right or row.member_id is None:
        return None
    member = Member.objects.get(pk=row.member_id)
    if not member.is_open or member.merged_into_id is not None:
        return None
    row.used_at = now()
    row.save(update_fields=["used_at"])
    if row.channel == MailedCodes.code:
        _verify_mail(member, row.sent_at)
    return begin_session(member, way_in=WayIn.CODE, device=device)


def _verify_mail(member: Member, sent_at: dt.datetime | None) -> None:
    """Whoever typed the code reads the address to which it went."""
    address = address_for_codes(member, at=sent_at)
    if address is not None and address.verified_at is None:
        verify_identity(address.id, member_id=member.id, actor=member_actor(member.id))


def _take(what: str, whose: str, limit: limits.Limit) -> None:
    """Count one more; the bucket's name tells nobody whose it is."""
    limits.take(f"memberweb:{what}:{blind_index('memberweb.limit', whose).hex()}", limit)


def _hash(code_id: UUID, digits: str) -> bytes:
    """Keyed: six digits alone could be tried out on a copy of the table."""
    return blind_index("memberweb.code", f"{code_id}:{digits}")
