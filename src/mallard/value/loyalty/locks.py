"""Locks of loyalty."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.database.prepared import send


def lock_referral_rewards() -> None:
    """Decide about points for friends one at a time: limits count what others were given."""
    send("SELECT pg_advisory_xact_lock(hashtext('loyalty.referrals'))", [])


def lock_check_in(member_id: UUID) -> None:
    """A member checks in one at a time: limits count the days before."""
    send("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"loyalty.check_in:{member_id}"])
