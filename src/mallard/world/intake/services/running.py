"""Rows are tried, and taken in: some thousand at a time, each batch with its count in one
transaction. What was killed goes on at the row where it stood."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from django.db import InterfaceError, OperationalError
from psycopg.types.json import Jsonb

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.collecting import seldom_collecting
from mallard.kernel.database.bulk import copy_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Conflict, DomainError
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.world.intake.changes import RowChanges, sealed_changes
from mallard.world.intake.files import read_rows
from mallard.world.intake.interpreting import Problem, Said, interpret
from mallard.world.intake.models import ImportRow, ImportStatus, MemberImport, RowAction
from mallard.world.intake.planning import Places, Plan, Seen, counts_of, plan_rows
from mallard.world.intake.services.steps import begin, owner_of, stop, tell
from mallard.world.members.errors import IdentityTaken, MemberTooYoung
from mallard.world.members.profile import refuse_child
from mallard.world.members.services import change_members, enrol_members, merge_members

logger = logging.getLogger(__name__)
BATCH_ROWS = 2_000
_ATTEMPTS = 3


@atomic_retrying
def start_check(import_id: UUID, *, actor: Actor) -> None:
    """Let a job try every row without changing anything."""
    from mallard.world.intake.jobs import check_import  # the job calls this module

    begin_check(import_id, actor=actor)
    check_import.defer(import_id=str(import_id))


@atomic_retrying
def begin_check(import_id: UUID, *, actor: Actor) -> None:
    """The same for commands, which try the rows themselves."""
    begin(import_id, ImportStatus.CHECKING, after=[ImportStatus.MATCHING]).save()
    record(actor, "intake.check_started", "import", import_id)


@atomic_retrying
def start_run(import_id: UUID, *, actor: Actor) -> None:
    """Let a job take the rows in that can be."""
    from mallard.world.intake.jobs import run_import  # the job calls this module

    begin_run(import_id, actor=actor)
    run_import.defer(import_id=str(import_id))


@atomic_retrying
def begin_run(import_id: UUID, *, actor: Actor) -> None:
    """The same for commands, which take the rows in themselves."""
    found = begin(import_id, ImportStatus.RUNNING, after=[ImportStatus.CHECKED])
    found.started_at, found.counts = now(), {}
    found.save()
    found.rows.all().delete()
    record(actor, "intake.run_started", "import", found.pk)


def check_rows(import_id: UUID) -> None:
    """Try the rows and keep what each would do. Again goes on where it stood."""
    _work(import_id, ImportStatus.CHECKING, _check_batch)
    _finish(import_id, ImportStatus.CHECKING, ImportStatus.CHECKED, "intake.import_checked")


def take_rows_in(import_id: UUID) -> None:
    """Enrol and change members row by row. Again goes on where it stood."""
    _work(import_id, ImportStatus.RUNNING, _run_batch)
    _finish(import_id, ImportStatus.RUNNING, ImportStatus.DONE, "intake.import_done")


_Batch = Callable[[UUID, Sequence[Said], Places, Seen, Actor], bool]


@seldom_collecting()
def _work(import_id: UUID, step: ImportStatus, deal_with: _Batch) -> None:
    found = MemberImport.objects.filter(pk=import_id, status=step).first()
    if found is None:
        return
    try:
        actor = owner_of(found)
        places, seen = Places(found, actor), Seen()
        rows = _said(found, now().astimezone(places.zone).date())
        _pass_over(found, rows, seen)
        while batch := list(islice(rows, BATCH_ROWS)):
            if not deal_with(import_id, batch, places, seen, actor):
                return
            seen.keep()
    except DomainError as refusal:
        stop(import_id, refusal)
    except (OperationalError, InterfaceError):
        raise  # the job tries again
    except Exception:
        logger.exception("an import failed", extra={"import_id": str(import_id)})
        stop(import_id, Conflict())


def _said(found: MemberImport, today: dt.date) -> Iterator[Said]:
    for row in read_rows(found):
        said = interpret(row.number, row.cells, found.mapping, today=today)
        try:
            refuse_child("birth_date", said.profile.get("birth_date", ""), today=today)
        except MemberTooYoung as young:
            said.problems.append(Problem("too_young", "profile.birth_date", young.params))
        yield said


def _pass_over(found: MemberImport, rows: Iterator[Said], seen: Seen) -> None:
    """Skip what was dealt with before this worker took over, remembering whom it named."""
    if not found.rows_done:
        return
    taken = dict(found.rows.exclude(action=RowAction.REFUSED).values_list("number", "member_id"))
    for said in islice(rows, found.rows_done):
        if said.number in taken:
            seen.add(said, taken[said.number])
    seen.keep()


@atomic_retrying
def _check_batch(
    import_id: UUID, rows: Sequence[Said], places: Places, seen: Seen, actor: Actor
) -> bool:
    found = _still(import_id, ImportStatus.CHECKING)
    if found is None:
        return False
    plans = plan_rows(rows, places=places, seen=seen)
    _keep(found, plans, is_done=False)
    return True


def _run_batch(
    import_id: UUID, rows: Sequence[Said], places: Places, seen: Seen, actor: Actor
) -> bool:
    """One batch, planned again when somebody took one of its identities in between."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _take_in(import_id, rows, places, seen, actor)
        except IdentityTaken:
            if attempt == _ATTEMPTS:
                raise
    return False


