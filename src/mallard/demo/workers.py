"""The processes that record the feeds beside each other."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass


class RefusedReceiptsError(Exception):
    """The product refused receipts of the demo: the reading of the year is wrong."""


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """What a process needs to record a feed: which one, of how much of the year
    (``most_visits``, None for all of it)."""

    number: int
    feeds: int
    weeks: int
    batch_visits: int
    most_visits: int | None


def record(plan: FeedPlan) -> Iterator[tuple[int, int]]:
    """Read the year and record a feed; yields its number and how far it is, once before it begins.

    Runs in a process of its own.

    Raises:
        RefusedReceiptsError: what was recorded before stays, and the load can be started again.
    """
    # Feeds know their plan from here.
    from mallard.demo.feeds import record_feed
    from mallard.demo.products import names_of_goods
    from mallard.demo.receipts import Year
    from mallard.demo.source import open_source

    with open_source(threads=1, is_checked=True) as source:
        year = Year(source, most_visits=plan.most_visits)
        names = names_of_goods(source)
        # The year is here until the end, too.
        gc.freeze()
        yield from record_feed(year, names, plan)
