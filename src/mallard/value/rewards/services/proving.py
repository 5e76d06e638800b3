"""Whether the member is there: the code that changes, where a setting asks for it."""

from __future__ import annotations

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.audit import services as audit
from mallard.value.rewards.inputs import RedemptionInput
from mallard.value.rewards.permissions import REDEEM_WITHOUT_CODE
from mallard.value.rewards.settings import CODE_AT_DESKS, CODE_AT_TILLS
from mallard.world.memberweb.services import is_shown_to, spend_code


def is_code_needed(actor: Actor) -> bool:
    """Whether ``actor`` redeems only with the member's code."""
    if actor.kind is ActorKind.API:
        return CODE_AT_TILLS.value
    return actor.kind is ActorKind.STAFF and CODE_AT_DESKS.value


def prove_presence(wanted: RedemptionInput, *, actor: Actor) -> None:
    """Spend the member's code for this act, where one was given or is needed.

    Staff who may redeem without one leave an entry in the audit log instead. Raises the refusals
    of `memberweb.services.spend_code`.
    """
    act = f"reward:{wanted.key}"
    is_needed = is_code_needed(actor)
    if not wanted.card_code and not is_needed:
        return
    is_excused = not wanted.card_code and actor.may(REDEEM_WITHOUT_CODE)
    if is_excused and not is_shown_to(wanted.member_id, actor=actor):
        audit.record(
            actor,
            "rewards.redeemed_without_code",
            "member",
            wanted.member_id,
            after={"reward_id": wanted.reward_id, "desk_id": wanted.desk_id},
        )
        return
    spend_code(wanted.member_id, act=act, text=wanted.card_code, actor=actor)
