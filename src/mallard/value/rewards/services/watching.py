"""Counting what is owed, and telling somebody when points or rewards are out of bounds."""

from __future__ import annotations

import datetime as dt

from babel.numbers import get_currency_precision

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.ledger.measures import points_moved
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.measures import points_liability
from mallard.value.loyalty.queries import programme
from mallard.value.rewards.models import LiabilitySlice
from mallard.value.rewards.queries import offered_rewards
from mallard.value.rewards.settings import BURN_BELOW, LIABILITY_ABOVE, VALUE_ABOVE
from mallard.value.rewards.valuing import BP, to_nearest, worth_of
from mallard.world.tasks import services as tasks
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.kinds import ALERT

WATCHER = "finance"
YEAR = dt.timedelta(days=365)

_SLICES = """
INSERT INTO rewards_liabilityslice (funder_id, earned_month, expires_month, points, counted_at)
SELECT l.funder_id, date_trunc('month', l.matures_at AT TIME ZONE 'UTC')::date,
    date_trunc('month', l.expires_at AT TIME ZONE 'UTC')::date, sum(l.remaining), %s
FROM ledger_lot l WHERE l.remaining > 0 GROUP BY 1, 2, 3 RETURNING points
"""


@atomic_retrying
def slice_liability() -> int:
    """Count all outstanding points anew by funder, age and end; returns how many there are."""
    LiabilitySlice.objects.all().delete()
    return sum(int(points) for (points,) in fetch_rows(_SLICES, [now()]))


def watch_worth(*, actor: Actor) -> int:
    """Open a task for each bound that is crossed now, settle those that are not; returns how many
    are crossed."""
    try:
        facts = programme()
    except NoProgramme:
        return 0
    crossed = [*_burn(), *_liability(), *_rewards(facts.point_cost_micro)]
    keys = {task.key for task in crossed}
    if crossed:
        tasks.open_tasks(crossed, actor=actor)
    usual = {"worth:burn", "worth:liability"}
    usual |= {f"worth:reward:{row.pk}" for row in offered_rewards()}
    tasks.settle_tasks(ALERT.code, usual - keys, actor=actor)
    return len(crossed)


def _alert(key: str, message: str, **params: object) -> TaskInput:
    return TaskInput(
        kind=ALERT.code, message=message, params=params, key=f"worth:{key}", role=WATCHER
    )


def _burn() -> list[TaskInput]:
    last = now().date()
    moved = points_moved(last - YEAR, last)
    if moved.issued <= 0 or not BURN_BELOW.value:
        return []
    burn = to_nearest(moved.redeemed * BP, moved.issued)
    if burn >= BURN_BELOW.value * 100:
        return []
    return [_alert("burn", "burn", burn={"bp": burn}, limit={"bp": BURN_BELOW.value * 100})]


def _liability() -> list[TaskInput]:
    owed = points_liability(now().date())
    if owed is None or not LIABILITY_ABOVE.value:
        return []
    currency = owed.cost.currency
    limit = LIABILITY_ABOVE.value * 10 ** get_currency_precision(currency)
    if owed.cost.minor <= limit:
        return []
    money = {"money": owed.cost.minor, "currency": currency}
    return [
        _alert("liability", "liability", owed=money, limit={"money": limit, "currency": currency})
    ]


def _rewards(point_cost_micro: int) -> list[TaskInput]:
    found = []
    for row in offered_rewards() if VALUE_ABOVE.value else ():
        worth = worth_of(row.points, row.cost_minor, row.price_minor, point_cost_micro)
        if worth.ratio_bp is not None and worth.ratio_bp > VALUE_ABOVE.value * 100:
            name = {"en": row.name_en or row.name_zh, "zh": row.name_zh or row.name_en}
            ratio = {"bp": worth.ratio_bp}
            found.append(_alert(f"reward:{row.pk}", "reward", reward=name, ratio=ratio))
    return found
