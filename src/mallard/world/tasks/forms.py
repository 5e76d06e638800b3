"""Forms of the tasks' pages."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.bilingual import name_order
from mallard.world.malls.queries import malls_in, stores_in
from mallard.world.staff.queries import visible_staff
from mallard.world.staff.roles import ROLES
from mallard.world.tasks.kinds import task_kinds
from mallard.world.tasks.models import Priority
from mallard.world.tasks.rules import MAX_TEXT, MAX_TITLE

END_OF_DAY = dt.time(18)
MAX_COLLEAGUES = 500


def doer_choices(actor: Actor, *, is_mine: bool) -> list[Any]:
    """Oneself, roles, and the colleagues whom the actor may know of."""
    me = actor.id
    people = visible_staff(actor).filter(is_active=True)
    roles = [(f"role:{role.code}", str(role.name)) for role in ROLES.values()]
    colleagues = [
        (f"staff:{id_}", name)
        for id_, name in people.values_list("id", "name")[:MAX_COLLEAGUES]
        if id_ != me
    ]
    own = [(f"staff:{me}", str(_("Me")))] if is_mine else []
    return [*own, (str(_("Whoever is")), roles), (str(_("Colleagues")), colleagues)]


def doer_of(choice: str) -> tuple[UUID | None, str]:
    """Assignee and role behind a choice."""
    kind, _colon, value = choice.partition(":")
    return (UUID(value), "") if kind == "staff" else (None, value)


def end_of_work(day: dt.date) -> dt.datetime:
    """What is due on a day is due when work ends, in the reader's zone."""
    return dt.datetime.combine(day, END_OF_DAY, tzinfo=timezone.get_current_timezone())


class DateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NewTaskForm(forms.Form):
    """A task that a person writes."""

    title = forms.CharField(label=_("What is to be done"), max_length=MAX_TITLE)
    detail = forms.CharField(
        label=_("More about it"),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    due_on = DateField(
        label=_("Due on"),
        required=False,
        help_text=_("Empty: as soon as this kind of task should be done."),
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )

    def __init__(self, *args: Any, actor: Actor, has_place: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(one.code, one.name) for one in task_kinds() if one.is_written_by_hand]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=kinds)
        self.fields["doer"] = forms.ChoiceField(
            label=_("For"), choices=doer_choices(actor, is_mine=True)
        )
        if not has_place:
            self.fields["place"] = forms.ChoiceField(
                label=_("Place"),
                choices=_places(actor),
                required=not actor.scope.is_group,
                help_text=_("A role means whoever holds it there."),
            )
        self.order_fields(["title", "detail", "kind", "doer", "place", "due_on", "priority"])


def _places(actor: Actor) -> list[tuple[str, str]]:
    scope = actor.scope
    malls = [mall for mall in malls_in(scope) if scope.is_group or mall.id in scope.mall_ids]
    stores = stores_in(scope).order_by(*name_order())
    choices = [(f"mall:{mall.id}", mall.name) for mall in malls]
    choices += [(f"store:{store.id}", store.name) for store in stores]
    if scope.is_group:
        choices.insert(0, ("", str(_("the whole group"))))
    return choices


class AssignForm(forms.Form):
    """Hand a task on."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["doer"] = forms.ChoiceField(
            label=_("For"), choices=doer_choices(actor, is_mine=False)
        )


class CommentForm(forms.Form):
    body = forms.CharField(
        label=_("Comment"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=MAX_TEXT, required=False)


class DueForm(forms.Form):
    due_at = DateField(label=_("Due on"))


class ProblemForm(forms.Form):
    """What is wrong with a page."""

    page = forms.CharField(
        label=_("Page"), max_length=300, help_text=_("Only the address is kept, no search words.")
    )
    words = forms.CharField(
        label=_("What is wrong"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you did, what happened, what you expected. No names of members, please."),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
