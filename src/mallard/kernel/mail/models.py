"""Outgoing mail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailStatus(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class Mail(models.Model):
    """One mail to one person, written with the change that causes it and sent afterwards.

    ``content`` is JSON (to, subject, text, html); a mail to a member is sealed under that
    member's data key (``personal_of``) and becomes unreadable with it. ``leased_until`` keeps two
    workers from sending the same mail; a worker that dies loses the lease and another takes over.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=100)
    personal_of = models.UUIDField(null=True)
    content = models.BinaryField(null=True)
    status = models.CharField(
        max_length=8, choices=MailStatus.choices, default=MailStatus.QUEUED.value
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "mail_mail"
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="mail_waiting",
                condition=models.Q(status="queued"),
            ),
        ]
