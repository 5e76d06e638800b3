"""What the members list offers: put the chosen members on a list, or take them off one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.lists import bulk
from mallard.world.lists.models import ChangeSource
from mallard.world.lists.permissions import EDIT_LIST
from mallard.world.lists.queries import fillable_lists
from mallard.world.lists.services import add_members, remove_members

Change = Callable[..., list[UUID]]


class ListChoiceForm(forms.Form):
    """Which list."""

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        choices = [(str(one.pk), one.name) for one in fillable_lists(actor)]
        self.fields["list"] = forms.ChoiceField(
            label=_("List"),
            choices=choices,
            help_text="" if choices else _("Make a list first, under Members › Lists."),
        )


def _form(actor: Actor, data: Any) -> ListChoiceForm:
    return ListChoiceForm(data, actor=actor)


def _by(change: Change) -> Callable[[Sequence[UUID], Mapping[str, Any], Actor], list[UUID]]:
    def run(ids: Sequence[UUID], params: Mapping[str, Any], actor: Actor) -> list[UUID]:
        return change(UUID(params["list"]), ids, source=ChangeSource.SELECTION, actor=actor)

    return run


def _action(
    key: str,
    label: str | Promise,
    icon: str,
    changes: tuple[Change, Change],
    question: Callable[[int], str],
    done: Callable[[int], str],
    order: int,
) -> bulk.BulkAction:
    run, undo = (_by(change) for change in changes)
    return bulk.BulkAction(
        key, "members", label, icon, EDIT_LIST, run=run, question=question, done=done,
        form=_form, undo=undo, order=order,
    )  # fmt: skip


def register() -> None:
    """Offer both on the list of members."""
    bulk.register(
        _action(
            "lists.add",
            _("Put on a list"),
            "list",
            (add_members, remove_members),
            lambda n: ngettext(
                "Put %(n)s member on a list.", "Put %(n)s members on a list.", n
            ) % {"n": n},
            lambda n: ngettext(
                "%(n)s member is on the list now.", "%(n)s members are on the list now.", n
            ) % {"n": n},
            order=30,
        )
    )  # fmt: skip
    bulk.register(
        _action(
            "lists.remove",
            _("Take off a list"),
            "x",
            (remove_members, add_members),
            lambda n: ngettext(
                "Take %(n)s member off a list.", "Take %(n)s members off a list.", n
            ) % {"n": n},
            lambda n: ngettext(
                "%(n)s member is off the list now.", "%(n)s members are off the list now.", n
            ) % {"n": n},
            order=40,
        )
    )  # fmt: skip
