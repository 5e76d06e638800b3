"""Families: whose points somebody may spend. A right to spend, never a wallet of its own."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, retry_when_raced
from mallard.value.ledger.locks import lock_records
from mallard.value.wallets.errors import FamilyOfOneself, RightUnknown
from mallard.value.wallets.models import FamilyRight
from mallard.value.wallets.permissions import GIVE_POINTS
from mallard.world.members.queries import visible_member

retry_when_raced("wallets_family_once")


@atomic_retrying
def grant_family(owner_id: UUID, spender_id: UUID, *, actor: Actor) -> FamilyRight:
    """Let ``spender`` spend ``owner``'s points; again gives the same right.

    The owner asks for it at the desk. Raises `FamilyOfOneself`, `MemberNotFound`.
    """
    actor.require(GIVE_POINTS)
    owner, spender = visible_member(actor, owner_id), visible_member(actor, spender_id)
    records = lock_records({owner.pk, spender.pk})
    if spender.pk in records[owner.pk].members:
        raise FamilyOfOneself(fields={"number": FamilyOfOneself.message})
    right, is_new = FamilyRight.objects.get_or_create(
        owner=owner,
        spender=spender,
        ended_at=None,
        defaults={"granted_at": now(), "granted_by_label": actor.label[:200]},
    )
    if is_new:
        after = {"spender_id": spender.pk}
        audit.record(actor, "wallets.family_granted", "member", owner.pk, after=after)
    return right


@atomic_retrying
def end_family(right_id: UUID, *, owner_id: UUID, actor: Actor) -> None:
    """Take the right back; what was spent stays spent. Raises `RightUnknown`."""
    actor.require(GIVE_POINTS)
    owner = visible_member(actor, owner_id)
    lock_records({owner.pk})
    rows = FamilyRight.objects.filter(pk=right_id, owner=owner, ended_at=None)
    if not rows.update(ended_at=now()):
        raise RightUnknown()
    audit.record(actor, "wallets.family_ended", "member", owner.pk, after={"right_id": right_id})
