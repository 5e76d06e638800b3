"""What sales do by the clock."""

from __future__ import annotations

from mallard.kernel.jobs import periodic
from mallard.value.sales.goods import add_up_goods

MOST_RUNS = 200
"""Runs in one job, so that a job ends; the next one goes on."""


@periodic("*/5 * * * *")
def add_up_product_months() -> None:
    """Bring what goods brought by month up to date."""
    for _run in range(MOST_RUNS):
        if not add_up_goods():
            return
