"""A migration goes into the ledger, and comes out of it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.access.people import person_behind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import business_day_start
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying, statement_limits
from mallard.kernel.errors import DomainError
from mallard.value.ledger.models import FunderKind, TransferKind
from mallard.value.ledger.services import (
    Accrual,
    Reversal,
    open_funders,
    post_accruals,
    reverse_accruals,
)
from mallard.value.loyalty.permissions import GIVE_TIER
from mallard.value.loyalty.services import TierGift, end_given_tiers, give_tiers
from mallard.value.migration.errors import NothingToPost, SpentFrom
from mallard.value.migration.ledger_sources import REASON, SOURCE_KIND
from mallard.value.migration.locks import lock_migration
from mallard.value.migration.models import Migration, MigrationRow, RowKind, Status
from mallard.value.migration.services.preparing import require_preparer

T = TypeVar("T")

BATCH = 5_000
OWNER_GONE = "owner_gone"


@atomic_retrying
def start_posting(migration_id: UUID, *, actor: Actor) -> None:
    """Let a job post every good row; again, where it came to a stop, goes on."""
    from mallard.value.migration.jobs import post_migration

    require_preparer(actor)
    found = lock_migration(migration_id, Status.DRAFT, Status.POSTING)
    good = found.rows.filter(problem="")
    if not good.exists():
        raise NothingToPost()
    if good.filter(kind=RowKind.TIER).exists():
        actor.require(GIVE_TIER)
    found.status, found.posted_by_id, found.problem = Status.POSTING, actor.id, ""
    found.save(update_fields=["status", "posted_by_id", "problem"])
    post_migration.defer(migration_id=str(found.pk))
    record(actor, "migration.post", "migration", found.pk, after={"rows": good.count()})


def post_rows(migration_id: UUID) -> None:
    """Post what is not posted yet, a batch a transaction: killed, it goes on where it stopped."""
    while _post_batch(migration_id):
        pass


def _actor_of(found: Migration) -> Actor | None:
    person = person_behind(found.posted_by_id) if found.posted_by_id else None
    if person is None:
        found.problem = OWNER_GONE
        found.save(update_fields=["problem"])
        return None
    return person.actor


@atomic_retrying
def _post_batch(migration_id: UUID) -> bool:
    """Post the next rows; False when nothing is left to do.

    A job that is run once more, after another was through and people went on, finds nothing to do.
    """
    found = lock_migration(migration_id, *Status)
    if found.status != Status.POSTING:
        return False
    actor = _actor_of(found)
    if actor is None:
        return False
    waiting = found.rows.filter(problem="", done_at=None).order_by("kind", "number")
    rows = list(waiting[:BATCH])
    if not rows:
        found.status, found.posted_at = Status.POSTED, clock.now()
        found.save(update_fields=["status", "posted_at"])
        record(actor, "migration.posted", "migration", found.pk)
        return False
    _post_lots(found, [row for row in rows if row.kind == RowKind.LOT], actor)
    _give_tiers(found, [row for row in rows if row.kind == RowKind.TIER], actor)
    return True


def _starts(found: Migration, day: dt.date) -> dt.datetime:
    zone, cutoff = ZoneInfo(found.mall.time_zone), found.mall.business_day_cutoff_hour
    return business_day_start(day, zone, cutoff)


def _after(found: Migration, day: dt.date) -> dt.datetime:
    return _starts(found, day + dt.timedelta(days=1))


def _post_lots(found: Migration, rows: Sequence[MigrationRow], actor: Actor) -> None:
    if not rows:
        return
    now = clock.now()
    # A lot whose last day passed since the file was tried would be dead on arrival.
    over = {row.pk for row in rows if row.expires_on and _after(found, row.expires_on) <= now}
    if over:
        MigrationRow.objects.filter(pk__in=over).update(problem="expired")
    live = [row for row in rows if row.pk not in over]
    owners = {(FunderKind(row.funder_kind), _known(row.funder_owner_id)) for row in live}
    funders = open_funders(owners)
    posted = post_accruals(
        [_accrual(found, row, funders, now) for row in live],
        actor=actor,
        kind=TransferKind.ADJUST,
    )
    fetch_rows(
        """
        UPDATE migration_migrationrow r SET done_at = %s, transfer_id = t.transfer_id
        FROM unnest(%s::uuid[], %s::uuid[]) AS t (id, transfer_id) WHERE r.id = t.id
        """,
        [now, [row.pk for row in live], [one.transfer_id for one in posted]],
    )


def _accrual(
    found: Migration,
    row: MigrationRow,
    funders: dict[tuple[FunderKind, UUID], UUID],
    now: dt.datetime,
) -> Accrual:
    earned_on = _known(row.earned_on)
    return Accrual(
        key=f"migration:{row.pk}",
        member_id=_known(row.member_id),
        funder_id=funders[FunderKind(row.funder_kind), _known(row.funder_owner_id)],
        points=_known(row.points),
        source_kind=SOURCE_KIND,
        source_id=row.pk,
        reason=REASON,
        occurred_at=_starts(found, earned_on),
        recorded_at=now,
        matures_at=_starts(found, row.matures_on or earned_on),
        expires_at=_after(found, row.expires_on) if row.expires_on else None,
        group_id=row.pk,
    )


def _known(value: T | None) -> T:
    """A good row has it: `rules` refused the others."""
    if value is None:
        raise ValueError("a row without problems lacks a value")
    return value


def _give_tiers(found: Migration, rows: Sequence[MigrationRow], actor: Actor) -> None:
    if not rows:
        return
    gifts = [
        TierGift(
            _known(row.member_id),
            row.tier,
            _known(row.expires_on),
            _tier_reason(found, row),
            row.value or 0,
        )
        for row in rows
    ]
    given = give_tiers(gifts, actor=actor)
    fetch_rows(
        """
        UPDATE migration_migrationrow r SET done_at = %s, override_id = t.override_id
        FROM unnest(%s::uuid[], %s::uuid[]) AS t (id, override_id) WHERE r.id = t.id
        """,
        [clock.now(), [row.pk for row in rows], given],
    )


def _tier_reason(found: Migration, row: MigrationRow) -> str:
    """Kept as a sentence of the house's language: it is read by whoever asks why."""
    with override("zh-hans"):
        parts = [_("Brought over: %(name)s") % {"name": found.name}]
        if row.earned_on:
            parts.append(_("since %(day)s") % {"day": row.earned_on.isoformat()})
        if row.value is not None:
            parts.append(_("qualifying value %(value)s") % {"value": row.value})
    return " · ".join([*parts, *filter(None, [row.reason])])[:300]


