"""Doing something to many rows: few at once, many by a job; with undo where the action has one."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from mallard.kernel.access.actor import Actor, system
from mallard.kernel.access.people import person_behind
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import DomainError
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.services import create_data_keys, discard_data_keys, open_keys
from mallard.kernel.ui.lists.bulk import BulkAction, action_of
from mallard.kernel.ui.lists.opening import OpenList
from mallard.kernel.ui.lists.reading import Reading
from mallard.kernel.workspace.errors import (
    BulkRunNotFound,
    NothingSelected,
    NotUndoable,
    OwnerGone,
    TooManySelected,
)
from mallard.kernel.workspace.models import BulkRun, BulkStatus
from mallard.kernel.workspace.queries import owner_of
from mallard.kernel.workspace.services.notifying import notify

logger = logging.getLogger(__name__)
MAX_ROWS = 20_000
AT_ONCE = 100
"""So many rows are changed while their owner waits, and in each transaction of a job."""
UNDO_HOURS = 24
KEEP_DAYS = 30
_CLEANER = system("bulk actions")
Run = Callable[[Sequence[UUID], Mapping[str, Any], Actor], Sequence[UUID]]


def selected_ids(opened: OpenList, row_ids: Collection[UUID], *, is_everything: bool) -> list[UUID]:
    """The rows that were selected and that the list still shows to its reader.

    Raises `NothingSelected` and `TooManySelected`."""
    reading = Reading(opened.page, opened.call)
    rows, _chips = reading.narrowed(opened.rows)
    if not is_everything:
        rows = rows.filter(pk__in=list(row_ids)[: MAX_ROWS + 1])
    ids = list(dict.fromkeys(rows.order_by("pk").values_list("pk", flat=True)[: MAX_ROWS + 1]))
    if not ids:
        raise NothingSelected()
    if len(ids) > MAX_ROWS:
        raise TooManySelected(limit=MAX_ROWS)
    return ids


@atomic_retrying
def start(
    action: BulkAction, ids: Sequence[UUID], *, params: Mapping[str, Any], back: str, actor: Actor
) -> BulkRun:
    """Do ``action`` with these rows: up to 100 now, more by a job. ``back`` is the list's path."""
    actor.require(action.permission)
    run = BulkRun(
        id=uuid7(),
        actor_id=owner_of(actor),
        action=action.key,
        back=back[:200],
        item_ids=list(ids),
    )
    if params:
        key = create_data_keys([run.id], actor=actor)[run.id]
        run.params_sealed = key.seal(json.dumps(dict(params)).encode(), _context(run.id))
    run.save(force_insert=True)
    record(actor, "workspace.bulk_started", "bulk_run", run.id, after=_told(run))
    return _begin(run, action.run, params, actor)


@atomic_retrying
def undo(run_id: UUID, *, actor: Actor) -> BulkRun:
    """Take back what a run of one's own changed, within a day. Raises `NotUndoable`."""
    run = BulkRun.objects.select_for_update().filter(pk=run_id, actor_id=owner_of(actor)).first()
    if run is None:
        raise BulkRunNotFound()
    action = action_of(run.action)
    if action is None or not is_undoable(run):
        raise NotUndoable()
    actor.require(action.permission)
    back = BulkRun.objects.create(
        actor_id=run.actor_id,
        action=run.action,
        back=run.back,
        item_ids=run.changed_ids,
        undoes=run,
    )
    record(actor, "workspace.bulk_undone", "bulk_run", run.id, after=_told(back))
    return _begin(back, action.undo, _params(run), actor)  # type: ignore[arg-type]


def is_undoable(run: BulkRun) -> bool:
    """Whether what the run changed can still be taken back by its owner."""
    action = action_of(run.action)
    is_young = run.created_at > now() - dt.timedelta(hours=UNDO_HOURS)
    return (
        action is not None
        and action.undo is not None
        and run.status != BulkStatus.RUNNING
        and run.undoes_id is None
        and bool(run.changed_ids)
        and is_young
        and not BulkRun.objects.filter(undoes=run).exists()
    )


