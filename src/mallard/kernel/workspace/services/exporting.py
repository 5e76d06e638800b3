"""Exports: asked for, made by a job, handed out, expired."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from mallard.kernel.access.actor import Actor, Scope, system
from mallard.kernel.access.guards import SIGNED_IN
from mallard.kernel.access.people import Person, person_behind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying, statement_limits
from mallard.kernel.errors import DomainError
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.models import Erasure
from mallard.kernel.secrets.services import create_data_keys, discard_data_keys, open_keys
from mallard.kernel.ui.lists import Column
from mallard.kernel.ui.lists.opening import OpenList, open_list
from mallard.kernel.ui.lists.reading import Reading
from mallard.kernel.workspace.errors import (
    AccessChanged,
    ExportGone,
    ExportNotFound,
    NoClearColumns,
    OwnerGone,
    PurposeNeeded,
    SomebodyErased,
    TooManyExports,
    TooManyRows,
)
from mallard.kernel.workspace.files import sealed
from mallard.kernel.workspace.files.tables import CsvTable, ExcelTable, Table, cells_of, headings
from mallard.kernel.workspace.models import ClearPurpose, Export, ExportFormat, ExportStatus
from mallard.kernel.workspace.queries import owner_of
from mallard.kernel.workspace.services.notifying import notify
from mallard.kernel.workspace.settings import EXPORT_DAYS

logger = logging.getLogger(__name__)
MAX_ROWS = 250_000
MAX_WAITING = 5
CHUNK_ROWS = 1_000
OPEN = (ExportStatus.WAITING, ExportStatus.RUNNING)
_MAKER = system("exports")


@atomic_retrying
def request_export(
    opened: OpenList, *, address: str, file_format: str, purpose: str = "", actor: Actor
) -> Export:
    """Let a job make a file of the list as ``address`` has it; with a ``purpose``, personal columns
    in clear. Raises `TooManyRows`, `TooManyExports`, `PurposeNeeded` and `NoClearColumns`."""
    from mallard.kernel.workspace.jobs import make_export  # the job calls this module

    reading = Reading(opened.page, opened.call)
    rows, chips = reading.narrowed(opened.rows)
    total = rows.order_by()[: MAX_ROWS + 1].count()
    if total > MAX_ROWS:
        raise TooManyRows(limit=MAX_ROWS)
    waiting = Export.objects.filter(actor_id=owner_of(actor), status__in=OPEN)
    if waiting.count() >= MAX_WAITING:
        raise TooManyExports(limit=MAX_WAITING)
    columns = reading.shown_columns()
    clear = revealable(columns, actor) if purpose else []
    if purpose and purpose not in ClearPurpose.values:
        raise PurposeNeeded()
    if purpose and not clear:
        raise NoClearColumns()
    export = Export(
        id=uuid7(),
        actor_id=owner_of(actor),
        list_key=opened.page.key,
        title=str(opened.page.title)[:200],
        format=ExportFormat(file_format),
        columns=[column.key for column in columns],
        rows_total=total,
        is_personal=any(column.is_personal for column in columns),
        permission=opened.permission,
        clear_columns=[column.key for column in clear],
        purpose=purpose,
    )
    key = create_data_keys([export.id], actor=actor)[export.id]
    export.address_sealed = key.seal(address.encode(), _address_context(export.id))
    export.save(force_insert=True)
    record(
        actor,
        "workspace.export_requested",
        "export",
        export.id,
        after={
            "list": export.list_key,
            "format": export.format,
            "columns": export.columns,
            "filters": reading.plain_query().urlencode(),
            "is_searched": len(chips) > 0 and "q" in opened.call.GET,
            "rows": total,
            "in_clear": export.clear_columns,
            "purpose": purpose,
        },
    )
    make_export.defer(export_id=str(export.id))
    return export


def revealable(columns: Sequence[Column], actor: Actor) -> list[Column]:
    """The columns that ``actor`` may have in clear."""
    return [
        column
        for column in columns
        if column.in_clear is not None and actor.may(column.clear_permission)
    ]


@atomic_retrying
def _revealed(
    export: Export, columns: Sequence[Column], rows: Sequence[Any], actor: Actor
) -> dict[str, Mapping[Any, str]]:
    """The whole values of these rows, by column; leaves an audit entry that names the rows."""
    found: dict[str, Mapping[Any, str]] = {}
    for column in columns:
        if column.key in export.clear_columns and column.in_clear is not None:
            actor.require(column.clear_permission)
            found[column.key] = column.in_clear(rows)
    if found:
        after = {"columns": sorted(found), "purpose": export.purpose, "rows": len(rows)}
        ids = [row.pk for row in rows]
        record(actor, "workspace.export_revealed", "export", export.id, after=after, ids=ids)
    return found


def _address_context(export_id: UUID) -> str:
    return f"workspace.export.address:{export_id}"


def make_file(export_id: UUID) -> None:
    """Make the file of an export as its owner would see the list now. Again does nothing.

    What cannot be done is told to the owner; a database that is away is tried again by the job.
    """
    export = _begin(export_id)
    if export is None:
        return
    person = person_behind(export.actor_id)
    language = translation.override(person.language if person else None)
    zone = timezone.override(person.zone) if person and person.zone else nullcontext()
    with language, zone:
        try:
            if person is None:
                raise OwnerGone()
            rows = _write(export, person)
        except _Cancelled:
            return
        except DomainError as refusal:
            _fail(export, refusal.sentence)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("an export failed", extra={"export_id": str(export_id)})
            _fail(export, gettext("Something went wrong on our side. Please try again."))
        else:
            _finish(export, person, rows)


@atomic_retrying
def _begin(export_id: UUID) -> Export | None:
    export = Export.objects.select_for_update().filter(pk=export_id, status__in=OPEN).first()
    if export is not None:
        export.status, export.rows_done = ExportStatus.RUNNING, 0
        export.save(update_fields=["status", "rows_done"])
    return export


def _write(export: Export, person: Person) -> int:
    """Write the file; how many rows. Raises `_Cancelled` when its owner cancelled meanwhile."""
    key = open_keys([export.id]).get(export.id)
    if key is None or export.address_sealed is None:
        raise ExportGone()
    address = key.open(bytes(export.address_sealed), _address_context(export.id)).decode()
    opened = open_list(address, key=export.list_key, actor=person.actor)
    columns = [c for c in opened.page.columns if c.key in export.columns]
    place = tempfile.TemporaryDirectory(dir=sealed.folder(), prefix=f"{export.id}.")
    with (
        place as workspace,
        sealed.SealedWriter(export.id, key) as target,
        statement_limits(statement_ms=0),
    ):
        table = _table(export, target, Path(workspace))
        table.add(headings(columns))
        done = 0
        for chunk in _chunks(opened):
            clear = _revealed(export, columns, chunk, person.actor)
            for row in chunk:
                table.add(cells_of(columns, row, clear))
            done += len(chunk)
            running = Export.objects.filter(pk=export.id, status=ExportStatus.RUNNING)
            if not running.update(rows_done=done):
                raise _Cancelled()
        table.finish()
    return done


class _Cancelled(Exception):  # ends the writing; the part of the file goes with it
    pass


def _table(export: Export, target: sealed.SealedWriter, workspace: Path) -> Table:
    if export.format == ExportFormat.EXCEL:
        return ExcelTable(target, workspace)
    return CsvTable(target)


def _chunks(opened: OpenList) -> Iterator[list[Any]]:
    """The rows in the list's order, some at a time: the ids come by a cursor of the database."""
    reading = Reading(opened.page, opened.call)
    rows, _chips = reading.narrowed(opened.rows)
    ids = reading.ordered(rows, reading.sort()).values_list("pk", flat=True)
    stream = iter(ids[: MAX_ROWS + 1].iterator(chunk_size=CHUNK_ROWS))
    count = 0
    while chunk := list(islice(stream, CHUNK_ROWS)):
        count += len(chunk)
        if count > MAX_ROWS:
            raise TooManyRows(limit=MAX_ROWS)
        found = {row.pk: row for row in rows.filter(pk__in=chunk).order_by()}
        yield [found[pk] for pk in chunk if pk in found]


