"""Visits: which receipts belong to one, found or made as receipts are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import UUID

from mallard.kernel.database.bulk import copy_rows
from mallard.kernel.database.prepared import ask, fetch_rows
from mallard.kernel.ids import uuid7
from mallard.value.sales.accepted import AcceptedReceipt

VisitKey = tuple[UUID, UUID | None, str | dt.date]
"""Mall, member, and the till's word for the visit or else the business day."""


def visit_key(r: AcceptedReceipt) -> VisitKey | None:
    if r.given.visit_reference:
        return (r.store.mall_id, r.member_id, r.given.visit_reference)
    if r.member_id:
        return (r.store.mall_id, r.member_id, r.business_day)
    return None


def visits_soon(keys: Collection[VisitKey]) -> Callable[[], dict[VisitKey, UUID]]:
    """The visits of members that exist already, asked together with other things. Who holds the
    members' locks may rely on it."""
    wanted = [(number, key) for number, key in enumerate(keys) if key[1] is not None]
    if not wanted:
        return dict
    words = [key[2] if isinstance(key[2], str) else None for _number, key in wanted]
    days = [None if isinstance(key[2], str) else key[2] for _number, key in wanted]
    answer = ask(
        """
        SELECT asked.number, coalesce(by_reference.id, by_day.id)
        FROM unnest(%s::int[], %s::uuid[], %s::uuid[], %s::text[], %s::date[])
            AS asked(number, mall_id, member_id, reference, business_day)
        LEFT JOIN sales_visit by_reference
            ON by_reference.mall_id = asked.mall_id
            AND by_reference.reference = asked.reference
            AND by_reference.member_id = asked.member_id
        LEFT JOIN sales_visit by_day
            ON by_day.reference IS NULL
            AND by_day.member_id = asked.member_id
            AND by_day.mall_id = asked.mall_id
            AND by_day.business_day = asked.business_day
        WHERE coalesce(by_reference.id, by_day.id) IS NOT NULL
        """,
        [
            [number for number, _key in wanted],
            [key[0] for _number, key in wanted],
            [key[1] for _number, key in wanted],
            words,
            days,
        ],
    )
    by_number = dict(wanted)
    return lambda: {by_number[number]: visit_id for number, visit_id in answer.rows()}


def attach_visits(
    accepted: Sequence[AcceptedReceipt], known: Mapping[VisitKey, UUID] | None = None
) -> dict[UUID, int]:
    """Give each receipt its visit; returns how many new visits each receipt (by id) began."""
    firsts: dict[VisitKey, AcceptedReceipt] = {}
    for r in accepted:
        key = visit_key(r)
        if key is not None:
            first = firsts.get(key)
            if first is None or r.given.occurred_at < first.given.occurred_at:
                firsts[key] = r
    visit_of: dict[VisitKey, tuple[UUID | None, bool]] = {}
    if known is not None:
        visit_of |= {key: (known[key], False) for key in firsts if key in known}
        visit_of |= _make_visits(
            {key: r for key, r in firsts.items() if key not in known and r.member_id is not None}
        )
    visit_of |= _find_or_make_visits({k: r for k, r in firsts.items() if k not in visit_of})
    for r in accepted:
        key = visit_key(r)
        if key is not None:
            r.visit_id = visit_of[key][0]
    return {r.id: 1 for key, r in firsts.items() if visit_of[key][1]}


def _make_visits(
    firsts: Mapping[VisitKey, AcceptedReceipt],
) -> dict[VisitKey, tuple[UUID | None, bool]]:
    """Visits of members whom we hold: nobody else can be making them."""
    made = {key: uuid7() for key in firsts}
    copy_rows(
        "sales_visit",
        ("id", "mall_id", "member_id", "business_day", "started_at", "reference"),
        (
            (
                made[key], r.store.mall_id, r.member_id, r.business_day, r.given.occurred_at,
                r.given.visit_reference,
            )
            for key, r in firsts.items()
        ),
    )  # fmt: skip
    return {key: (visit_id, True) for key, visit_id in made.items()}


def _find_or_make_visits(
    firsts: Mapping[VisitKey, AcceptedReceipt],
) -> dict[VisitKey, tuple[UUID | None, bool]]:
    """The visit of each key, and whether it is new."""
    if not firsts:
        return {}
    wanted = [(uuid7(), r) for r in firsts.values()]
    found = _found_or_made(wanted)
    lost = [(visit_id, r) for visit_id, r in wanted if found[visit_id][0] is None]
    if lost:
        # Another till was just making the same visit of nobody we know: it has committed since,
        # and the next statement sees it.
        found |= _found_or_made(lost)
    return {key: found[visit_id] for key, (visit_id, _r) in zip(firsts, wanted, strict=True)}


def _found_or_made(
    wanted: Sequence[tuple[UUID, AcceptedReceipt]],
) -> dict[UUID, tuple[UUID | None, bool]]:
    """For each proposed visit id the id to use and whether it is new; None: somebody else made the
    visit while this statement waited for them."""
    found = fetch_rows(
        """
        WITH wanted AS (
            SELECT * FROM unnest(
                %s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::timestamptz[], %s::text[]
            ) AS w(id, mall_id, member_id, business_day, started_at, reference)
        ), made AS (
            INSERT INTO sales_visit
                (id, mall_id, member_id, business_day, started_at, reference)
            SELECT * FROM wanted ON CONFLICT DO NOTHING RETURNING id
        )
        SELECT w.id, coalesce(by_reference.id, by_day.id, made.id), made.id IS NOT NULL
        FROM wanted w
        LEFT JOIN made ON made.id = w.id
        LEFT JOIN sales_visit by_reference
            ON w.reference IS NOT NULL
            AND by_reference.mall_id = w.mall_id
            AND by_reference.reference = w.reference
            AND by_reference.member_id IS NOT DISTINCT FROM w.member_id
        LEFT JOIN sales_visit by_day
            ON w.reference IS NULL AND by_day.reference IS NULL
            AND by_day.member_id = w.member_id
            AND by_day.mall_id = w.mall_id
            AND by_day.business_day = w.business_day
        """,
        [
            [visit_id for visit_id, _r in wanted],
            [r.store.mall_id for _id, r in wanted],
            [r.member_id for _id, r in wanted],
            [r.business_day for _id, r in wanted],
            [r.given.occurred_at for _id, r in wanted],
            [r.given.visit_reference for _id, r in wanted],
        ],
    )
    return {row[0]: (row[1], row[2]) for row in found}
