"""What webhooks announce about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mallard.kernel.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookStopped(Event):
    """Nothing is sent to ``subject_id`` any more; ``reason`` is person, failures or gone."""

    name: ClassVar[str] = "webhooks.webhook_stopped"
    reason: str