@atomic_retrying
def _finish(export: Export, person: Person, rows: int) -> None:
    actor, moment = person.actor, now()
    changed = Export.objects.filter(pk=export.id, status=ExportStatus.RUNNING).update(
        status=ExportStatus.READY,
        rows_done=rows,
        rows_total=rows,
        permissions=sorted(actor.permissions),
        scope_digest=scope_digest(actor.scope),
        finished_at=moment,
        expires_at=moment + dt.timedelta(days=EXPORT_DAYS.value),
    )
    if not changed:
        return
    record(actor, "workspace.export_made", "export", export.id, after={"rows": rows})
    notify(
        [export.actor_id],
        "workspace.export_ready",
        params={"list": export.title, "rows": rows},
        url=reverse("workspace:exports"),
    )


@atomic_retrying
def _fail(export: Export, sentence: str) -> None:
    changed = Export.objects.filter(pk=export.id, status__in=OPEN).update(
        status=ExportStatus.FAILED, failure=sentence[:300], finished_at=now(), address_sealed=None
    )
    if changed:
        discard_data_keys([export.id], actor=_MAKER)
        notify(
            [export.actor_id],
            "workspace.export_failed",
            params={"list": export.title},
            url=reverse("workspace:exports"),
        )


@atomic_retrying
def cancel_export(export_id: UUID, *, actor: Actor) -> None:
    """Stop an export of one's own that is not finished. Again changes nothing."""
    export = _own(export_id, actor)
    if export.status in OPEN:
        Export.objects.filter(pk=export.id).update(
            status=ExportStatus.CANCELLED, finished_at=now(), address_sealed=None
        )
        discard_data_keys([export.id], actor=actor)
        record(actor, "workspace.export_cancelled", "export", export.id)


