"""Control totals, explanations, and the two signatures that lock a migration."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.migration.errors import (
    NoControlTotals,
    SamePerson,
    Unexplained,
    WholeGroupNeeded,
)
from mallard.value.migration.locks import lock_migration
from mallard.value.migration.models import ControlTotal, Measure, Migration, Status
from mallard.value.migration.permissions import SIGN
from mallard.value.migration.queries import figures
from mallard.value.migration.services.preparing import require_preparer

Key = tuple[str, str]


@atomic_retrying
def set_control_totals(
    migration_id: UUID, totals: Mapping[Key, int | None], *, actor: Actor
) -> None:
    """What the former system's report says; None leaves a figure open. A first signature falls."""
    require_preparer(actor)
    found = lock_migration(migration_id, Status.DRAFT, Status.POSTED)
    before = {(one.measure, one.key): one.expected for one in found.totals.all()}
    for (measure, key), expected in totals.items():
        if before.get((measure, key)) == expected:
            continue
        ControlTotal.objects.update_or_create(
            migration=found, measure=Measure(measure), key=key, defaults={"expected": expected}
        )
    _unsign(found)
    after = {f"{measure} {key}".strip(): value for (measure, key), value in totals.items()}
    record(actor, "migration.set_control_totals", "migration", found.pk, after=after)


@atomic_retrying
def explain(migration_id: UUID, texts: Mapping[Key, str], *, actor: Actor) -> None:
    """Say why figures differ. A first signature falls: it was given to other words."""
    require_preparer(actor)
    found = lock_migration(migration_id, Status.POSTED)
    for (measure, key), text in texts.items():
        ControlTotal.objects.update_or_create(
            migration=found,
            measure=Measure(measure),
            key=key,
            defaults={"explanation": text.strip()[:300]},
        )
    _unsign(found)
    after = {f"{measure} {key}".strip(): text for (measure, key), text in texts.items()}
    record(actor, "migration.explain", "migration", found.pk, after=after)


def _unsign(found: Migration) -> None:
    if found.first_signed_by_id is not None:
        found.first_signed_at, found.first_signed_by_id = None, None
        found.first_signed_by_label = ""
        found.save(update_fields=["first_signed_at", "first_signed_by_id", "first_signed_by_label"])


@atomic_retrying
def sign(migration_id: UUID, *, actor: Actor) -> Migration:
    """Vouch for the totals; the second of two persons locks the migration for good.

    Raises `NoControlTotals`, `Unexplained`, `SamePerson`.
    """
    actor.require(SIGN)
    if not actor.scope.is_group:
        raise WholeGroupNeeded()
    found = lock_migration(migration_id, Status.POSTED)
    lines = figures(found)
    if any(line.expected is None for line in lines if line.measure in ("members", "points")):
        raise NoControlTotals()
    if unexplained := sum(line.is_unexplained for line in lines):
        raise Unexplained(count=unexplained)
    if found.first_signed_by_id is None:
        found.first_signed_at, found.first_signed_by_id = clock.now(), actor.id
        found.first_signed_by_label = actor.label
    elif found.first_signed_by_id == actor.id:
        raise SamePerson()
    else:
        found.second_signed_at, found.second_signed_by_id = clock.now(), actor.id
        found.second_signed_by_label = actor.label
        found.status = Status.SIGNED
    found.save()
    after = {f"{line.measure} {line.key}".strip(): line.ledger for line in lines}
    record(actor, "migration.sign", "migration", found.pk, after=after)
    return found
