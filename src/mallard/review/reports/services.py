"""Taking the readings of figures that are too slow for a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.bulk import insert_unnest
from mallard.kernel.database.transactions import atomic_retrying
from mallard.review.reports.models import WHOLE_GROUP_ID, Reading
from mallard.review.reports.queries import business_day_of, rates_of
from mallard.value.ledger import figures as ledger_figures
from mallard.value.ledger.measures import points_moved
from mallard.value.loyalty import figures as loyalty_figures
from mallard.value.loyalty.measures import points_liability
from mallard.value.sales.measures import GROUP, member_counts
from mallard.world.malls.models import Mall

COMPARED_DAYS = (7, 28)
"""How long before today figures are compared with: those days are read off, too, once."""
KEPT_DAYS = 400
YEAR = dt.timedelta(days=365)

_COLUMNS = (
    ("figure", "text"), ("place_kind", "text"), ("place_id", "uuid"), ("day", "date"),
    ("part", "bigint"), ("whole", "bigint"), ("currency", "text"), ("taken_at", "timestamptz"),
)  # fmt: skip
Row = tuple[str, str, object, dt.date, int, int | None, str, dt.datetime]


@atomic_retrying
def take_readings(*, actor: Actor) -> int:
    """Read off today's figures, and those of the days that today is compared with, unless they are
    there. Returns how many readings were taken. Derived from facts that carry their own actors:
    there is nothing to audit.
    """
    actor.require("sales.view_figures")
    malls = list(Mall.objects.order_by("code"))
    if not malls:
        return 0
    today = business_day_of(malls, clock.now())
    days = [today, *(today - dt.timedelta(days=ago) for ago in COMPARED_DAYS)]
    there = set(Reading.objects.filter(day__in=days).values_list("day", flat=True))
    rows = [row for day in days if day == today or day not in there for row in _rows(day)]
    insert_unnest(
        Reading._meta.db_table,
        _COLUMNS,
        rows,
        on_conflict="ON CONFLICT (figure, place_kind, place_id, day) DO UPDATE SET"
        " part = excluded.part, whole = excluded.whole, currency = excluded.currency,"
        " taken_at = excluded.taken_at",
    )
    return len(rows)


def prune() -> int:
    """Delete readings of the oldest days beyond `KEPT_DAYS`; how many, 0 when none is left."""
    oldest = Reading.objects.order_by("day").values_list("day", flat=True).first()
    if oldest is None or oldest >= clock.now().date() - dt.timedelta(days=KEPT_DAYS):
        return 0
    return Reading.objects.filter(day=oldest).delete()[0]


def _rows(day: dt.date) -> Iterator[Row]:
    now = clock.now()
    for counts in member_counts(day):
        place_id = counts.place_id or WHOLE_GROUP_ID
        for code, (part, whole) in rates_of(counts).items():
            if part or whole:
                yield code, counts.place_kind, place_id, day, part, whole, "", now
    moved = points_moved(day - YEAR + dt.timedelta(days=1), day)
    burn = ledger_figures.BURN_RATIO.code
    yield burn, GROUP, WHOLE_GROUP_ID, day, moved.redeemed, moved.issued, "", now
    owed = points_liability(day)
    if owed is not None:
        code = loyalty_figures.POINTS_LIABILITY.code
        cost = owed.cost
        yield code, GROUP, WHOLE_GROUP_ID, day, cost.minor, None, cost.currency, now