@atomic_retrying
def _take_in(
    import_id: UUID, rows: Sequence[Said], places: Places, seen: Seen, actor: Actor
) -> bool:
    found = _still(import_id, ImportStatus.RUNNING)
    if found is None:
        return False
    plans = plan_rows(rows, places=places, seen=seen)
    new = [plan for plan in plans if plan.enrolment is not None]
    enrolments = [plan.enrolment for plan in new if plan.enrolment is not None]
    for plan, enrolled in zip(new, enrol_members(enrolments, actor=actor), strict=True):
        plan.member_id = enrolled.id
    for plan in plans:
        for merged_id in plan.merged_ids:
            if plan.member_id is not None:
                merge_members(plan.member_id, merged_id=merged_id, actor=actor)
    changes = [plan.change for plan in plans if plan.change is not None]
    done = change_members(changes, actor=actor, origin=Origin.IMPORT)
    for plan in plans:
        if plan.change is not None:
            plan.identity_ids = done[plan.change.member_id].identity_ids
    _keep(found, plans, is_done=True)
    return True


def _still(import_id: UUID, step: ImportStatus) -> MemberImport | None:
    """The import, locked, if it is still at this step: its owner may have stopped it."""
    found = MemberImport.objects.select_for_update().filter(pk=import_id).first()
    return found if found is not None and found.status == step else None


def _keep(found: MemberImport, plans: Sequence[Plan], *, is_done: bool) -> None:
    at = now()
    copy_rows(
        ImportRow._meta.db_table,
        (
            "id", "member_import_id", "number", "action", "is_done", "is_undone", "member_id",
            "problems", "changes_sealed", "done_at",
        ),
        [_row(found, plan, is_done=is_done, at=at) for plan in plans],
    )  # fmt: skip
    found.rows_done += len(plans)
    for action, count in counts_of(plans).items():
        found.counts[action] = found.counts.get(action, 0) + count
    found.save(update_fields=["rows_done", "counts"])


def _row(found: MemberImport, plan: Plan, *, is_done: bool, at: dt.datetime) -> tuple[object, ...]:
    id_ = uuid7()
    changes = None
    if plan.changes and plan.key is not None:
        done = RowChanges(plan.changes, plan.identity_ids, plan.merged_ids)
        changes = sealed_changes(id_, done, plan.key)
    problems = [problem.as_json() for problem in plan.problems]
    return (
        id_, found.pk, plan.said.number, plan.action.value, is_done, False, plan.member_id,
        Jsonb(problems) if problems else None, changes, at,
    )  # fmt: skip


@atomic_retrying
def _finish(import_id: UUID, step: ImportStatus, end: ImportStatus, kind: str) -> None:
    found = _still(import_id, step)
    if found is None:
        return
    if found.rows_done < found.rows_total:
        return  # another worker has it
    found.status, found.finished_at = end.value, now()
    found.save(update_fields=["status", "finished_at"])
    record(owner_of(found), f"intake.{end.value}", "import", found.pk, after=found.counts)
    tell(found, kind)
