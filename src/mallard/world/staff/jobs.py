"""What staff does by the clock."""

from __future__ import annotations

from mallard.kernel.jobs import periodic
from mallard.world.staff.services.leaving import carry_out_due


@periodic("*/5 * * * *")
def close_leavers() -> None:
    """Close the accounts whose last day is over."""
    carry_out_due()
