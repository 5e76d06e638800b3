"""Sending codes in the background: who asks waits equally long, known or not."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.jobs import job


@job(priority=10, retries=2)
def send_code(code_id: str) -> None:
    """Make and send the code that somebody asked for, if they are a member."""
    from mallard.world.memberweb.services.codes import send_code as send

    send(UUID(code_id))
