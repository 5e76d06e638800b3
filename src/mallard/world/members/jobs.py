"""Background jobs of this app."""

from __future__ import annotations

from mallard.kernel.access.actor import system
from mallard.kernel.jobs import periodic
from mallard.world.members import services

_KEEPER = system("retention")


@periodic("21 19 * * *", retries=2)
def end_and_forget_memberships() -> None:
    """Close what nobody uses and erase who left long ago, every night in China, as settings say."""
    services.close_long_inactive(actor=_KEEPER)
    services.erase_long_closed(actor=_KEEPER)
