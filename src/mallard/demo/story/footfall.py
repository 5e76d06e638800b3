"""People who came in, quarter of an hour by quarter of an hour, at three entrances a mall.

The source has no footfall, so all of it is generated, from the visits that it does have: whoever
bought something came in, and so did several others. Most of a quarter's entries follow that
quarter's own visits, the rest the usual course of such a weekday, with some noise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY, ZONE
from mallard.demo.draws import SEED, Draws
from mallard.demo.floors import CORRIDOR_WIDTH, ROW_DEPTH, units_of
from mallard.demo.place import MALLS, DemoMall
from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.value.sales.models import Visit
from mallard.world.footfall.facts import CountInput, CountStatus, EntranceInput
from mallard.world.footfall.models import CounterSource
from mallard.world.footfall.services import record_counts, save_entrances
from mallard.world.malls.models import Floor, Mall

QUARTER = timedelta(minutes=15)
QUARTERS = 96
DAYS = (LAST_FULL_DAY - FIRST_DAY).days + 1
# Where the entrances are, and how many percent of the people take each.
SHARES = {"MAIN": 52, "EAST": 30, "METRO": 18}
NAMES = {
    "MAIN": ("Main entrance", "主入口"),
    "EAST": ("East entrance", "东入口"),
    "METRO": ("Metro passage", "地铁通道"),
}
# For one visit of the panel so many people come in then and there, and on a usual such weekday.
NOW_PER_VISIT, USUAL_PER_VISIT = 4, 3
NOISE_PERCENT = 18
BATCH_DAYS = 92
STAY_QUARTERS = 3


@dataclass(frozen=True, slots=True)
class Silence:
    """A counter that said nothing from ``first`` on, for so many days of the year."""

    mall: str
    entrance: str
    first: int
    days: int


MUTE = Silence("NI", "EAST", first=291, days=4)


def plant(*, weeks: int, actor: Actor) -> Iterator[int]:
    """Make the entrances and record a year of counts, as far as there are visits; yields after
    each mall. Doing it again changes nothing."""
    first_day = FIRST_DAY + timedelta(weeks=weeks)
    malls = {mall.code: mall for mall in Mall.objects.filter(code__in=[m.code for m in MALLS])}
    for number, mall in enumerate(MALLS, 1):
        _save_entrances(mall, malls[mall.code].id, actor)
        visits = _visits(malls[mall.code].id)
        traded = max(((day - first_day).days + 1 for day, _quarter in visits), default=0)
        for start in range(0, min(traded, DAYS), BATCH_DAYS):
            days = range(start, min(start + BATCH_DAYS, traded, DAYS))
            counts = list(counts_of(mall.code, visits, first_day, days))
            known_at = datetime.combine(first_day, datetime.min.time(), ZONE)
            outcomes = record_counts(
                counts,
                actor=actor,
                source=CounterSource.HISTORY,
                origin=Origin.GENERATED,
                recorded_at=known_at + timedelta(days=days.stop),
            )
            refused = [one for one in outcomes if one.status is CountStatus.REFUSED]
            if refused:
                raise RuntimeError(f"{len(refused)} counts were refused: {refused[0].error}")
        yield number


def _save_entrances(mall: DemoMall, mall_id: UUID, actor: Actor) -> None:
    floors = dict(Floor.objects.filter(mall=mall_id).values_list("code", "id"))
    width = {
        floor: max(x for unit in units_of(mall) if unit.floor == floor for x, _y in unit.outline)
        for floor in ("L1", "B1")
    }
    corridor = ROW_DEPTH + CORRIDOR_WIDTH // 2
    at = {
        "MAIN": ("L1", 0, corridor),
        "EAST": ("L1", width["L1"], corridor),
        "METRO": ("B1", width["B1"], corridor),
    }
    save_entrances(
        [
            EntranceInput(
                mall_id=mall_id,
                floor_id=floors[floor],
                code=code,
                name_en=NAMES[code][0],
                name_zh=NAMES[code][1],
                x_dm=x,
                y_dm=y,
                origin=Origin.GENERATED,
            )
            for code, (floor, x, y) in at.items()
        ],
        actor=actor,
    )


def _visits(mall_id: UUID) -> Counter[tuple[date, int]]:
    """How many visits began in each quarter of an hour, by local day and number of the quarter."""
    starts = Visit.objects.filter(mall=mall_id).values_list("started_at", flat=True)
    return Counter(_quarter_of(at.astimezone(ZONE)) for at in starts.iterator())


def _quarter_of(local: datetime) -> tuple[date, int]:
    return local.date(), local.hour * 4 + local.minute // 15


def counts_of(
    mall: str, visits: Counter[tuple[date, int]], first_day: date, days: range
) -> Iterator[CountInput]:
    """The counts of some days of the year (numbers from 0), nothing where nobody passed."""
    usual = _usual(visits)
    for offset in days:
        day = first_day + timedelta(days=offset)
        draws = Draws(SEED, "footfall", mall, offset)
        midnight = datetime.combine(day, datetime.min.time(), ZONE)
        people = [_people(visits[day, q], usual[day.weekday()][q], draws) for q in range(QUARTERS)]
        for quarter in range(QUARTERS):
            entries = _split(people[quarter])
            exits = _split(people[max(0, quarter - STAY_QUARTERS)])
            for code in SHARES:
                is_mute = (mall, code) == (MUTE.mall, MUTE.entrance) and (
                    0 <= offset - MUTE.first < MUTE.days
                )
                if not is_mute and (entries[code] or exits[code]):
                    at = midnight + QUARTER * quarter
                    yield CountInput(mall, code, at, entries[code], exits[code])


def _usual(visits: Counter[tuple[date, int]]) -> dict[int, list[int]]:
    """The usual number of visits of each weekday's quarters, in hundredths."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0] * QUARTERS)
    for (day, quarter), count in visits.items():
        sums[day.weekday()][quarter] += count
    weeks = max(1, len({day for day, _quarter in visits}) // 7)
    return defaultdict(
        lambda: [0] * QUARTERS,
        {weekday: [100 * one // weeks for one in row] for weekday, row in sums.items()},
    )


def _people(visits: int, usual_hundredths: int, draws: Draws) -> int:
    expected = 100 * visits * NOW_PER_VISIT + usual_hundredths * USUAL_PER_VISIT
    noise = draws.between(100 - NOISE_PERCENT, 100 + NOISE_PERCENT)
    return (expected * noise + 5_000) // 10_000


def _split(people: int) -> dict[str, int]:
    """Whole people over the entrances by their shares, largest remainder first."""
    parts = {code: people * share // 100 for code, share in SHARES.items()}
    rest = people - sum(parts.values())
    by_remainder = sorted(SHARES, key=lambda code: (-(people * SHARES[code] % 100), code))
    for code in by_remainder[:rest]:
        parts[code] += 1
    return parts
