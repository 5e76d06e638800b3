"""Points and tiers that came over from the former system of North Isle in the year's first days.

The mall had a programme of its own: its points ended with the month, two years after they were
earned. Whoever joined there before the year begins may bring points along, some a tier. The
files have two faults, as such files have: two cards that left the programme, and a lot that was
written out twice. The former system's own report knows better, and the differences are explained.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from mallard.demo.calendar import FIRST_DAY, ZONE, wall_time
from mallard.demo.draws import SEED, Draws
from mallard.demo.people import DemoPerson, card_number
from mallard.demo.staff import actor_as
from mallard.kernel import clock
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.provenance import Origin
from mallard.value.migration.models import Measure, Migration, RowKind
from mallard.value.migration.queries import figures
from mallard.value.migration.services import (
    create_migration,
    explain,
    post_rows,
    receive_rows,
    set_control_totals,
    sign,
    start_posting,
)
from mallard.world.malls.models import Mall

MALL = "NI"
NAME = "北屿旧会员系统 Former system of North Isle"
PREPARED_DAY, PREPARED_AT, POSTED_AT = 8, time(10, 10), time(22, 40)
EXPLAINED_AT, SIGNED_AT, SIGNED_AGAIN_AT = time(9, 15), time(9, 50), time(11, 20)
"""Posted in the evening of that day, explained and signed on the next."""
TIERS_LAST_DAY = 180
HAS_POINTS, HAS_TIER = 80, 30
MOST_LOTS = 3
POINTS = (8, 95)
"""Tens of points in a lot."""
NEWEST_DAYS, OLDEST_DAYS, LIFE_MONTHS = 6, 690, 24
"""How long before the year a lot was earned, and in which month it ends."""
OWN_FUNDER = f"mall:{MALL}"
FUNDERS = ((OWN_FUNDER, 85), ("tenant:BAK", 10), ("tenant:COF", 5))
TIERS = (("silver", 80), ("gold", 20))
GONE_CARDS = (9_800_001, 9_800_002)
"""Numbers of no household: whoever had these cards left the programme."""
GONE_POINTS = (240, 610)
GONE_TEXT = "两张卡已退出会员计划，积分未迁入 Two cards left the programme; theirs stayed behind"
TWICE_TEXT = "文件中一笔积分重复，只迁入一次 One lot stands twice in the file and was posted once"


@dataclass(frozen=True, slots=True)
class FormerLot:
    """A lot as the former system wrote it out."""

    reference: str
    card: str
    points: int
    earned_on: date
    funder: str

    @property
    def expires_on(self) -> date:
        """The last day of the month, so many months after it was earned."""
        months = self.earned_on.year * 12 + self.earned_on.month + LIFE_MONTHS
        return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)

    @property
    def month(self) -> str:
        return f"{self.expires_on:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Former:
    """What the former system knew: its lots, and the tiers by card."""

    lots: tuple[FormerLot, ...]
    tiers: Mapping[str, str]

    def report(self) -> dict[tuple[str, str], int | None]:
        """Its control totals, as one types them in."""
        totals: Counter[tuple[str, str]] = Counter()
        for lot in self.lots:
            totals[Measure.POINTS, ""] += lot.points
            totals[Measure.FUNDER, lot.funder] += lot.points
            totals[Measure.MONTH, lot.month] += lot.points
        for tier in self.tiers.values():
            totals[Measure.TIER, tier] += 1
        totals[Measure.MEMBERS, ""] = len({lot.card for lot in self.lots} | set(self.tiers))
        return {(str(measure), key): count for (measure, key), count in totals.items()}


@atomic_retrying
def plant(everybody: Iterable[DemoPerson], *, weeks: int) -> None:
    """Bring them over and sign, once: again changes nothing."""
    former = former_of(everybody, weeks=weeks)
    if not former.lots or Migration.objects.exists():
        return
    crm, first = actor_as("crm_manager"), FIRST_DAY + timedelta(weeks=weeks, days=PREPARED_DAY)
    with clock.frozen(datetime.combine(first, PREPARED_AT, ZONE)):
        migration_id = _prepare(former, weeks=weeks)
    with clock.frozen(datetime.combine(first, POSTED_AT, ZONE)):
        start_posting(migration_id, actor=crm)
        post_rows(migration_id)
    following = first + timedelta(days=1)
    with clock.frozen(datetime.combine(following, EXPLAINED_AT, ZONE)):
        explain(migration_id, _reasons(migration_id), actor=crm)
    for role, at in (("finance", SIGNED_AT), ("director", SIGNED_AGAIN_AT)):
        with clock.frozen(datetime.combine(following, at, ZONE)):
            sign(migration_id, actor=actor_as(role))


def former_of(everybody: Iterable[DemoPerson], *, weeks: int) -> Former:
    """What the former system knew of those who joined at the mall before the year began."""
    first = FIRST_DAY + timedelta(weeks=weeks)
    lots: list[FormerLot] = []
    tiers: dict[str, str] = {}
    for person in everybody:
        joined_on = wall_time(person.joined_at).date()
        if not person.enrolled_store.startswith(f"{MALL}-") or joined_on >= first:
            continue
        draws = Draws(SEED, "former", person.household)
        if not draws.chance(HAS_POINTS):
            continue
        for number in range(draws.between(1, MOST_LOTS)):
            known_days = min((first - joined_on).days, OLDEST_DAYS)
            days = min(known_days, draws.between(NEWEST_DAYS, max(known_days, NEWEST_DAYS)))
            lots.append(
                FormerLot(
                    reference=f"{MALL}{person.household:05d}-{number + 1}",
                    card=person.card,
                    points=10 * draws.between(*POINTS),
                    earned_on=first - timedelta(days=days),
                    funder=draws.weighted(FUNDERS),
                )
            )
        if draws.chance(HAS_TIER):
            tiers[person.card] = draws.weighted(TIERS)
    if lots:
        lots += [
            FormerLot(
                reference=f"{MALL}{number}",
                card=card_number(number),
                points=points,
                earned_on=first - timedelta(days=300),
                funder=OWN_FUNDER,
            )
            for number, points in zip(GONE_CARDS, GONE_POINTS, strict=True)
        ]
    return Former(tuple(lots), tiers)


def _prepare(former: Former, *, weeks: int) -> UUID:
    """The draft with its files and the report's totals."""
    crm = actor_as("crm_manager")
    found = create_migration(
        name=NAME, mall_id=Mall.objects.get(code=MALL).pk, actor=crm, origin=Origin.GENERATED
    )
    receive_rows(found.pk, RowKind.LOT, _lots_file(former.lots), actor=crm)
    if former.tiers:
        until = FIRST_DAY + timedelta(weeks=weeks, days=TIERS_LAST_DAY)
        receive_rows(found.pk, RowKind.TIER, _tiers_file(former.tiers, until), actor=crm)
    set_control_totals(found.pk, former.report(), actor=crm)
    return found.pk


def _lots_file(lots: Sequence[FormerLot]) -> bytes:
    """The first lot stands in it twice."""
    return _file(
        ("卡号", "积分", "获得日期", "有效期至", "承担方", "批次号"),
        (
            (one.card, one.points, one.earned_on, one.expires_on, one.funder, one.reference)
            for one in (*lots, lots[0])
        ),
    )


def _tiers_file(tiers: Mapping[str, str], until: date) -> bytes:
    return _file(("卡号", "等级", "截止日期"), ((*one, until) for one in tiers.items()))


def _file(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def _reasons(migration_id: UUID) -> dict[tuple[str, str], str]:
    """Why figures differ: a word for the file where it is the file, for the ledger where it is."""
    reasons = {}
    for line in figures(Migration.objects.get(pk=migration_id)):
        if not line.differs:
            continue
        texts = [
            text
            for text, is_so in (
                (TWICE_TEXT, line.file != line.expected),
                (GONE_TEXT, line.ledger != line.expected),
            )
            if is_so
        ]
        if texts:
            reasons[line.measure, line.key] = "；".join(texts)
    return reasons