@atomic_retrying
def hand_out(export_id: UUID, *, actor: Actor) -> tuple[Export, Iterator[bytes]]:
    """The file of one's own export, if its owner may still have all that is in it.

    Raises `ExportNotFound`, `ExportGone`, `AccessChanged`, `SomebodyErased`."""
    export = _own(export_id, actor)
    key = open_keys([export.id]).get(export.id)
    is_over = export.expires_at is None or export.expires_at <= now()
    if export.status != ExportStatus.READY or is_over or key is None:
        raise ExportGone()
    if export.permission != SIGNED_IN:
        actor.require(export.permission)
    has_all = all(actor.may(permission) for permission in export.permissions)
    if not has_all or bytes(export.scope_digest or b"") != scope_digest(actor.scope):
        raise AccessChanged()
    if export.is_personal and Erasure.objects.filter(erased_at__gte=export.created_at).exists():
        raise SomebodyErased()
    if not sealed.path_of(export.id).exists():
        raise ExportGone()
    record(actor, "workspace.export_downloaded", "export", export.id)
    return export, sealed.opened(export.id, key)


def scope_digest(scope: Scope) -> bytes:
    """A fingerprint of a scope, to notice that it changed."""
    ids = (scope.mall_ids, scope.tenant_ids, scope.store_ids)
    told = [str(scope.is_group), *(",".join(sorted(map(str, part))) for part in ids)]
    return hashlib.sha256("|".join(told).encode()).digest()


def _own(export_id: UUID, actor: Actor) -> Export:
    export = Export.objects.filter(pk=export_id, actor_id=owner_of(actor)).first()
    if export is None:
        raise ExportNotFound()
    return export


def expire_exports() -> int:
    """Delete the files of exports whose time is over, with their keys; how many exports."""
    over = list(
        Export.objects.filter(status=ExportStatus.READY, expires_at__lte=now()).values_list(
            "id", flat=True
        )
    )
    _close(over)
    for path in sealed.folder().iterdir():
        _remove_if_nobodys(path)
    return len(over)


@atomic_retrying
def _close(export_ids: list[UUID]) -> None:
    Export.objects.filter(pk__in=export_ids).update(
        status=ExportStatus.EXPIRED, address_sealed=None
    )
    discard_data_keys(export_ids, actor=_MAKER)


def _remove_if_nobodys(path: Path) -> None:
    """Files of exports that are over, and what a worker that died left behind."""
    try:
        export_id = UUID(path.name.partition(".")[0])
    except ValueError:
        return
    if Export.objects.filter(pk=export_id, status__in=(*OPEN, ExportStatus.READY)).exists():
        return
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
