"""Receipts that answer for one another: where a rule has a limit, those of a person are assessed
together, in the order in which they happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from mallard.kernel.database.prepared import fetch_rows
from mallard.value.loyalty.queries import (
    AssessmentFacts,
    ProgrammeFacts,
    assessments_of_days,
)
from mallard.value.loyalty.rules import Attribution, RuleBook
from mallard.value.loyalty.rules.attribution import budgets_of

Person = tuple[UUID, ...]
"""All records of a person: what limits are counted over."""


def attribution_of(known: AssessmentFacts, book: RuleBook) -> Attribution:
    """The rules of the sale, as its assessment wrote them down."""
    found = Attribution()
    for step in known.steps:
        rule = book.version(step.code, step.version)
        if rule.terms.kind in ("amount", "unit"):
            found.base.update(dict.fromkeys(step.line_nos, rule))
        else:
            found.extras.append((rule, step.line_nos))
    return found


def budgeted_points(known: AssessmentFacts, book: RuleBook) -> dict[str, int]:
    """What a receipt was given from each budget."""
    found: dict[str, int] = {}
    for step in known.steps:
        if step.points:
            for code in budgets_of(book.version(step.code, step.version)):
                found[code] = found.get(code, 0) + step.points
    return found


def mates_of(
    days: Mapping[Person, Collection[dt.date]],
    for_life: Collection[Person],
    facts: ProgrammeFacts,
) -> dict[UUID, AssessmentFacts]:
    """The assessed receipts that share a limit with those of these persons and days.

    Of persons in ``for_life`` all days count; of the others too where a receipt of those days turns
    out to share a wider limit. At most two statements.
    """
    wide = set(for_life)
    found: dict[UUID, AssessmentFacts] = {}
    narrow = {person: wanted for person, wanted in days.items() if person not in wide}
    if narrow:
        every_day = {day for wanted in narrow.values() for day in wanted}
        of_days = _linked(assessments_of_days(_records(narrow), every_day), facts)
        persons = {record: person for person in narrow for record in person}
        for key, known in of_days.items():
            person = persons.get(known.member_id) if known.member_id else None
            if person is None or known.business_day not in narrow[person]:
                continue
            found[key] = known
            if attribution_of(known, facts.book).is_for_life:
                wide.add(person)
    if wide:
        found |= _linked(assessments_of_days(_records(wide), None), facts)
    return found


def _records(persons: Iterable[Person]) -> list[UUID]:
    return [record for person in persons for record in person]


def _linked(
    known: Mapping[UUID, AssessmentFacts], facts: ProgrammeFacts
) -> dict[UUID, AssessmentFacts]:
    return {
        key: one for key, one in known.items() if one.explanation and _shares_a_limit(one, facts)
    }


def _shares_a_limit(known: AssessmentFacts, facts: ProgrammeFacts) -> bool:
    return any(facts.book.version(row[0], row[1]).terms.is_linked for row in known.explanation)


def first_receipts(persons: Collection[Person]) -> set[UUID]:
    """The first receipt of each person since they joined."""
    pairs = [(number, record) for number, person in enumerate(persons) for record in person]
    rows = fetch_rows(
        """
        SELECT DISTINCT ON (asked.person) first.id
        FROM unnest(%s::int[], %s::uuid[]) AS asked(person, member_id)
        JOIN members_member m ON m.id = asked.member_id
        CROSS JOIN LATERAL (
            SELECT r.id, r.occurred_at, r.store_id, r.number FROM sales_receipt r
            WHERE r.member_id = m.id AND r.occurred_at >= m.joined_at
            ORDER BY r.occurred_at, r.store_id, r.number LIMIT 1
        ) first
        ORDER BY asked.person, first.occurred_at, first.store_id, first.number
        """,
        [[person for person, _record in pairs], [record for _person, record in pairs]],
    )
    return {row[0] for row in rows}


def tenders_of(receipt_ids: Collection[UUID]) -> dict[UUID, tuple[tuple[str, int], ...]]:
    """How these receipts were paid."""
    found: dict[UUID, tuple[tuple[str, int], ...]] = {}
    for receipt_id, kind, amount in fetch_rows(
        "SELECT receipt_id, kind, amount_minor FROM sales_tender"
        " WHERE receipt_id = ANY(%s::uuid[]) ORDER BY receipt_id, position",
        [list(receipt_ids)],
    ):
        found[receipt_id] = (*found.get(receipt_id, ()), (kind, amount))
    return found
