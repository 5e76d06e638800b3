"""Receipts that a desk typed from paper, as tills look for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from mallard.kernel.database.prepared import ask


def owners_of_paper_soon(codes: Sequence[tuple[str, str]]) -> Callable[[], set[UUID]]:
    """Whose receipts of paper these (store code, number) pairs name: they are locked with the
    others. Asked together with other things."""
    if not codes:
        return set
    answer = ask(
        """
        SELECT r.member_id FROM unnest(%s::text[], %s::text[]) AS asked(code, number)
        JOIN malls_store s ON s.code = asked.code
        JOIN sales_receipt r ON r.store_id = s.id AND r.number = asked.number
        WHERE r.source = 'paper' AND r.member_id IS NOT NULL
        """,
        [[one[0] for one in codes], [one[1] for one in codes]],
    )
    return lambda: {row[0] for row in answer.rows()}
