"""Sending in the background."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.jobs import job, periodic
from mallard.kernel.mail import sending


@job
def send_mail(mail_id: str) -> None:
    """Send one mail; what fails is tried again by `send_due_mail`."""
    sending.send_due(UUID(mail_id))


@periodic("* * * * *")
def send_due_mail() -> None:
    """Try again what failed, and what a killed worker left behind."""
    for mail_id in sending.due_mail_ids():
        sending.send_due(mail_id)
