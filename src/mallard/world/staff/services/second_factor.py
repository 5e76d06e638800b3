"""Codes from a phone: set up, checked, removed; codes for the day on which it is lost."""

from __future__ import annotations

import datetime as dt
import math
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext, override

from mallard.kernel.access.actor import Actor, ActorKind, system
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError
from mallard.kernel.mail.services import Content, queue_mail
from mallard.kernel.secrets.services import blind_index, create_data_keys, open_keys
from mallard.world.staff import codes, reach
from mallard.world.staff.errors import (
    CodesClosed,
    CodeWrong,
    LoginShared,
    SecondFactorMissing,
    SecondFactorThere,
    at,
)
from mallard.world.staff.exemptions import is_exempt
from mallard.world.staff.locks import lock_second_factor
from mallard.world.staff.models import RecoveryCode, SecondFactor, StaffUser
from mallard.world.staff.permissions import MANAGE_STAFF
from mallard.world.staff.services.sessions import end_all

WRONG_CODES = 5
CLOSED_MINUTES = 15
_HASHED = "staff.recovery_code"


def _sealing_context(user_id: UUID) -> str:
    return f"staff.second_factor.secret:{user_id}"


def _opened(factor: SecondFactor) -> str:
    key = open_keys([factor.user_id])[factor.user_id]
    return key.open(bytes(factor.secret), _sealing_context(factor.user_id)).decode()


@atomic_retrying
def begin_second_factor(user_id: UUID, *, actor: Actor) -> str:
    """The secret that somebody's phone shall keep. It counts once a code of it was typed; until
    then asking again gives the same. Raises `SecondFactorThere`, `LoginShared`."""
    actor.require_change()  # reading the page is enough to make a secret
    user = StaffUser.objects.get(pk=user_id)
    if is_exempt(user):
        raise LoginShared()
    factor = lock_second_factor(user_id)
    if factor is not None:
        if factor.confirmed_at is not None:
            raise SecondFactorThere()
        return _opened(factor)
    secret = codes.new_secret()
    key = create_data_keys([user_id], actor=actor)[user_id]
    SecondFactor.objects.bulk_create(
        [SecondFactor(user=user, secret=key.seal(secret.encode(), _sealing_context(user_id)))],
        ignore_conflicts=True,
    )
    return _opened(SecondFactor.objects.get(pk=user_id))


@atomic_retrying
def confirm_second_factor(user_id: UUID, *, code: str, actor: Actor) -> list[str]:
    """The phone shows the right codes: from now on they are asked for. Returns the recovery codes,
    which nobody can read later. Raises `SecondFactorMissing`, `SecondFactorThere`, `CodeWrong`."""
    factor = lock_second_factor(user_id)
    if factor is None:
        raise SecondFactorMissing()
    if factor.confirmed_at is not None:
        raise SecondFactorThere()
    step = codes.matching_step(_opened(factor), code, at=now(), after=factor.last_step)
    if step is None:
        raise at("code", CodeWrong())
    factor.confirmed_at, factor.last_step = now(), step
    factor.save(update_fields=["confirmed_at", "last_step"])
    record(actor, "staff.second_factor_set_up", "staff", user_id)
    return _new_recovery_codes(user_id)


def _new_recovery_codes(user_id: UUID) -> list[str]:
    RecoveryCode.objects.filter(user=user_id).delete()
    plain = [codes.new_recovery_code() for _ in range(codes.RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user_id=user_id, code_hash=blind_index(_HASHED, codes.squeezed(one)))
        for one in plain
    )
    return plain


@atomic_retrying
def renew_recovery_codes(user_id: UUID, *, actor: Actor) -> list[str]:
    """Ten fresh codes; the earlier ones open nothing any more. Raises `SecondFactorMissing`."""
    factor = lock_second_factor(user_id)
    if factor is None or factor.confirmed_at is None:
        raise SecondFactorMissing()
    record(actor, "staff.recovery_codes_renewed", "staff", user_id)
    return _new_recovery_codes(user_id)


def check_code(user_id: UUID, *, code: str, address: str = "") -> None:
    """Use up a code from the phone or a recovery code.

    Each opens once. After some wrong ones the door stays shut for a while, also for right ones.
    Raises `CodeWrong`, `CodesClosed`, `SecondFactorMissing`.
    """
    refusal = _use_code(user_id, code=code, address=address)
    if refusal is not None:
        raise refusal


