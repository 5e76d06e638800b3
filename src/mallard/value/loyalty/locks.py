"""Locks of loyalty."""

from __future__ import annotations

from mallard.kernel.database.prepared import send


def lock_referral_rewards() -> None:
    """Decide about points for friends one at a time: limits count what others were given."""
    send("SELECT pg_advisory_xact_lock(hashtext('loyalty.referrals'))", [])
