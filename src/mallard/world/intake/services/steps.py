"""The steps of an import: who may take one when, and what is left behind."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from mallard.kernel.access.actor import Actor, system
from mallard.kernel.access.people import person_behind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError
from mallard.kernel.workspace.services.notifying import notify
from mallard.world.intake.errors import ImportNotFound, OwnerGone, WrongMoment
from mallard.world.intake.locks import lock_import
from mallard.world.intake.models import ImportStatus, MemberImport
from mallard.world.intake.permissions import IMPORT_MEMBERS
from mallard.world.intake.services.keeping import discard_files

COMMAND = "mallard import members"


def locked(import_id: UUID, *statuses: ImportStatus) -> MemberImport:
    """The import, locked, at one of these steps. Raises `ImportNotFound`, `WrongMoment`."""
    found = lock_import(import_id)
    if found is None:
        raise ImportNotFound()
    if found.status not in statuses:
        raise WrongMoment()
    return found


def owner_of(member_import: MemberImport) -> Actor:
    """Whoever uploaded the file, as they are now. Raises `OwnerGone`."""
    if member_import.actor_id is None:
        return system(COMMAND)
    person = person_behind(member_import.actor_id)
    if person is None or not person.actor.may(IMPORT_MEMBERS):
        raise OwnerGone()
    return person.actor


@atomic_retrying
def stop(import_id: UUID, refusal: DomainError) -> None:
    """Note why an import could not go on; what was taken in stays and can be undone."""
    found = lock_import(import_id)
    if found is None or found.status not in (
        ImportStatus.CHECKING,
        ImportStatus.RUNNING,
        ImportStatus.UNDOING,
    ):
        return
    found.status, found.problem, found.finished_at = ImportStatus.STOPPED, refusal.code, now()
    found.save(update_fields=["status", "problem", "finished_at"])
    tell(found, "intake.import_stopped")


def tell(member_import: MemberImport, kind: str) -> None:
    """Notify whoever uploaded the file."""
    if member_import.actor_id is not None:
        notify(
            [member_import.actor_id],
            kind,
            params={"rows": member_import.rows_total},
            url=reverse("intake:detail", args=[member_import.pk]),
        )


@atomic_retrying
def cancel_import(import_id: UUID, *, actor: Actor) -> None:
    """Discard a file that was not taken in; a dry run that is under way ends."""
    found = locked(import_id, ImportStatus.MATCHING, ImportStatus.CHECKING, ImportStatus.CHECKED)
    found.status, found.finished_at = ImportStatus.CANCELLED, now()
    found.save(update_fields=["status", "finished_at"])
    discard_files([found.pk], actor=actor)
    record(actor, "intake.import_cancelled", "import", found.pk)


def begin(
    import_id: UUID, status: ImportStatus, *, after: Collection[ImportStatus]
) -> MemberImport:
    """Lock the import and set it to the beginning of a step."""
    found = locked(import_id, *after)
    found.status, found.rows_done, found.problem = status, 0, ""
    found.blockers = []
    return found
