"""The member whose phone is changed, then the change: always in this order."""

from __future__ import annotations

from uuid import UUID

from mallard.world.members.models import Member
from mallard.world.phones.models import PhoneChange


def lock_member(member_id: UUID) -> Member:
    """The member, locked, as every change of identities does."""
    return Member.objects.select_for_update(of=("self",)).get(pk=member_id)


def lock_change(change_id: UUID) -> PhoneChange:
    """The change, locked, so that it is decided once."""
    return PhoneChange.objects.select_for_update(of=("self",)).get(pk=change_id)
