"""What loyalty listens to: who joined, and whose profile changed."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.outbox.events import Envelope, consumer
from mallard.value.loyalty.services import grant_for_joining, grant_for_profiles
from mallard.world.members.events import MemberChanged, MemberEnrolled

ACTOR = system("loyalty")


@consumer(name="loyalty.granting", events=(MemberEnrolled, MemberChanged), batch_size=1_000)
def grant(envelopes: list[Envelope]) -> None:
    """Give what rules promise for joining and for a completed profile; each is given once."""
    joined = {one.subject_id for one in envelopes if one.name == MemberEnrolled.name}
    if joined:
        grant_for_joining(joined, actor=ACTOR)
    grant_for_profiles({one.subject_id for one in envelopes}, actor=ACTOR)
