"""What health announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mallard.kernel.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckChanged(Event):
    """A check has another status than before. Listen to open an alert or a task, and to close it.

    ``subject_id`` is the check's own id, the same each time.
    """

    name: ClassVar[str] = "health.check_changed"
    code: str
    status: str
    previous: str
