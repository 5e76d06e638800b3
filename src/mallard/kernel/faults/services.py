"""Marking errors as resolved."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import NotFound
from mallard.kernel.faults.models import Fault
from mallard.kernel.faults.permissions import RESOLVE_FAULT


@atomic_retrying
def resolve_fault(fault_id: UUID, *, actor: Actor) -> None:
    """It should not come again; if it does, it is open again. Raises `NotFound`."""
    actor.require(RESOLVE_FAULT)
    rows = Fault.objects.filter(pk=fault_id)
    if rows.filter(resolved_at=None).update(resolved_at=now(), resolved_by=actor.id):
        record(actor, "faults.fault_resolved", "fault", fault_id)
    elif not rows.exists():
        raise NotFound()
