"""What this app listens to."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.outbox.events import Envelope, consumer
from mallard.world.members.events import MemberErased
from mallard.world.privacy import services


@consumer(name="privacy.erasures", events=[MemberErased])
def clear_words_about_erased_members(envelopes: list[Envelope]) -> None:
    """What was answered to an erased member goes; what else they asked is settled."""
    ids = {envelope.subject_id for envelope in envelopes}
    services.clear_after_erasure(ids, actor=system("forget erased members"))
