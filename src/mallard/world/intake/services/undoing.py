"""A whole import is undone, while nothing that came later depends on it.

Members that it made are erased (they may be people who never asked to be here: the register of
erasures keeps a restored backup from bringing them back); members that it changed get their values
back. What depends on it is listed instead, and nothing happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import open_keys
from mallard.world.intake import dependents, membership
from mallard.world.intake.changes import RowChanges, opened_changes, split_values
from mallard.world.intake.errors import NothingToUndo
from mallard.world.intake.models import ImportRow, ImportStatus, MemberImport, RowAction
from mallard.world.intake.planning import CONSENT_SOURCE
from mallard.world.intake.services.steps import begin, owner_of, stop, tell
from mallard.world.members.fields import Values, active_fields
from mallard.world.members.inputs import ConsentInput
from mallard.world.members.models import CustomField
from mallard.world.members.permissions import ERASE_MEMBER
from mallard.world.members.services import (
    MemberChange,
    change_members,
    erase_members,
    unmerge_member,
)

BATCH_ROWS = 2_000
UNDOABLE = (ImportStatus.DONE, ImportStatus.STOPPED)


@atomic_retrying
def start_undo(import_id: UUID, *, actor: Actor) -> None:
    """Let a job undo the import if nothing depends on it. Raises `NothingToUndo`."""
    from mallard.world.intake.jobs import undo_import as job  # the job calls this module

    actor.require(ERASE_MEMBER)
    found = begin(import_id, ImportStatus.UNDOING, after=UNDOABLE)
    if not _undoable(found).exists():
        raise NothingToUndo()
    found.save()
    record(actor, "intake.undo_started", "import", found.pk)
    job.defer(import_id=str(found.pk))


def undo_import(import_id: UUID) -> None:
    """Undo an import; again goes on where it stood. What depends on it is noted instead."""
    found = MemberImport.objects.filter(pk=import_id, status=ImportStatus.UNDOING).first()
    if found is None:
        return
    try:
        actor = owner_of(found)
        actor.require(ERASE_MEMBER)
        is_untouched = not found.rows.filter(is_undone=True).exists()
        blockers = dependents.of_import(found) if is_untouched else []
        if blockers:
            _give_up(found.pk, blockers, actor)
            return
        while _undo_batch(found.pk, actor):
            pass
        _finish(found.pk, actor)
    except DomainError as refusal:
        stop(import_id, refusal)
    except (OperationalError, InterfaceError):
        raise  # the job tries again


def _undoable(found: MemberImport) -> QuerySet[ImportRow]:
    return found.rows.filter(
        is_done=True,
        is_undone=False,
        action__in=(RowAction.CREATE, RowAction.CHANGE, RowAction.MERGE),
    )


@atomic_retrying
def _undo_batch(import_id: UUID, actor: Actor) -> int:
    """Undo some rows; how many. Zero: done."""
    found = MemberImport.objects.select_for_update().get(pk=import_id)
    if found.status != ImportStatus.UNDOING:
        return 0
    rows = list(_undoable(found).order_by("number")[:BATCH_ROWS])
    made = [row.member_id for row in rows if row.action == RowAction.CREATE and row.member_id]
    erase_members(made, actor=actor)
    changed = [row for row in rows if row.action != RowAction.CREATE]
    change_members(reversals(changed), actor=actor, origin=Origin.IMPORT)
    for merged_id in _merged_by(changed):
        unmerge_member(merged_id, actor=actor)
    ImportRow.objects.filter(pk__in=[row.pk for row in rows]).update(is_undone=True)
    found.rows_done += len(rows)
    found.save(update_fields=["rows_done"])
    return len(rows)


def _merged_by(rows: Sequence[ImportRow]) -> list[UUID]:
    """The members whom these rows merged into another."""
    merging = [row for row in rows if row.action == RowAction.MERGE and row.member_id]
    keys = open_keys([row.member_id for row in merging if row.member_id])
    return [
        id_
        for row in merging
        if row.member_id is not None
        for id_ in opened_changes(row, keys.get(row.member_id)).merged_ids
    ]


def reversals(rows: Sequence[ImportRow]) -> list[MemberChange]:
    """What gives the members of these rows their values back. Members erased since are left out."""
    keys = open_keys([row.member_id for row in rows if row.member_id])
    fields = {field.code: field for field in active_fields()}
    return [
        _reversal(row.member_id, opened_changes(row, keys[row.member_id]), fields)
        for row in rows
        if row.member_id is not None and row.member_id in keys
    ]


def _reversal(
    member_id: UUID, changes: RowChanges, fields: Mapping[str, CustomField]
) -> MemberChange:
    profile: dict[str, str] = {}
    consents: list[ConsentInput] = []
    tags: tuple[str, ...] = ()
    custom: dict[UUID, Values] = {}
    language = None
    for name, (old, new) in changes.values.items():
        family, _dot, code = name.partition(".")
        if family == "profile":
            profile[code] = old
        elif family == "language":
            language = old
        elif family == "custom" and code in fields:
            custom[fields[code].id] = split_values(fields[code], old)
        elif family == "tags":
            tags = tuple(new.split(", "))
        elif family == "consent":
            # A consent is never taken out of the history; silence before means no after.
            said = ConsentInput(code, is_granted=old == "granted", source=CONSENT_SOURCE)
            consents.append(said)
    return MemberChange(
        member_id,
        profile=profile,
        language=language,
        consents=tuple(consents),
        custom=custom,
        removed_tags=tags,
        removed_identities=changes.identity_ids,
        **membership.before(changes.values),
    )


@atomic_retrying
def _give_up(import_id: UUID, blockers: list[dict[str, object]], actor: Actor) -> None:
    found = MemberImport.objects.select_for_update().get(pk=import_id)
    found.status, found.blockers = ImportStatus.DONE.value, blockers
    found.save(update_fields=["status", "blockers"])
    record(actor, "intake.undo_refused", "import", found.pk, after={"blockers": len(blockers)})
    tell(found, "intake.undo_refused")


@atomic_retrying
def _finish(import_id: UUID, actor: Actor) -> None:
    found = MemberImport.objects.select_for_update().get(pk=import_id)
    if found.status != ImportStatus.UNDOING:
        return
    found.status, found.undone_at = ImportStatus.UNDONE.value, now()
    found.save(update_fields=["status", "undone_at"])
    record(actor, "intake.undone", "import", found.pk, after=found.counts)
    tell(found, "intake.import_undone")
