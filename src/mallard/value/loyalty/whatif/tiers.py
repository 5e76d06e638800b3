"""Which tier a person had at the start of each day, worked out from their days in memory."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from uuid import UUID

from django.db import connection

from mallard.value.loyalty.rules import TierLevel, tier_reached
from mallard.value.loyalty.rules.tiers import add_months


@dataclass(slots=True)
class Days:
    """A person's days with what they spent and how often they came, as running sums."""

    days: list[dt.date]
    spend: list[int]
    visits: list[int]

    def tier_on(self, day: dt.date, levels: Sequence[TierLevel]) -> TierLevel | None:
        """The tier at the start of ``day``: what the 12 months before it add up to."""
        begin = bisect_left(self.days, add_months(day, -12))
        end = bisect_left(self.days, day)
        return tier_reached(
            levels,
            spend_minor=self.spend[end] - self.spend[begin],
            visits=self.visits[end] - self.visits[begin],
        )


def days_of(
    persons: Mapping[UUID, tuple[UUID, ...]], member_ids: Collection[UUID]
) -> dict[tuple[UUID, ...], Days]:
    """The days of each person; one statement."""
    sums: dict[tuple[UUID, ...], dict[dt.date, list[int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT member_id, business_day, (net_minor - refund_minor)::bigint, visits"
            " FROM sales_memberday WHERE member_id = ANY(%s::uuid[])",
            [list(member_ids)],
        )
        for member_id, day, spend, visits in cursor:
            of_day = sums[persons[member_id]].setdefault(day, [0, 0])
            of_day[0] += spend
            of_day[1] += visits
    found = {}
    for person, by_day in sums.items():
        days = sorted(by_day)
        spend = list(accumulate((by_day[day][0] for day in days), initial=0))
        visits = list(accumulate((by_day[day][1] for day in days), initial=0))
        found[person] = Days(days, spend, visits)
    return found
