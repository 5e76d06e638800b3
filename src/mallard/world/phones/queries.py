"""Reads of changes of phone: seen by who may know of the member."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from mallard.kernel.access.actor import Actor
from mallard.kernel.secrets.services import DataKey, open_keys
from mallard.world.members.blind import open_identity
from mallard.world.members.models import Identity, IdentityKind
from mallard.world.members.queries import visible_members
from mallard.world.members.rules import mask_identity
from mallard.world.phones.errors import ChangeUnknown
from mallard.world.phones.models import PhoneChange

PHONE = IdentityKind.PHONE.value


def visible_changes(actor: Actor) -> QuerySet[PhoneChange]:
    """The changes of members that the actor may know of."""
    members = visible_members(actor).values("pk")
    return PhoneChange.objects.filter(member__in=members).select_related("member")


def visible_change(actor: Actor, change_id: UUID) -> PhoneChange:
    """Raises `ChangeUnknown`."""
    row = visible_changes(actor).filter(pk=change_id).first()
    if row is None:
        raise ChangeUnknown()
    return row


def open_phones(member_id: UUID) -> list[tuple[Identity, str]]:
    """A member's phones, masked, the newest first."""
    key = open_keys([member_id]).get(member_id)
    rows = Identity.objects.filter(member=member_id, kind=PHONE, closed_at=None)
    return [(row, _masked(row, key)) for row in rows.order_by("-created_at")]


def verified_email(member_id: UUID) -> Identity | None:
    """Where a code can go: an e-mail that the member proved."""
    rows = Identity.objects.filter(
        member=member_id, kind=IdentityKind.EMAIL, closed_at=None, verified_at__isnull=False
    )
    return rows.order_by("-verified_at").first()


def phone_context(change_id: UUID) -> str:
    return f"phones.change.phone:{change_id}"


def answer_context(change_id: UUID) -> str:
    return f"phones.change.answer:{change_id}"


def new_phone_of(row: PhoneChange) -> str:
    """The new phone, masked; empty for an erased member."""
    key = open_keys([row.member_id]).get(row.member_id)
    if key is None:
        return ""
    return mask_identity(PHONE, key.open(bytes(row.phone_sealed), phone_context(row.id)).decode())


def old_phone_of(row: PhoneChange) -> str:
    """The phone that is replaced, masked; empty when there was none, and for an erased member."""
    if row.old_identity is None:
        return ""
    return _masked(row.old_identity, open_keys([row.member_id]).get(row.member_id))


def answer_of(row: PhoneChange) -> str:
    """Why it was declined; empty for an erased member."""
    key = open_keys([row.member_id]).get(row.member_id)
    if key is None or row.answer_sealed is None:
        return ""
    return key.open(bytes(row.answer_sealed), answer_context(row.id)).decode()


def _masked(row: Identity, key: DataKey | None) -> str:
    if key is None or row.value_sealed is None:
        return ""
    return mask_identity(PHONE, open_identity(row, key))
