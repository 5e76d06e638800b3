"""What tasks listen to. Apart from `events`, which services announce with."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.outbox.events import Envelope, consumer
from mallard.world.members.events import MemberErased
from mallard.world.tasks import services


@consumer(name="tasks.erasures", events=[MemberErased])
def clear_words_about_erased_members(envelopes: list[Envelope]) -> None:
    """What was written about an erased member goes; what is open about them is cancelled."""
    ids = {envelope.subject_id for envelope in envelopes}
    services.clear_after_erasure(ids, actor=system("forget erased members"))
