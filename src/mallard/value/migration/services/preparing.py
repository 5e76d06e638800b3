"""A migration begins: its files are read, row by row, and tried without posting anything."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import blind_indexer
from mallard.kernel.spreadsheets import read_table
from mallard.value.ledger.models import FunderKind
from mallard.value.ledger.statements import array, run
from mallard.value.loyalty.models import Tier
from mallard.value.migration.errors import (
    HeadingsMissing,
    NothingInFile,
    TooManyRows,
    WholeGroupNeeded,
)
from mallard.value.migration.locks import lock_migration
from mallard.value.migration.models import Migration, MigrationRow, RowKind, Status
from mallard.value.migration.permissions import PREPARE
from mallard.value.migration.rules import (
    Said,
    columns_of,
    missing_columns,
    refuse_twins,
    understand,
)
from mallard.world.intake.dates import read_date
from mallard.world.malls.models import Brand, Mall, Tenant
from mallard.world.members.inputs import MemberRef
from mallard.world.members.models import MemberStatus
from mallard.world.members.queries import find_by_identities

MAX_ROWS = 200_000
_BATCH = 5_000
OWNERS: tuple[tuple[FunderKind, type[Mall] | type[Tenant] | type[Brand]], ...] = (
    (FunderKind.MALL, Mall),
    (FunderKind.TENANT, Tenant),
    (FunderKind.BRAND, Brand),
)


def require_preparer(actor: Actor) -> None:
    """Balances of the whole programme: only the group's own staff."""
    actor.require(PREPARE)
    if not actor.scope.is_group:
        raise WholeGroupNeeded()


@atomic_retrying
def create_migration(
    *, name: str, mall_id: UUID, actor: Actor, origin: Origin = Origin.STAFF
) -> Migration:
    """Begin a migration; nothing is posted before somebody says so."""
    require_preparer(actor)
    row = Migration.objects.create(
        name=name.strip(),
        mall_id=mall_id,
        created_at=clock.now(),
        created_by_label=actor.label,
        origin=origin,
    )
    record(actor, "migration.create", "migration", row.pk, after={"name": row.name})
    return row


@atomic_retrying
def receive_rows(migration_id: UUID, kind: RowKind, content: bytes, *, actor: Actor) -> int:
    """Read a file in place of the one before: what each row would do, or why it would not.

    The file is not kept, so its identities are not either. Returns how many rows would be posted.
    Raises `TableUnreadable`, `HeadingsMissing`, `NothingInFile`, `TooManyRows`.
    """
    require_preparer(actor)
    found = lock_migration(migration_id, Status.DRAFT)
    zone = ZoneInfo(found.mall.time_zone)
    today = clock.business_day(clock.now(), zone, found.mall.business_day_cutoff_hour)
    table = read_table(content)
    columns = columns_of(table.header, kind)
    if missing := missing_columns(columns, kind):
        raise HeadingsMissing(columns=", ".join(missing))
    rows: list[Said] = []
    for row in table.rows:
        if len(rows) == MAX_ROWS:
            raise TooManyRows(limit=MAX_ROWS)
        rows.append(
            understand(row.number, row.cells, columns, kind, today=today, read_date=read_date)
        )
    if not rows:
        raise NothingInFile()
    tried = _try(found, kind, rows)
    found.rows.filter(kind=kind).delete()
    _insert(tried)
    good = sum(not row.problem for row in tried)
    after = {"kind": kind.value, "rows": len(tried), "good": good}
    record(actor, "migration.receive_rows", "migration", found.pk, after=after)
    return good


def _try(found: Migration, kind: RowKind, rows: Sequence[Said]) -> list[MigrationRow]:
    refs = {said.number: MemberRef(*said.who) for said in rows if said.who}
    members = find_by_identities(set(refs.values()))
    funders = _funders({said.funder for said in rows})
    tiers = _tiers()
    digest = blind_indexer("migration.stranger")
    tried: list[MigrationRow] = []
    people: list[tuple[Said, object]] = []
    for said in rows:
        ref = refs.get(said.number)
        member = members.get(ref) if ref else None
        if ref and member is None:
            said.refuse("unknown")
        elif member is not None and member.status != MemberStatus.OPEN:
            said.refuse("closed")
        funder = funders.get(said.funder.casefold())
        if kind is RowKind.LOT and funder is None:
            said.refuse("funder")
        tier = tiers.get(said.tier.casefold(), "")
        if kind is RowKind.TIER and not tier:
            said.refuse("tier")
        people.append((said, member.survivor_id if member else None))
        tried.append(
            MigrationRow(
                migration=found,
                kind=kind,
                number=said.number,
                member_id=member.member_id if member else None,
                stranger=digest(f"{found.pk}:{ref.kind}:{ref.value}")
                if ref and member is None
                else None,
                points=said.points,
                earned_on=said.earned_on,
                matures_on=said.matures_on,
                expires_on=said.expires_on,
                # What no funder is called may be anything, a person too: it is not kept.
                funder=f"{funder[0].value}:{funder[2]}" if funder else "",
                funder_kind=funder[0] if funder else "",
                funder_owner_id=funder[1] if funder else None,
                tier=tier,
                value=said.value,
                reason=said.reason,
            )
        )
    refuse_twins(people, kind)
    for row, said in zip(tried, rows, strict=True):
        row.problem = said.problem
    return tried


_COLUMNS = (
    ("id", "uuid"),
    ("kind", "text"),
    ("number", "int"),
    ("member_id", "uuid"),
    ("stranger", "bytea"),
    ("problem", "text"),
    ("points", "bigint"),
    ("earned_on", "date"),
    ("matures_on", "date"),
    ("expires_on", "date"),
    ("funder", "text"),
    ("funder_kind", "text"),
    ("funder_owner_id", "uuid"),
    ("tier", "text"),
    ("value", "bigint"),
    ("reason", "text"),
)
_INSERT = (
    f"INSERT INTO migration_migrationrow (migration_id, {', '.join(n for n, _t in _COLUMNS)}) "  # noqa: S608 constant text
    "SELECT $1::uuid, t.* FROM unnest("
    + ", ".join(f"${place}::{kind}[]" for place, (_n, kind) in enumerate(_COLUMNS, start=2))
    + ") AS t"
)


def _insert(rows: Sequence[MigrationRow]) -> None:
    """Columns, not rows, go to the database: a tenth of the time of so many parameters."""
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        columns = [array([getattr(row, name) for row in part]) for name, _kind in _COLUMNS]
        run(_INSERT, [rows[0].migration_id, *columns])


def _funders(texts: set[str]) -> dict[str, tuple[FunderKind, UUID, str]]:
    """Whom ``mall:CODE``, ``tenant:CODE`` or a mere code means; malls come before tenants."""
    if not any(texts):
        return {}
    found: dict[str, tuple[FunderKind, UUID, str]] = {}
    for kind, model in OWNERS:
        for id_, code in model.objects.values_list("pk", "code"):
            owner = (kind, id_, code)
            found[f"{kind.value}:{code}".casefold()] = owner
            found.setdefault(code.casefold(), owner)
    return found


def _tiers() -> dict[str, str]:
    """A tier by its code or either of its names."""
    names: dict[str, str] = {}
    today = clock.now().date()
    for tier in Tier.objects.all():
        for text in (tier.code, *tier.names_on(today), tier.name_en, tier.name_zh):
            names.setdefault(text.casefold(), tier.code)
    return names
