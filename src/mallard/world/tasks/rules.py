"""Who may do what with a task, and when it is due. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_TITLE = 160
MAX_TEXT = 2_000
MAX_KEY = 200
MAX_PATH = 300
LATEST_DUE = dt.timedelta(days=730)

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to a task that they can see.

    ``may_assign``: they steer the tasks of the place. ``is_team``: they hold the role that it was
    given to, there.
    """

    may_work: bool = False
    may_assign: bool = False
    is_assignee: bool = False
    is_opener: bool = False
    is_team: bool = False
    is_anybodys: bool = False  # nobody has taken it yet

    @property
    def may_take(self) -> bool:
        return self.may_work and self.is_anybodys and (self.is_team or self.may_assign)

    @property
    def may_hand_on(self) -> bool:
        return self.may_work and (self.may_assign or self.is_assignee)

    @property
    def may_finish(self) -> bool:
        return self.may_work and (
            self.may_assign or self.is_assignee or (self.is_anybodys and self.is_team)
        )

    @property
    def may_cancel(self) -> bool:
        return self.may_work and (self.may_assign or self.is_opener)

    @property
    def may_change_due(self) -> bool:
        return self.may_work and (self.may_assign or self.is_opener or self.is_assignee)

    @property
    def may_reopen(self) -> bool:
        return self.may_change_due or (self.may_work and self.is_team)


def target_of(opened_at: dt.datetime, target_hours: int) -> dt.datetime:
    """When a task should be done."""
    return opened_at + dt.timedelta(hours=target_hours)


def is_due_acceptable(due_at: dt.datetime, opened_at: dt.datetime) -> bool:
    """Not before the task was opened, and not so late that it is never."""
    return opened_at <= due_at <= opened_at + LATEST_DUE


def page_path(address: str) -> str:
    """The path of a page of ours, without its query; empty when it is not one."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    is_ours = path.startswith("/") and not path.startswith("//") and path.isprintable()
    return path[:MAX_PATH] if is_ours and "?" not in path else ""


def request_id(text: str) -> str:
    """``text`` if it can be the id of a request, empty otherwise."""
    return text if _REQUEST_ID.fullmatch(text) else ""
