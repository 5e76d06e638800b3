"""The usual pruning: the rows of a query, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

BATCH = 5_000


def batches(old: Callable[[], QuerySet[Any]], *, limit: int = BATCH) -> Callable[[], int]:
    """A pruning that deletes up to ``limit`` of the rows of ``old()`` and answers how many.

    The rows are named first and locked where nobody else holds them, so that a batch is short
    and never waits for a reader's transaction.
    """

    def prune() -> int:
        with transaction.atomic():
            rows = old().select_for_update(skip_locked=True, of=("self",)).order_by("pk")
            keys = list(rows.values_list("pk", flat=True)[:limit])
            if keys:
                old().model._default_manager.filter(pk__in=keys).delete()
        return len(keys)

    return prune