@atomic_retrying
def start_taking_back(migration_id: UUID, *, actor: Actor) -> None:
    """Let a job reverse everything, if nothing was used; again, where one came to a stop."""
    from mallard.value.migration.jobs import take_migration_back

    require_preparer(actor)
    found = lock_migration(migration_id, Status.POSTED, Status.RETURNING)
    if used := _used_rows(found):
        raise SpentFrom(count=used)
    if found.rows.filter(override_id__isnull=False).exists():
        actor.require(GIVE_TIER)
    found.status, found.posted_by_id, found.problem = Status.RETURNING, actor.id, ""
    found.save(update_fields=["status", "posted_by_id", "problem"])
    take_migration_back.defer(migration_id=str(found.pk))
    record(actor, "migration.take_back", "migration", found.pk)


def _used_rows(found: Migration) -> int:
    [(count,)] = fetch_rows(
        """
        SELECT count(*) FROM migration_migrationrow r
        JOIN ledger_lot l ON l.transfer_id = r.transfer_id
        WHERE r.migration_id = %s AND (l.held > 0 OR l.remaining < l.amount - coalesce((
            SELECT sum(u.amount) FROM ledger_lotuse u JOIN ledger_transfer t ON t.id = u.transfer_id
            WHERE u.lot_id = l.transfer_id AND t.kind = 'expire'), 0))
        """,
        [found.pk],
    )
    return int(count)


def take_rows_back(migration_id: UUID) -> None:
    """Reverse every lot and end every tier, or nothing at all: what was used meanwhile stops it."""
    try:
        with statement_limits(statement_ms=0):
            _take_all_back(migration_id)
    except SpentFrom as refusal:
        _stay_posted(migration_id, refusal)


@atomic_retrying
def _take_all_back(migration_id: UUID) -> None:
    found = lock_migration(migration_id, *Status)
    if found.status != Status.RETURNING:  # as above
        return
    actor = _actor_of(found)
    if actor is None:  # nothing was reversed: somebody else may start it again
        found.status = Status.POSTED
        found.save(update_fields=["status"])
        return
    now = clock.now()
    # In the order of members, so that their locks are taken in that order too.
    for rows in _batches(found, RowKind.LOT):
        funders = open_funders(
            {(FunderKind(row.funder_kind), _known(row.funder_owner_id)) for row in rows}
        )
        reversals = [
            Reversal(
                key=f"migration:{row.pk}:back",
                member_id=_known(row.member_id),
                funder_id=funders[FunderKind(row.funder_kind), _known(row.funder_owner_id)],
                points=_known(row.points),
                source_kind=SOURCE_KIND,
                source_id=row.pk,
                reason=REASON,
                occurred_at=now,
                recorded_at=now,
                group_id=row.pk,
            )
            for row in rows
        ]
        answers = reverse_accruals(reversals, actor=actor)
        used = sum(one.taken_from_other_lots + one.owed_points > 0 for one in answers)
        if used:
            raise SpentFrom(count=used)
    for rows in _batches(found, RowKind.TIER):
        end_given_tiers([_known(row.override_id) for row in rows], actor=actor)
    found.status = Status.RETURNED
    found.save(update_fields=["status"])
    record(actor, "migration.taken_back", "migration", found.pk)


def _batches(found: Migration, kind: RowKind) -> Iterator[list[MigrationRow]]:
    done = found.rows.filter(kind=kind, done_at__isnull=False)
    rows = list(done.order_by("member_id", "number"))
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


@atomic_retrying
def _stay_posted(migration_id: UUID, refusal: DomainError) -> None:
    found = lock_migration(migration_id, Status.RETURNING)
    found.status, found.problem = Status.POSTED, refusal.code
    found.save(update_fields=["status", "problem"])
