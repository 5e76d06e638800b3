"""What the ledger listens to."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import system
from mallard.kernel.outbox.events import Envelope, consumer
from mallard.value.ledger import services
from mallard.value.ledger.locks import records_of
from mallard.world.members.events import MemberUnmerged


@consumer(name="ledger.unmerging", events=[MemberUnmerged])
def separate_unmerged_wallets(envelopes: list[Envelope]) -> None:
    """Records taken apart get their points apart too.

    Merged again before this came, they share their points again, and there is nothing to do.
    """
    actor = system("separate unmerged wallets")
    for envelope in envelopes:
        survivor_id = UUID(envelope.payload["survivor_id"])
        if survivor_id not in records_of([envelope.subject_id])[envelope.subject_id].members:
            services.separate_wallets(envelope.subject_id, survivor_id, actor=actor)
