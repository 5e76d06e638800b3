"""What the fraud watch listens to."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.outbox.events import Envelope, consumer
from mallard.value.watch import services
from mallard.world.members.events import MemberErased


@consumer(name="watch.erasures", events=[MemberErased])
def clear_words_about_erased_members(envelopes: list[Envelope]) -> None:
    """What was written about an erased member goes."""
    ids = {envelope.subject_id for envelope in envelopes}
    services.clear_after_erasure(ids, actor=system("forget erased members"))
