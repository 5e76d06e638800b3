"""What lists listen to."""

from __future__ import annotations

from mallard.kernel.outbox.events import Envelope, consumer
from mallard.world.lists.services import drop_erased
from mallard.world.members.events import MemberErased


@consumer(name="lists.erasures", events=[MemberErased])
def take_erased_members_off(envelopes: list[Envelope]) -> None:
    """An erased member is on no list any more."""
    drop_erased({envelope.subject_id for envelope in envelopes})
