"""What phones announce. Ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from mallard.kernel.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneChanged(Event):
    """A member has another phone. The subject is the change; ``proof`` says how it was proved."""

    name: ClassVar[str] = "phones.phone_changed"
    member_id: UUID
    proof: str
