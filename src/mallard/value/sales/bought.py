"""What members bought, from their daily rollup: the ground that tiers stand on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.database.prepared import ask, fetch_rows


@dataclass(frozen=True, slots=True)
class Window:
    """What a member bought in a stretch of business days."""

    spend_minor: int
    visits: int


def last_days_bought(member_ids: Collection[UUID]) -> dict[UUID, dt.date]:
    """The latest business day in each member's rollup."""
    return last_days_soon(member_ids)()


def last_days_soon(member_ids: Collection[UUID]) -> Callable[[], dict[UUID, dt.date]]:
    """The same, asked together with other things; the result gives it."""
    if not member_ids:
        return dict
    answer = ask(
        """
        SELECT m.id, (
            SELECT d.business_day FROM sales_memberday d
            WHERE d.member_id = m.id ORDER BY d.business_day DESC LIMIT 1
        )
        FROM unnest(%s::uuid[]) AS m(id)
        """,
        [list(member_ids)],
    )
    return lambda: {member_id: day for member_id, day in answer.rows() if day is not None}


def bought_between(
    spans: Sequence[tuple[Sequence[UUID], dt.date, dt.date]],
) -> list[Window]:
    """For each (records of one person, first day, day after the last): spend and visits.

    A person whose records were merged is given with all of them. One statement.
    """
    return bought_between_soon(spans)()


def bought_between_soon(
    spans: Sequence[tuple[Sequence[UUID], dt.date, dt.date]],
) -> Callable[[], list[Window]]:
    """The same, asked together with other things; the result gives it."""
    if not spans:
        return list
    numbers, member_ids, firsts, untils = [], [], [], []
    for number, (records, first, until) in enumerate(spans):
        for member_id in records:
            numbers.append(number)
            member_ids.append(member_id)
            firsts.append(first)
            untils.append(until)
    answer = ask(
        """
        SELECT asked.number,
               sum(d.net_minor - d.refund_minor)::bigint, sum(d.visits)::bigint
        FROM unnest(%s::int[], %s::uuid[], %s::date[], %s::date[])
            AS asked(number, member_id, first, until)
        JOIN sales_memberday d ON d.member_id = asked.member_id
            AND d.business_day < asked.until AND d.business_day >= asked.first
        GROUP BY asked.number
        """,
        [numbers, member_ids, firsts, untils],
    )

    def windows() -> list[Window]:
        found = [Window(0, 0)] * len(spans)
        for number, spend_minor, visits in answer.rows():
            found[number] = Window(spend_minor, visits)
        return found

    return windows


def days_bought(member_ids: Collection[UUID]) -> list[tuple[UUID, dt.date, int, int]]:
    """Every business day of these records: (record, day, net spend, visits). One statement."""
    if not member_ids:
        return []
    return [
        (row[0], row[1], row[2], row[3])
        for row in fetch_rows(
            "SELECT member_id, business_day, sum(net_minor - refund_minor)::bigint,"
            " sum(visits)::bigint FROM sales_memberday WHERE member_id = ANY(%s::uuid[])"
            " GROUP BY member_id, business_day",
            [list(member_ids)],
        )
    ]
