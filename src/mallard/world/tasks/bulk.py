"""What can be done with many tasks at once, and with many members: a follow-up each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import each_that_may
from mallard.kernel.ui.lists import bulk
from mallard.world.members.queries import visible_members
from mallard.world.tasks import queries, services
from mallard.world.tasks.forms import DateField, doer_choices, doer_of, end_of_work
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.kinds import FOLLOW_UP
from mallard.world.tasks.models import TaskStatus
from mallard.world.tasks.permissions import ASSIGN_TASK, OPEN_TASK, WORK_ON_TASK
from mallard.world.tasks.rules import MAX_TEXT, MAX_TITLE

Params = Mapping[str, Any]


class DoerForm(forms.Form):
    """Who is to do it."""

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        choices = doer_choices(actor, is_mine=True)
        self.fields["doer"] = forms.ChoiceField(label=_("For"), choices=choices)


class OutcomeForm(forms.Form):
    """What came of all of them."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FollowUpForm(DoerForm):
    """What each member is to be asked, by whom, and until when."""

    title = forms.CharField(label=_("What is to be done"), max_length=MAX_TITLE)
    due_on = DateField(
        label=_("Due on"),
        required=False,
        help_text=_("Empty: as soon as this kind of task should be done."),
    )

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data, actor=actor)
        self.order_fields(["title", "doer", "due_on"])

    def clean_due_on(self) -> str:
        """As text: it waits in a job."""
        day = self.cleaned_data["due_on"]
        return day.isoformat() if day else ""


def _open(ids: Sequence[UUID], actor: Actor) -> list[UUID]:
    rows = queries.visible_tasks(actor).filter(pk__in=ids, status=TaskStatus.OPEN)
    return list(rows.values_list("pk", flat=True))


def take(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    """Take those that nobody has."""
    rows = queries.visible_tasks(actor).filter(
        pk__in=ids, status=TaskStatus.OPEN, assignee__isnull=True
    )
    free = list(rows.values_list("pk", flat=True))
    return each_that_may(free, lambda id_: services.take_task(id_, actor=actor))


def give_back(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    """Undo of `take`: those that one still has go back to whoever holds their role."""
    rows = queries.visible_tasks(actor).filter(
        pk__in=ids, status=TaskStatus.OPEN, assignee=actor.id
    )
    roles = dict(rows.exclude(role="").values_list("pk", "role"))
    return each_that_may(
        list(roles), lambda id_: services.assign_task(id_, role=roles[id_], actor=actor)
    )  # fmt: skip


def assign(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    assignee_id, role = doer_of(params["doer"])
    return services.assign_tasks(_open(ids, actor), assignee_id=assignee_id, role=role, actor=actor)


def finish(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    outcome = params.get("outcome", "")
    return each_that_may(
        _open(ids, actor), lambda id_: services.finish_task(id_, outcome=outcome, actor=actor)
    )


def reopen(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    """Undo of `finish`."""
    return each_that_may(ids, lambda id_: services.reopen_task(id_, actor=actor))


def follow_up(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    """Open a follow-up about each of these members who is open, in one batch."""
    assignee_id, role = doer_of(params["doer"])
    day = parse_date(params.get("due_on") or "")
    members = visible_members(actor).filter(pk__in=ids, status="open", merged_into=None)
    found = list(members.order_by("pk").values_list("pk", flat=True))
    services.open_tasks(
        [
            TaskInput(
                kind=FOLLOW_UP.code,
                title=params["title"],
                subject_kind="member",
                subject_id=id_,
                member_id=id_,
                assignee_id=assignee_id,
                role=role,
                due_at=end_of_work(day) if day else None,
            )
            for id_ in found
        ],
        actor=actor,
    )
    return found


def _doer_form(actor: Actor, data: Any) -> DoerForm:
    return DoerForm(data, actor=actor)


def _follow_up_form(actor: Actor, data: Any) -> FollowUpForm:
    return FollowUpForm(data, actor=actor)


def _outcome_form(_actor: Actor, data: Any) -> OutcomeForm:
    return OutcomeForm(data)


def register() -> None:
    """Offer them on the lists of tasks and of members."""
    for action in (
        bulk.BulkAction(
            "tasks.take", "tasks", _("Take"), "user-check", WORK_ON_TASK, take,
            lambda n: ngettext("Take %(n)s task.", "Take %(n)s tasks.", n) % {"n": n},
            lambda n: ngettext("%(n)s task is yours.", "%(n)s tasks are yours.", n) % {"n": n},
            undo=give_back, order=10,
        ),
        bulk.BulkAction(
            "tasks.finish", "tasks", _("Done"), "checks", WORK_ON_TASK, finish,
            lambda n: ngettext("%(n)s task is done.", "%(n)s tasks are done.", n) % {"n": n},
            lambda n: ngettext("%(n)s task is closed.", "%(n)s tasks are closed.", n) % {"n": n},
            form=_outcome_form, undo=reopen, order=20,
        ),
        bulk.BulkAction(
            "tasks.assign", "tasks", _("Hand on"), "arrow-right", ASSIGN_TASK, assign,
            lambda n: ngettext("Hand on %(n)s task.", "Hand on %(n)s tasks.", n) % {"n": n},
            lambda n: ngettext(
                "%(n)s task is handed on.", "%(n)s tasks are handed on.", n
            ) % {"n": n},
            form=_doer_form, order=30,
        ),
        bulk.BulkAction(
            "tasks.follow_up", "members", _("Follow-up"), "phone", OPEN_TASK, follow_up,
            lambda n: ngettext(
                "Open a follow-up about %(n)s member.",
                "Open a follow-up about each of %(n)s members.", n
            ) % {"n": n},
            lambda n: ngettext(
                "%(n)s follow-up is open.", "%(n)s follow-ups are open.", n
            ) % {"n": n},
            form=_follow_up_form, order=50,
        ),
    ):  # fmt: skip
        bulk.register(action)
