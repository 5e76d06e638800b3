"""Enforcing retention: every declared pruning, in bounded batches."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from mallard.kernel.database.transactions import statement_limits
from mallard.kernel.health.services import note_evidence
from mallard.kernel.retention.declaration import Retention, declarations

logger = logging.getLogger(__name__)

MOST_BATCHES = 200
"""Batches per table and run, so that a run ends; the next one goes on."""
STATEMENT_MS = 60_000
ENFORCED = "retention.enforced"


@dataclass(frozen=True, slots=True)
class Pruned:
    """How the pruning of one table went. ``is_done``: nothing too old is left."""

    label: str
    rows: int
    is_done: bool


def enforce() -> list[Pruned]:
    """Prune every table that has a period, and note what came of it.

    One that fails does not keep the others from their turn; it is logged and counts as not done.
    """
    pruned = [_prune(each) for each in declarations() if each.prune is not None]
    figures = {each.label: each.rows for each in pruned}
    note_evidence(ENFORCED, is_good=all(each.is_done for each in pruned), figures=figures)
    return pruned


def _prune(retention: Retention) -> Pruned:
    if retention.prune is None:
        return Pruned(retention.label, 0, is_done=True)
    rows = 0
    try:
        with statement_limits(statement_ms=STATEMENT_MS):
            for _batch in range(MOST_BATCHES):
                count = retention.prune()
                rows += count
                if count == 0:
                    return Pruned(retention.label, rows, is_done=True)
    except Exception:
        logger.exception("retention_failed", extra={"table": retention.label})
    return Pruned(retention.label, rows, is_done=False)
