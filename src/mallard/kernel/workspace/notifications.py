"""The kinds of notifications. An app registers its own from ``AppConfig.ready``:

    notifications.register(Kind("tasks.assigned", _("“%(task)s” is yours now."), icon="checks"))

and tells somebody inside the transaction of the change:

    notify([person_id], "tasks.assigned", params={"task": task.title}, url=task_url)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from mallard.kernel.ui.marks import Tone

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notification: ``message`` names the parameters that `notify` is given."""

    code: str
    message: Text
    icon: str = "bell"
    tone: Tone = "neutral"

    def sentence(self, params: Mapping[str, Any]) -> str:
        """The message for a reader."""
        return str(self.message) % params


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; registering the same code again replaces it."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind | None:
    """The kind with this code; None when its app is gone."""
    return _kinds.get(code)
