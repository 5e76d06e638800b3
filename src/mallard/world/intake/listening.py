"""What imports listen to."""

from __future__ import annotations

from mallard.kernel.outbox.events import Envelope, consumer
from mallard.world.intake.services.keeping import close_files
from mallard.world.members.events import MemberErased


@consumer(name="intake.erasures", events=[MemberErased])
def close_files_that_may_name_erased_members(envelopes: list[Envelope]) -> None:
    """Every kept file may name them, also in a row that was refused: the files go."""
    close_files({envelope.subject_id for envelope in envelopes})
