"""What data quality listens to."""

from __future__ import annotations

from mallard.kernel.outbox.events import Envelope, consumer
from mallard.world.members.events import MemberErased
from mallard.world.quality.services import drop_erased


@consumer(name="quality.erasures", events=[MemberErased])
def drop_what_was_measured(envelopes: list[Envelope]) -> None:
    drop_erased({envelope.subject_id for envelope in envelopes})
