"""What can be done with many rows of a list at once. Apps register from ``AppConfig.ready``::

    bulk.register(
        BulkAction("members.tag", "members", _("Tag"), "tag", TAG_MEMBER, run=tag, …)
    )

Any app above may offer an action for a list below it. Whoever registered `register_runner` asks
once, runs it, at once or as a job, and tells what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise

from mallard.kernel.access.actor import Actor

Text = str | Promise
Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BulkAction:
    """An action of a list. ``run(ids, params, actor)`` gets up to 100 ids at a time, inside a
    transaction, does what it may with those that the actor may see, and answers the ids that it
    changed: the others are told as left as they were. ``question`` asks with the number of rows,
    ``done`` tells how many were changed. ``form(actor, data)`` asks for what is needed besides;
    its cleaned values are the params, plain JSON values. ``undo`` takes back what was changed."""

    key: str
    list_key: str
    label: Text
    icon: str
    permission: str
    run: Callable[[Sequence[UUID], Params, Actor], Sequence[UUID]]
    question: Callable[[int], str]
    done: Callable[[int], str]
    form: Callable[[Actor, Any], forms.Form] | None = None
    undo: Callable[[Sequence[UUID], Params, Actor], Sequence[UUID]] | None = None
    order: int = 100


_actions: dict[str, BulkAction] = {}


def register(action: BulkAction) -> None:
    """Offer an action; registering the same key again replaces it."""
    _actions[action.key] = action


def action_of(key: str) -> BulkAction | None:
    return _actions.get(key)


def actions_for(list_key: str, actor: Actor | None) -> list[BulkAction]:
    """What ``actor`` may do with rows of this list, in order."""
    if actor is None:
        return []
    mine = [
        one for one in _actions.values() if one.list_key == list_key and actor.may(one.permission)
    ]
    return sorted(mine, key=lambda one: one.order)
