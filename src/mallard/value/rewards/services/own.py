"""What a member does themself, on their own page: hold a reward, take it, or let it go.

Whoever took a reward cancels it at the desk, where somebody sees why: points that come back live on
for a while, and nobody should prolong their own by taking and cancelling.
"""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Forbidden
from mallard.value.rewards.errors import NotFamily, NotHeld
from mallard.value.rewards.inputs import RedemptionInput
from mallard.value.rewards.models import Redemption, Status
from mallard.value.rewards.queries import any_desk, own_redemption
from mallard.value.rewards.services.ending import end
from mallard.value.rewards.services.redeeming import confirm_locked, lock_seen, place_at
from mallard.value.rewards.services.stock import release


@atomic_retrying
def hold_own(wanted: RedemptionInput, *, actor: Actor) -> Redemption:
    """Hold points and goods for the member who asks, at a desk of any mall.

    A known key with the same content gives the first redemption. Raises what `place_redemption`
    does; `NotFamily` when somebody else should pay.
    """
    if actor.kind is not ActorKind.MEMBER or actor.id != wanted.member_id:
        raise Forbidden()
    if wanted.payers:
        raise NotFamily()
    return place_at(any_desk(wanted.desk_id), wanted, actor=actor)


@atomic_retrying
def confirm_own(redemption_id: UUID, *, actor: Actor) -> Redemption:
    """Spend the points that were held. Confirming again changes nothing. Raises
    `RedemptionUnknown`, `NotHeld`, `HoldOver`."""
    return confirm_locked(lock_seen(own_redemption(actor, redemption_id)), actor=actor)


@atomic_retrying
def let_go_own(redemption_id: UUID, *, actor: Actor) -> Redemption:
    """Give up what is held; points and goods are free again. Letting go again changes nothing.
    Raises `RedemptionUnknown`, and `NotHeld` once the points are spent."""
    row = lock_seen(own_redemption(actor, redemption_id))
    if row.status in (Status.CANCELLED, Status.LAPSED):
        return row
    if row.status != Status.HELD:
        raise NotHeld(status=row.get_status_display())
    release(row)
    end(row, Status.CANCELLED, reason="", gives_back=False, actor=actor)
    return row
