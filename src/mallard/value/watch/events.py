"""What the fraud watch announces. Ids and figures only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mallard.kernel.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised(Event):
    """The subject is the alert."""

    name: ClassVar[str] = "watch.alert_raised"
    pattern: str
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDecided(Event):
    name: ClassVar[str] = "watch.alert_decided"
    pattern: str
    verdict: str
