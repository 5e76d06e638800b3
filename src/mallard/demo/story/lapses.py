"""Members who leave: some of those who stopped coming have taken back their consent."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Max

from mallard.demo.calendar import LAST_FULL_DAY, ZONE
from mallard.demo.draws import SEED, Draws
from mallard.demo.people_load import CONSENT_SOURCE
from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.value.sales.models import MemberDay
from mallard.world.members.inputs import ConsentInput
from mallard.world.members.models import Consent, ConsentPurpose, Member
from mallard.world.members.services import record_consents

SILENT_DAYS = 90
LEAVING_PERCENT = 40
EARLIEST_DAYS, LATEST_DAYS = 20, 80


def plant(*, weeks: int, actor: Actor) -> int:
    """Record the withdrawals; returns how many members made one. Doing it again changes nothing."""
    end = LAST_FULL_DAY + timedelta(weeks=weeks)
    silent = (
        MemberDay.objects.values_list("member_id")
        .annotate(last=Max("business_day"))
        .filter(last__lte=end - timedelta(days=SILENT_DAYS))
    )
    # Numbers may differ from load to load, their order does not.
    everybody = Member.objects.order_by("number").values_list("id", flat=True)
    ranks = {member_id: rank for rank, member_id in enumerate(everybody)}
    leaving = 0
    for member_id, last in sorted(silent, key=lambda row: ranks[row[0]]):
        draws = Draws(SEED, "leaves", ranks[member_id])
        if not draws.chance(LEAVING_PERCENT):
            continue
        said_at = _said_at(last, draws)
        given = Consent.objects.filter(member=member_id, purpose=ConsentPurpose.MARKETING)
        if given.filter(is_granted=False, occurred_at=said_at).exists():
            continue
        channels = set(given.filter(is_granted=True).values_list("channel", flat=True))
        withdrawals = [
            ConsentInput(
                purpose=ConsentPurpose.MARKETING,
                channel=channel,
                is_granted=False,
                occurred_at=said_at,
                source=CONSENT_SOURCE,
                origin=Origin.GENERATED,
            )
            for channel in sorted(channels)
        ]
        if withdrawals:
            record_consents(member_id, withdrawals, actor=actor)
            leaving += 1
    return leaving


def _said_at(last: date, draws: Draws) -> datetime:
    day = last + timedelta(days=draws.between(EARLIEST_DAYS, LATEST_DAYS))
    return datetime.combine(day, time(hour=draws.between(9, 21)), ZONE)
