"""Migrations as pages read them, and the three columns of their control totals."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.prepared import fetch_rows
from mallard.value.migration.errors import MigrationUnknown
from mallard.value.migration.models import Measure, Migration, Status
from mallard.world.staff.models import StaffUser


def visible_migrations(actor: Actor) -> QuerySet[Migration]:
    """The whole group's staff see them all, nobody else any."""
    rows = Migration.objects.select_related("mall").annotate(
        begun_by=_name_of("created_by_label"),
        signed_first_by=_name_of("first_signed_by_label"),
        signed_second_by=_name_of("second_signed_by_label"),
    )
    return rows if actor.scope.is_group else rows.none()


def _name_of(label: str) -> Coalesce:
    """A colleague's name by what audit calls them; that itself when nobody has it any more."""
    name = StaffUser.objects.filter(email=OuterRef(label)).values("name")[:1]
    return Coalesce(Subquery(name), F(label))


def visible_migration(actor: Actor, migration_id: UUID) -> Migration:
    """Raises `MigrationUnknown`."""
    found = visible_migrations(actor).filter(pk=migration_id).first()
    if found is None:
        raise MigrationUnknown()
    return found


@dataclass(frozen=True, slots=True)
class Figure:
    """One control total: the former system's report, the files, and the ledger (None: nothing is
    posted yet)."""

    measure: str
    key: str
    expected: int | None
    file: int
    ledger: int | None
    explanation: str

    @property
    def differs(self) -> bool:
        said = {self.file} | ({self.ledger} if self.ledger is not None else set())
        return len(said | ({self.expected} if self.expected is not None else set())) > 1

    @property
    def difference(self) -> int | None:
        """What the ledger has more than the report, or than the files where there is none."""
        first = self.file if self.expected is None else self.expected
        return None if self.ledger is None else self.ledger - first

    @property
    def is_unexplained(self) -> bool:
        return self.differs and not self.explanation


_FILE = """
WITH r AS (SELECT *, coalesce(member_id::text, encode(stranger, 'hex'), id::text) AS person
           FROM migration_migrationrow WHERE migration_id = %s)
SELECT 'members', '', count(DISTINCT person) FROM r
UNION ALL SELECT 'points', '', coalesce(sum(points), 0) FROM r WHERE kind = 'lot'
UNION ALL SELECT 'funder', funder, coalesce(sum(points), 0) FROM r WHERE kind = 'lot' GROUP BY 2
UNION ALL SELECT 'month', coalesce(to_char(expires_on, 'YYYY-MM'), ''), coalesce(sum(points), 0)
    FROM r WHERE kind = 'lot' GROUP BY 2
UNION ALL SELECT 'tier', tier, count(DISTINCT person) FROM r WHERE kind = 'tier' GROUP BY 2
UNION ALL SELECT 'value', '', coalesce(sum(value), 0) FROM r WHERE kind = 'tier' HAVING count(*) > 0
"""

# The ledger answers, not the rows: amounts, funders and expiry are those of the lots, tiers and
# qualifying value those that were given.
_LEDGER = """
WITH lot AS (
    SELECT l.member_id, l.amount, a.owner_kind, a.owner_id,
        (l.expires_at AT TIME ZONE %s - make_interval(hours => %s) - interval '1 day') AS last_day
    FROM migration_migrationrow r
    JOIN ledger_lot l ON l.transfer_id = r.transfer_id
    JOIN ledger_account a ON a.id = l.funder_id
    WHERE r.migration_id = %s
), given AS (
    SELECT o.member_id, t.code, o.value FROM migration_migrationrow r
    JOIN loyalty_tieroverride o ON o.id = r.override_id
    JOIN loyalty_tier t ON t.id = o.tier_id
    WHERE r.migration_id = %s
)
SELECT 'members', '', count(*) FROM (SELECT member_id FROM lot UNION SELECT member_id FROM given) p
UNION ALL SELECT 'points', '', coalesce(sum(amount), 0) FROM lot
UNION ALL SELECT 'funder', owner_kind || ':' || coalesce(m.code, t.code, b.code), sum(amount)
    FROM lot LEFT JOIN malls_mall m ON m.id = owner_id LEFT JOIN malls_tenant t ON t.id = owner_id
    LEFT JOIN malls_brand b ON b.id = owner_id GROUP BY 2
UNION ALL SELECT 'month', coalesce(to_char(last_day, 'YYYY-MM'), ''), sum(amount)
    FROM lot GROUP BY 2
UNION ALL SELECT 'tier', code, count(DISTINCT member_id) FROM given GROUP BY 2
UNION ALL SELECT 'value', '', sum(value) FROM given HAVING count(*) > 0
"""

_POSTED = (Status.POSTED, Status.SIGNED, Status.POSTING, Status.RETURNING)


def figures(found: Migration) -> list[Figure]:
    """Every control total, in the order of the report. After taking back the ledger holds none."""
    file = {(m, k): int(n) for m, k, n in fetch_rows(_FILE, [found.pk])}
    ledger: dict[tuple[str, str], int] | None = None
    if found.status in _POSTED:
        mall = found.mall
        given = [mall.time_zone, mall.business_day_cutoff_hour, found.pk, found.pk]
        ledger = {(m, k): int(n) for m, k, n in fetch_rows(_LEDGER, given)}
    totals = {(one.measure, one.key): one for one in found.totals.all()}
    order = list(Measure.values)
    keys = {*file, *(ledger or {}), *totals}
    lines = []
    for measure, key in sorted(keys, key=lambda pair: (order.index(pair[0]), pair[1])):
        total = totals.get((measure, key))
        lines.append(
            Figure(
                measure,
                key,
                total.expected if total else None,
                file.get((measure, key), 0),
                ledger.get((measure, key), 0) if ledger is not None else None,
                total.explanation if total else "",
            )
        )
    return lines
