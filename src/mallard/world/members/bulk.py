"""What can be done with many members of the list at once: tag and untag."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.lists import bulk
from mallard.world.members.permissions import TAG_MEMBER
from mallard.world.members.queries import visible_members
from mallard.world.members.services import tag_members, untag_members
from mallard.world.members.tagging import usable_tags


class TagChoiceForm(forms.Form):
    """Which tag."""

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        choices = [(tag.code, tag.name) for tag in usable_tags(actor)]
        self.fields["tag"] = forms.ChoiceField(label=_("Tag"), choices=choices)


Change = Callable[..., list[UUID]]


def _each_visible(
    change: Change,
) -> Callable[[Sequence[UUID], Mapping[str, Any], Actor], list[UUID]]:
    """``change`` for those whom the actor may know of at that moment."""

    def run(ids: Collection[UUID], params: Mapping[str, Any], actor: Actor) -> list[UUID]:
        visible = visible_members(actor).filter(pk__in=ids).values_list("pk", flat=True)
        return change(list(visible), params["tag"], actor=actor)

    return run


def _tag_form(actor: Actor, data: Any) -> TagChoiceForm:
    return TagChoiceForm(data, actor=actor)


def _action(
    key: str,
    label: str | Promise,
    icon: str,
    changes: tuple[Change, Change],
    question: Callable[[int], str],
    done: Callable[[int], str],
    order: int,
) -> bulk.BulkAction:
    run, undo = (_each_visible(change) for change in changes)
    return bulk.BulkAction(
        key, "members", label, icon, TAG_MEMBER, run=run, question=question, done=done,
        form=_tag_form, undo=undo, order=order,
    )  # fmt: skip


def register() -> None:
    """Offer both on the list of members."""
    bulk.register(
        _action(
            "members.tag",
            _("Tag"),
            "tag",
            (tag_members, untag_members),
            lambda n: ngettext(
                "Put a tag on %(n)s member.", "Put a tag on %(n)s members.", n
            ) % {"n": n},
            lambda n: ngettext("%(n)s member is tagged.", "%(n)s members are tagged.", n)
            % {"n": n},
            order=10,
        )
    )  # fmt: skip
    bulk.register(
        _action(
            "members.untag",
            _("Untag"),
            "tags",
            (untag_members, tag_members),
            lambda n: ngettext(
                "Take a tag off %(n)s member.", "Take a tag off %(n)s members.", n
            ) % {"n": n},
            lambda n: ngettext(
                "%(n)s member is untagged.", "%(n)s members are untagged.", n
            ) % {"n": n},
            order=20,
        )
    )  # fmt: skip
