"""The kinds of task there are. An app declares its own at start-up; the usual five are here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Message:
    """What a machine asks, with named placeholders (`wording` fills them)."""

    title: Text
    detail: Text = ""


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A kind of task.

    ``target_hours`` is how soon it should be done; ``default_role`` does it when nobody is named.
    ``is_written_by_hand``: people may choose it when they write a task themselves.
    ``place_of_work``: the page on which a task of this kind is settled, by its id; nobody finishes
    one by hand then. ``tells_opener``: whoever opened it gets a mail when it is done.
    """

    code: str
    name: Text
    icon: str
    target_hours: int
    default_role: str
    messages: Mapping[str, Message] = field(default_factory=dict)
    is_written_by_hand: bool = False
    tells_opener: bool = False
    place_of_work: Callable[[UUID], str] | None = None


FOLLOW_UP = TaskKind(
    "follow_up", _("Follow-up"), "user-check", 48, "sales_assistant", is_written_by_hand=True
)
APPROVAL = TaskKind("approval", _("Approval"), "checks", 72, "crm_manager", is_written_by_hand=True)
CORRECTION = TaskKind("correction", _("Correction"), "edit", 72, "crm_manager")
ALERT = TaskKind("alert", _("Alert"), "alert-triangle", 24, "crm_manager")
PROBLEM = TaskKind(
    "problem",
    _("Problem report"),
    "flag",
    72,
    "administrator",
    {"reported": Message(_("Problem on the page %(page)s"))},
    tells_opener=True,
)
OTHER = TaskKind("other", _("To do"), "check", 120, "crm_manager", is_written_by_hand=True)

_kinds: dict[str, TaskKind] = {}


def register_kind(kind: TaskKind) -> None:
    """Make a kind known; registering the same code again replaces it."""
    _kinds[kind.code] = kind


def task_kinds() -> list[TaskKind]:
    """Every kind, in the order in which they were registered."""
    return list(_kinds.values())


def kind_of(code: str) -> TaskKind | None:
    return _kinds.get(code)


def register() -> None:
    """The usual kinds."""
    for kind in (FOLLOW_UP, APPROVAL, CORRECTION, ALERT, PROBLEM, OTHER):
        register_kind(kind)