def _told(run: BulkRun) -> dict[str, Any]:
    return {"action": run.action, "rows": len(run.item_ids)}


def _context(run_id: UUID) -> str:
    return f"workspace.bulk.params:{run_id}"


def _params(run: BulkRun) -> dict[str, Any]:
    if run.params_sealed is None:
        return {}
    key = open_keys([run.id]).get(run.id)
    if key is None:
        raise NotUndoable()
    found: dict[str, Any] = json.loads(key.open(bytes(run.params_sealed), _context(run.id)))
    return found


def _begin(run: BulkRun, act: Run, params: Mapping[str, Any], actor: Actor) -> BulkRun:
    """Few rows now, and refused whole when they are; many by a job."""
    from mallard.kernel.workspace.jobs import run_bulk  # the job calls this module

    if len(run.item_ids) > AT_ONCE:
        run_bulk.defer(run_id=str(run.id))
        return run
    run.changed_ids = list(act(run.item_ids, params, actor))
    run.done_count = len(run.item_ids)
    _close(run, BulkStatus.DONE)
    return run


def _close(run: BulkRun, status: BulkStatus, failure: str = "") -> None:
    run.status, run.failure, run.finished_at = status.value, failure[:300], now()
    run.save()


def carry_out(run_id: UUID) -> None:
    """Go on with a run, 100 rows in each transaction, as its owner is at that moment. Again does
    nothing. What is refused stops it, and its owner is told how far it came."""
    while (run := BulkRun.objects.filter(pk=run_id, status=BulkStatus.RUNNING).first()) is not None:
        person = person_behind(run.actor_id)
        zone = person.zone if person else None
        with translation.override(person.language if person else None), timezone.override(zone):
            try:
                if person is None:
                    raise OwnerGone()
                _step(run.id, person.actor)
            except DomainError as refusal:
                _stop(run.id, refusal.sentence)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                logger.exception("a bulk action failed", extra={"run_id": str(run_id)})
                _stop(run.id, gettext("Something went wrong on our side. Please try again."))


@atomic_retrying
def _step(run_id: UUID, actor: Actor) -> None:
    run = BulkRun.objects.select_for_update(of=("self",)).select_related("undoes").get(pk=run_id)
    action = action_of(run.action)
    if run.status != BulkStatus.RUNNING or action is None:
        raise BulkRunNotFound()
    actor.require(action.permission)
    act, source = (action.run, run) if run.undoes is None else (action.undo, run.undoes)
    ids = run.item_ids[run.done_count : run.done_count + AT_ONCE]
    if ids and act is not None:
        run.changed_ids = [*run.changed_ids, *act(ids, _params(source), actor)]
        run.done_count += len(ids)
    if run.done_count < len(run.item_ids):
        run.save()
        return
    _close(run, BulkStatus.DONE)
    _tell(run, "workspace.bulk_done", action)


@atomic_retrying
def _stop(run_id: UUID, sentence: str) -> None:
    run = BulkRun.objects.select_for_update().get(pk=run_id)
    if run.status == BulkStatus.RUNNING:
        _close(run, BulkStatus.FAILED, sentence)
        _tell(run, "workspace.bulk_failed", action_of(run.action))


def _tell(run: BulkRun, kind: str, action: BulkAction | None) -> None:
    params: dict[str, str | int] = {
        "action": str(action.label) if action else run.action,
        "changed": len(run.changed_ids),
        "rows": len(run.item_ids),
    }
    url = reverse("workspace:bulk_run", args=[run.id])
    notify([run.actor_id], kind, params=params, url=url)


@atomic_retrying
def remove_old_runs() -> int:
    """Forget what was done a month ago, with the keys of what was typed; how many."""
    before = now() - dt.timedelta(days=KEEP_DAYS)
    old = BulkRun.objects.filter(created_at__lt=before).exclude(status=BulkStatus.RUNNING)
    ids = list(old.values_list("pk", flat=True)[:1_000])
    discard_data_keys(ids, actor=_CLEANER)
    return len(ids) if BulkRun.objects.filter(pk__in=ids).delete()[0] else 0
