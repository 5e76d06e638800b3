"""Codes that change, read: whose they are, and whether they are of the time that is asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from mallard.kernel.clock import now
from mallard.kernel.secrets.services import DataKey, key_ring, open_keys
from mallard.world.members import moving
from mallard.world.members.inputs import MemberRef
from mallard.world.members.models import MemberStatus
from mallard.world.memberweb import card_codes
from mallard.world.memberweb.models import CardPhone

SIGNING_KEY = 1
"""The number of our key. It is derived from the key ring, as blind indexes are: it survives the
rotation of the ring and is in no table."""
SALE_MINUTES = 30
"""How long before the end of a sale its code may have been scanned."""
NEAR_STEPS = 240
"""Codes up to two hours off are looked for, to say that a clock is wrong."""


def our_key() -> bytes:
    """What our private key is made of."""
    return key_ring().index_key(f"memberweb.card_certificates.{SIGNING_KEY}")


def our_public_keys() -> dict[int, bytes]:
    """By number, what tills check codes with."""
    return {SIGNING_KEY: card_codes.public_bytes(card_codes.signing_key(our_key()))}


def secret_context(phone_id: UUID) -> str:
    return f"memberweb.card_phone.secret:{phone_id}"


def is_live(phone: CardPhone, at: dt.datetime) -> bool:
    """Whether the phone's codes counted at ``at``; needs its session."""
    session = phone.session
    is_over = any(end is not None and end <= at for end in (phone.withdrawn_at, session.ended_at))
    return not is_over and session.expires_at > at


def phones_by_number(numbers: Iterable[str]) -> dict[str, CardPhone]:
    """The phones of these numbers with their sessions."""
    rows = CardPhone.objects.select_related("session").filter(number__in=set(numbers))
    return {row.number: row for row in rows}


def step_shown(
    code: card_codes.ReadCode, phone: CardPhone, key: DataKey | None, first: int, last: int
) -> int | None:
    """The step from ``first`` to ``last`` in which the phone made this code; None: it did not."""
    if code.signed is not None:
        try:
            step = card_codes.check_signatures(code.signed, our_public_keys()).step
        except card_codes.CodeFault:
            return None
        return step if first <= step <= last else None
    if key is None:
        return None
    secret = key.open(bytes(phone.secret_sealed), secret_context(phone.id))
    return card_codes.step_of_mac(secret, code.mac, first, last)


def members_by_code(refs: Collection[MemberRef]) -> dict[MemberRef, UUID]:
    """The member record behind each code. A code of a sale (``ref.at``) may be half an hour older
    than it; without a time it must be of now. Two statements whatever the number."""
    read = {ref: code for ref in refs if (code := card_codes.read_code(ref.value)) is not None}
    phones = phones_by_number(code.number for code in read.values())
    keys = open_keys({phone.member_id for phone in phones.values()}) if phones else {}
    found = {}
    for ref, code in read.items():
        phone = phones.get(code.number)
        at = ref.at or now()
        if phone is None or not is_live(phone, at):
            continue
        since = at - dt.timedelta(minutes=SALE_MINUTES) if ref.at else at
        first = card_codes.step_at(since) - card_codes.WINDOW
        last = card_codes.step_at(at) + card_codes.WINDOW
        if step_shown(code, phone, keys.get(phone.member_id), first, last) is not None:
            found[ref] = phone.member_id
    return found


def register() -> None:
    """Let every till and desk find a member by a code that changes."""
    moving.register_moving_kind(card_codes.KIND, card_codes.read_code, members_by_code)


@dataclass(frozen=True, slots=True)
class Material:
    """What a till without a connection needs; it can make no code with it."""

    keys: Mapping[int, bytes]
    revoked: tuple[str, ...]
    made_at: dt.datetime


def material() -> Material:
    """Our public keys, and the phones whose certificates are not over but whose codes are."""
    at = now()
    return Material(our_public_keys(), tuple(sorted(_revoked(at))), at)


def _revoked(at: dt.datetime) -> QuerySet[CardPhone, str]:
    over = (
        Q(withdrawn_at__isnull=False)
        | Q(session__ended_at__isnull=False)
        | Q(session__expires_at__lte=at)
        | ~Q(member__status=MemberStatus.OPEN)
    )
    return CardPhone.objects.filter(over, certified_until__gt=at).values_list("number", flat=True)
