"""How files of imports go: by age, by an erasure, when they are not wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from mallard.kernel.access.actor import Actor, system
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.secrets.services import discard_data_keys
from mallard.kernel.workspace.files import sealed
from mallard.world.intake.errors import SomebodyErased
from mallard.world.intake.files import PLACE
from mallard.world.intake.models import ImportRow, ImportStatus, MemberImport
from mallard.world.intake.settings import FILE_DAYS, ROW_DAYS

UNFINISHED = (
    ImportStatus.MATCHING,
    ImportStatus.CHECKING,
    ImportStatus.CHECKED,
    ImportStatus.RUNNING,
)
PRUNED_AT_ONCE = 20_000


@atomic_retrying
def discard_files(import_ids: Collection[UUID], *, actor: Actor) -> int:
    """Delete the files of these imports with their keys, names and headers; how many there were.

    What is under way stops: an old list must not bring back who was erased meanwhile.
    """
    there = MemberImport.objects.filter(pk__in=import_ids, file_gone_at=None)
    ids = list(there.select_for_update().values_list("pk", flat=True))
    gone = MemberImport.objects.filter(pk__in=ids)
    gone.filter(status__in=UNFINISHED).update(
        status=ImportStatus.STOPPED, problem=SomebodyErased.code, finished_at=now()
    )
    gone.update(name_sealed=None, header_sealed=None, file_gone_at=now())
    discard_data_keys(ids, actor=actor)
    transaction.on_commit(lambda: _unlink(ids), robust=True)
    return len(ids)


def _unlink(import_ids: Collection[UUID]) -> None:
    for id_ in import_ids:
        sealed.path_of(id_, PLACE).unlink(missing_ok=True)


def close_files(subject_ids: Collection[UUID]) -> None:
    """Somebody was erased: every file that may name them goes. Part of replaying erasures, too."""
    if not subject_ids:
        return
    with_file = MemberImport.objects.filter(file_gone_at=None)
    discard_files(
        list(with_file.values_list("pk", flat=True)), actor=system("forget erased members")
    )


def expire_files() -> int:
    """Delete files whose time is over, and what nobody's import is left behind; how many."""
    limit = now() - dt.timedelta(days=FILE_DAYS.value)
    old = MemberImport.objects.filter(created_at__lt=limit, file_gone_at=None)
    old.filter(status__in=(ImportStatus.MATCHING, ImportStatus.CHECKED)).update(
        status=ImportStatus.CANCELLED, finished_at=now()
    )
    ended = old.exclude(status__in=(*UNFINISHED, ImportStatus.UNDOING))
    count = discard_files(
        list(ended.values_list("pk", flat=True)), actor=system("expire imported files")
    )
    kept = {str(id_) for id_ in _with_file()}
    for path in sealed.folder(PLACE).iterdir():
        is_fresh = path.stat().st_mtime > now().timestamp() - 3600
        if path.name.partition(".")[0] not in kept and not is_fresh:
            path.unlink(missing_ok=True)
    return count


def _with_file() -> list[UUID]:
    return list(MemberImport.objects.filter(file_gone_at=None).values_list("pk", flat=True))


def prune_rows() -> int:
    """Delete a batch of row records whose time is over; how many."""
    limit = now() - dt.timedelta(days=ROW_DAYS.value)
    ids = list(
        ImportRow.objects.filter(done_at__lt=limit)
        .order_by("done_at")
        .values_list("pk", flat=True)[:PRUNED_AT_ONCE]
    )
    ImportRow.objects.filter(pk__in=ids).delete()
    return len(ids)
