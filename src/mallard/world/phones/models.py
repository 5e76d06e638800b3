"""Changes of phone: asked for at the desk, proved, done."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.ids import uuid7

MAX_FAILURES = 5


class Proof(models.TextChoices):
    """How the person at the desk proves that they are the member."""

    EMAIL = "email", _("A code to the member's verified e-mail")
    DOCUMENT = "document", _("A document seen at the desk, and a second person")


class Document(models.TextChoices):
    """What was seen. Its number is nobody's business and is not kept."""

    IDENTITY_CARD = "identity", _("Identity card")
    PASSPORT = "passport", _("Passport")
    LICENCE = "licence", _("Driving licence")
    OTHER = "other", _("Another document with a photo")


class State(models.TextChoices):
    """``PROVING`` waits for the code, ``WAITING`` for the second person; ``ENDED``: not proved."""

    PROVING = "proving", pgettext_lazy("phone change", "Waiting for the code")
    WAITING = "waiting", _("Waiting for a second person")
    DONE = "done", pgettext_lazy("phone change", "Changed")
    DECLINED = "declined", pgettext_lazy("phone change", "Declined")
    ENDED = "ended", pgettext_lazy("phone change", "Not proved")


OPEN = (State.PROVING, State.WAITING)


class PhoneChange(models.Model):
    """Another phone for a member: the new one sealed under their data key, the old one by its id.

    ``code_hash`` is keyed, as those of the member page are; nothing here tells a number.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=100, unique=True)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="phone_changes")
    old_identity = models.ForeignKey(
        "members.Identity", models.PROTECT, null=True, related_name="+"
    )
    new_identity = models.ForeignKey(
        "members.Identity", models.PROTECT, null=True, related_name="+"
    )
    phone_sealed = models.BinaryField()
    proof = models.CharField(max_length=8, choices=Proof)
    document = models.CharField(max_length=8, choices=Document, blank=True, default="")
    state = models.CharField(max_length=8, choices=State)
    code_hash = models.BinaryField(max_length=32, null=True)
    code_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by_id = models.UUIDField(null=True)
    asked_by_label = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    decided_by_label = models.CharField(max_length=200, blank=True, default="")
    answer_sealed = models.BinaryField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-asked_at"], name="phones_change_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state__in=[one.value for one in OPEN]),
                name="phones_one_open_change",
            ),
            models.CheckConstraint(
                condition=Q(failures__lte=MAX_FAILURES), name="phones_tries_are_counted"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DONE)
                | Q(done_at__isnull=False, new_identity__isnull=False),
                name="phones_done_has_its_phone",
            ),
            models.CheckConstraint(
                condition=~Q(proof=Proof.DOCUMENT)
                | ~Q(state__in=[State.DONE, State.DECLINED])
                | (Q(decided_at__isnull=False) & ~Q(decided_by_id=F("asked_by_id"))),
                name="phones_document_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"phone change {self.id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
