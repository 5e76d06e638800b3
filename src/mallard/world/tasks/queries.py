"""Reads of tasks. Who sees which is decided here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from mallard.kernel.access.actor import Actor, ActorKind, Scope
from mallard.kernel.clock import now
from mallard.kernel.provenance import Origin
from mallard.world.malls.queries import stores_in
from mallard.world.members.queries import visible_members
from mallard.world.staff.queries import roles_held
from mallard.world.tasks.kinds import FOLLOW_UP, PROBLEM
from mallard.world.tasks.models import Task, TaskStatus
from mallard.world.tasks.permissions import ASSIGN_TASK, VIEW_EVERY_TASK, WORK_ON_TASK
from mallard.world.tasks.rules import Standing

FOLLOW_UP_WINDOW = dt.timedelta(days=7)
ANSWER_SHOWN = dt.timedelta(days=7)
_NONE = Q(pk__in=[])
_ALL = Q(pk__isnull=False)  # an empty Q would vanish in an "or"


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """The tasks that ``actor`` may know of.

    One's own (assigned to or opened by oneself), those given to a role that one holds at their
    place, and with a permission all of one's places. A task about a member is shown to others than
    its own people only if they may know of the member.
    """
    if actor.everything:
        return Task.objects.all()
    others = team_condition(actor)
    if actor.may(VIEW_EVERY_TASK):
        others |= within(actor.scope)
    if not actor.scope.is_group:
        others &= Q(member=None) | Q(member__in=visible_members(actor).values("pk"))
    return Task.objects.filter(own_condition(actor) | others)


def own_condition(actor: Actor) -> Q:
    """Assigned to the actor, or opened by them."""
    return assigned_condition(actor) | asked_condition(actor)


def assigned_condition(actor: Actor) -> Q:
    return Q(assignee=actor.id) if actor.kind is ActorKind.STAFF else _NONE


def asked_condition(actor: Actor) -> Q:
    return Q(opened_by=actor.id) if actor.kind is ActorKind.STAFF else _NONE


def team_condition(actor: Actor) -> Q:
    """Given to a role that the actor holds where the task belongs."""
    condition = _NONE
    if actor.kind is ActorKind.STAFF and actor.id is not None:
        for role, scope in roles_held(actor):
            condition |= Q(role=role) & within(scope)
    return condition


def within(scope: Scope) -> Q:
    """Tasks of the places in ``scope``. What belongs to no place is the whole group's."""
    if scope.is_group:
        return _ALL
    condition = Q(mall__in=scope.mall_ids)
    if scope.tenant_ids or scope.store_ids:
        theirs = Scope(tenant_ids=scope.tenant_ids, store_ids=scope.store_ids)
        condition |= Q(store__in=stores_in(theirs).values("pk"))
    return condition


def open_tasks_for(actor: Actor) -> QuerySet[Task]:
    """What the actor has to do: assigned to them, or waiting for somebody of their role."""
    waiting = team_condition(actor) & Q(assignee=None)
    rows = visible_tasks(actor).filter(status=TaskStatus.OPEN)
    return rows.filter(assigned_condition(actor) | waiting)


def assigned_tasks(actor: Actor) -> QuerySet[Task]:
    """The actor's open tasks, which the menu counts."""
    return Task.objects.filter(assigned_condition(actor), status=TaskStatus.OPEN)


def tasks_about(subject_kind: str, subject_id: UUID, actor: Actor) -> QuerySet[Task]:
    """The visible tasks about one row, the open ones first."""
    rows = visible_tasks(actor).filter(subject_kind=subject_kind, subject_id=subject_id)
    return rows.order_by(F("closed_at").desc(nulls_first=True), "due_at", "id")


def matching(tasks: QuerySet[Task], text: str) -> QuerySet[Task]:
    """Tasks whose words, store or people contain ``text``; sealed words cannot be searched."""
    condition = Q(title__icontains=text) | Q(detail__icontains=text)
    for name in ("store__name_en", "store__name_zh", "assignee__name", "opened_by__name"):
        condition |= Q(**{f"{name}__icontains": text})
    return tasks.filter(condition)


def standing_of(task: Task, actor: Actor) -> Standing:
    """How the actor stands to a task that they can see."""
    if actor.everything:
        return Standing(may_work=True, may_assign=True, is_anybodys=task.assignee_id is None)
    is_staff = actor.kind is ActorKind.STAFF
    return Standing(
        may_work=actor.may(WORK_ON_TASK),
        may_assign=actor.may(ASSIGN_TASK)
        and Task.objects.filter(within(actor.scope), pk=task.pk).exists(),
        is_assignee=is_staff and task.assignee_id == actor.id,
        is_opener=is_staff and task.opened_by_id == actor.id,
        is_team=Task.objects.filter(team_condition(actor), pk=task.pk).exists(),
        is_anybodys=task.assignee_id is None,
    )


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Tasks whose target time fell into the window, how many of them were done by it, and how many
    a generator made."""

    due: int
    in_time: int
    generated: int = 0


def follow_up(scope: Scope, *, as_of: dt.datetime) -> FollowUp:
    """The follow-up rate (跟进率): follow-ups done within 48 hours ÷ due, of the 7 days before
    ``as_of``. Cancelled ones were not due."""
    rows = Task.objects.filter(
        within(scope),
        kind=FOLLOW_UP.code,
        target_at__gt=as_of - FOLLOW_UP_WINDOW,
        target_at__lte=as_of,
    ).exclude(status=TaskStatus.CANCELLED)
    in_time = Q(status=TaskStatus.DONE, closed_at__lte=F("target_at"))
    made = Q(origin=Origin.GENERATED.value)
    found = rows.aggregate(
        due=Count("pk"),
        in_time=Count("pk", filter=in_time),
        generated=Count("pk", filter=made),
    )
    return FollowUp(found["due"], found["in_time"], found["generated"])


def follow_up_by_assignee(
    staff_ids: Collection[UUID], *, as_of: dt.datetime
) -> dict[UUID, FollowUp]:
    """`follow_up` of single people."""
    in_time = Q(status=TaskStatus.DONE, closed_at__lte=F("target_at"))
    rows = (
        Task.objects.filter(
            assignee__in=staff_ids,
            kind=FOLLOW_UP.code,
            target_at__gt=as_of - FOLLOW_UP_WINDOW,
            target_at__lte=as_of,
        )
        .exclude(status=TaskStatus.CANCELLED)
        .values_list("assignee")
        .annotate(due=Count("pk"), in_time=Count("pk", filter=in_time))
    )
    return {id_: FollowUp(due, done) for id_, due, done in rows if id_ is not None}


@dataclass(frozen=True, slots=True)
class ToDoCounts:
    """What waits for somebody: their own, their role's, and of both how many are overdue."""

    own: int
    waiting: int
    overdue: int


def to_do_counts(actor: Actor) -> ToDoCounts:
    """The counts behind `open_tasks_for`."""
    found = open_tasks_for(actor).aggregate(
        own=Count("pk", filter=assigned_condition(actor)),
        waiting=Count("pk", filter=Q(assignee=None)),
        overdue=Count("pk", filter=Q(due_at__lt=now())),
    )
    return ToDoCounts(**found)


def answered_lately(actor: Actor) -> QuerySet[Task]:
    """Problems that the actor reported and somebody answered in the last 7 days."""
    return Task.objects.filter(
        asked_condition(actor),
        kind=PROBLEM.code,
        status=TaskStatus.DONE,
        closed_at__gt=now() - ANSWER_SHOWN,
    ).order_by("-closed_at", "id")
