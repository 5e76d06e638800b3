"""Locks of loyalty."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from mallard.kernel.database.prepared import send
from mallard.value.loyalty.models import TierWatch


def lock_referral_rewards() -> None:
    """Decide about points for friends one at a time: limits count what others were given."""
    send("SELECT pg_advisory_xact_lock(hashtext('loyalty.referrals'))", [])


def lock_check_in(member_id: UUID) -> None:
    """A member checks in one at a time: limits count the days before."""
    send("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"loyalty.check_in:{member_id}"])


def lock_tier_watches(day: dt.date, *, most: int) -> list[TierWatch]:
    """Members whose tier is to be looked at by ``day``, by id; those that another worker holds are
    left to it."""
    rows = TierWatch.objects.select_for_update(skip_locked=True).filter(looks_on__lte=day)
    return list(rows.order_by("member_id")[:most])