@atomic_retrying
def _use_code(user_id: UUID, *, code: str, address: str) -> DomainError | None:
    """Returns the refusal instead of raising it: the count of wrong codes must be committed."""
    factor = lock_second_factor(user_id)
    if factor is None or factor.confirmed_at is None:
        return SecondFactorMissing()
    if factor.closed_until is not None and factor.closed_until > now():
        seconds = (factor.closed_until - now()).total_seconds()
        return at("code", CodesClosed(minutes=math.ceil(seconds / 60)))
    step = codes.matching_step(_opened(factor), code, at=now(), after=factor.last_step)
    if step is not None:
        factor.last_step = step
    elif not _use_recovery_code(user_id, code, address=address):
        return _note_failure(factor)
    factor.failures, factor.closed_until = 0, None
    factor.save(update_fields=["last_step", "failures", "closed_until"])
    return None


def _note_failure(factor: SecondFactor) -> DomainError:
    is_last = factor.failures + 1 >= WRONG_CODES
    SecondFactor.objects.filter(pk=factor.pk).update(
        failures=0 if is_last else F("failures") + 1,
        closed_until=now() + dt.timedelta(minutes=CLOSED_MINUTES) if is_last else None,
    )
    if is_last:
        return at("code", CodesClosed(minutes=CLOSED_MINUTES))
    return at("code", CodeWrong())


def _use_recovery_code(user_id: UUID, code: str, *, address: str) -> bool:
    """One conditional UPDATE, so that a code typed twice at once opens once."""
    hashed = blind_index(_HASHED, codes.squeezed(code))
    fresh = RecoveryCode.objects.filter(user=user_id, used_at=None)
    if not fresh.filter(code_hash=hashed).update(used_at=now()):
        return False
    acting = system("sign-in").at(request_id="", address=address)
    left = fresh.count()
    record(acting, "staff.recovery_code_used", "staff", user_id, after={"left": left})
    user = StaffUser.objects.get(pk=user_id)
    with override(user.language):
        text = gettext(
            "Hello %(name)s,\n\na recovery code of your account has just been used; %(left)s are "
            "left. If it was not you, change your password and tell your administrator."
        )
        content = Content(
            to=user.email,
            subject=gettext("A recovery code was used"),
            text=text % {"name": user.name, "left": left},
        )
    queue_mail(kind="staff.recovery_code_used", content=content, actor=acting)
    return True


@atomic_retrying
def remove_second_factor(user_id: UUID, *, actor: Actor) -> None:
    """Forget somebody's phone: their own doing, to set up another one.

    Raises `SecondFactorMissing`.
    """
    _forget(user_id)
    record(actor, "staff.second_factor_removed", "staff", user_id)


@atomic_retrying
def reset_second_factor(user_id: UUID, *, actor: Actor) -> None:
    """Help somebody who lost phone and recovery codes: their codes are forgotten, their sessions
    end, and a mail tells them. Raises `SecondFactorMissing`, `reach.BeyondOwn`."""
    actor.require(MANAGE_STAFF)
    reach.require_over(user_id, actor)
    _forget(user_id)
    end_all(user_id)
    record(actor, "staff.second_factor_reset", "staff", user_id)
    user = StaffUser.objects.get(pk=user_id)
    with override(user.language):
        text = gettext(
            "Hello %(name)s,\n\n%(by)s has removed the codes of your phone from your account and "
            "ended your sessions. You sign in with your password and set up codes again. If you "
            "did not ask for it, tell your administrator at once."
        )
        content = Content(
            to=user.email,
            subject=gettext("Your sign-in codes were reset"),
            text=text % {"name": user.name, "by": _name_of(actor)},
        )
    queue_mail(kind="staff.second_factor_reset", content=content, actor=actor)


def _name_of(actor: Actor) -> str:
    if actor.kind is ActorKind.STAFF and actor.id is not None:
        return StaffUser.objects.get(pk=actor.id).name
    return gettext("Your administrator")


def _forget(user_id: UUID) -> None:
    factor = lock_second_factor(user_id)
    if factor is None:
        raise SecondFactorMissing()
    factor.delete()
    RecoveryCode.objects.filter(user=user_id).delete()
