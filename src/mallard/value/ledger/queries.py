"""Reads of the ledger. Figures of a member include every record merged into theirs."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mallard.value.ledger.statements import array, run

_POSTED = """
SELECT source_id,
    CASE kind WHEN 'accrue' THEN debit_account_id ELSE credit_account_id END AS funder_id,
    sum(CASE kind WHEN 'accrue' THEN amount ELSE -amount END)::bigint
FROM ledger_transfer
WHERE source_id = ANY ($1::uuid[]) AND kind IN ('accrue', 'reverse', 'recover', 'owe')
GROUP BY 1, 2
"""


def posted_for_sources(source_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], int]:
    """What each source earned from each funder: accrued minus reversed, spent or not.

    Keys are (source id, funder account id); a pair that was reversed in full is there with 0.
    """
    rows = run(_POSTED, [array(list(source_ids))], rows=len(source_ids))
    return {(source, funder): points for source, funder, points in rows}
