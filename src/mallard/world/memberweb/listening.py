"""What the member page listens to."""

from __future__ import annotations

from mallard.kernel.outbox.events import Envelope, consumer
from mallard.world.members.events import MemberClosed, MemberErased
from mallard.world.memberweb import services


@consumer(name="memberweb.ended", events=[MemberClosed, MemberErased])
def end_sessions_of_ended_memberships(envelopes: list[Envelope]) -> None:
    """Who is no member any more is signed in nowhere."""
    services.end_all({envelope.subject_id for envelope in envelopes})
